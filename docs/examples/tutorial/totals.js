import { ask } from './ask.js';
import { money, row, showTrouble } from './show.js';

const query = `query Totals {
  balanceTotals(convertTo: "SGD") {
    byCurrency { currency available { amount currency } availableOfRead { amount currency } }
    converted { available { amount currency } unconverted { amount currency } }
    sources { provider ledger state }
  }
}`;

export async function showTotals() {
  const { data, errors } = await ask(query);
  const totals = data?.balanceTotals;
  showTrouble('totals-trouble', errors, totals?.sources);
  if (!totals) return; // keep what is on the screen
  const { byCurrency, converted } = totals;
  document
    .getElementById('totals')
    .replaceChildren(
      ...byCurrency.map(({ currency, available, availableOfRead }) =>
        available === null
          ? row(currency, `not known; ${money(availableOfRead)} was read`)
          : row(currency, money(available)),
      ),
      row('All of it, at published rates', money(converted?.available ?? null)),
      ...(converted?.unconverted ?? []).map((rest) => row('Without a rate', money(rest))),
    );
}

await showTotals();
