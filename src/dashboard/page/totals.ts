import { useMemo } from 'preact/hooks';
import { groupDigits, moneyText, notReported } from './amounts.ts';
import { currenciesWith } from './currencies.ts';
import { html } from './html.ts';
import { Panel, ReadNote, StateNote } from './states.ts';
import { exactInstantText } from './times.ts';
import { type ConversionLine, type ConvertedTotal, type CurrencyTotal, totalsQuery } from './totals-query.ts';
import { liveIntervalMinSeconds, useLive } from './use-live.ts';
import { useNow } from './use-now.ts';
import { useQuery } from './use-query.ts';
import type { ChangeView, View } from './view.ts';

/** Shows available amounts by currency and in one currency, with the rate of each line. */
export function TotalsPanel({ view, change }: { readonly view: View; readonly change: ChangeView }) {
  const { account, convertTo } = view;
  const variables = useMemo(
    () => ({ filter: account === null ? null : { accountIds: [account] }, convertTo }),
    [account, convertTo],
  );
  const lookSeconds = useLive(account, () => state.refresh());
  const state = useQuery(totalsQuery, variables, lookSeconds === null ? undefined : liveIntervalMinSeconds);
  const now = useNow();
  const totals = state.answer?.data.balanceTotals ?? null;
  return html`<${Panel}
    id="totals"
    title="Totals"
    query=${totalsQuery.text}
    variables=${variables}
    aside=${html`<label class="inline">
        In
        <select
          value=${convertTo}
          onChange=${(event: Event) => change({ convertTo: (event.target as HTMLSelectElement).value })}
        >
          ${currenciesWith(convertTo).map((currency) => html`<option key=${currency} value=${currency}>${currency}</option>`)}
        </select>
      </label>
      ${totals !== null && html`<${ReadNote} asOf=${totals.asOf} now=${now} lookSeconds=${lookSeconds} />`}`}
  >
    <${StateNote} state=${state} loading="Waiting for the providers\u2019 balances \u2026" sources=${totals?.sources} whole="exchange rates" />
    ${
      totals !== null &&
      html`${totals.converted !== null && html`<${Headline} converted=${totals.converted} />`}
        <${LinesTable} totals=${totals.byCurrency} converted=${totals.converted} />`
    }
  <//>`;
}

function Headline({ converted }: { readonly converted: ConvertedTotal }) {
  const { available, availableOfLines, unconverted, ratesUpdatedAt, currency } = converted;
  return html`<p class="headline">
      <span class="digits">${moneyText(available ?? availableOfLines)}</span>
      <small>${available === null ? 'of what could be read and converted' : 'available in all'}</small>
    </p>
    ${
      unconverted.length > 0 &&
      html`<p class="note missing">
        Not included, because there is no rate to ${currency}: ${unconverted.map(moneyText).join(', ')}.
      </p>`
    }
    <p class="hint">
      A valuation halfway between the provider\u2019s buy and sell prices, not an offer.
      ${ratesUpdatedAt !== null && ` Rates of ${exactInstantText(ratesUpdatedAt)}.`}
    </p>`;
}

function LinesTable(props: {
  readonly totals: readonly CurrencyTotal[];
  readonly converted: ConvertedTotal | null;
}) {
  const { totals, converted } = props;
  const lines = new Map((converted?.lines ?? []).map((line) => [line.from.currency, line]));
  return html`<div class="table-scroll limited" role="region" aria-label="Totals by currency" tabindex="0">
    <table class="amounts">
      <thead>
        <tr>
          <th scope="col">Currency</th>
          <th scope="col" class="number">Available</th>
          <th scope="col">Balances</th>
          ${
            converted !== null &&
            html`<th scope="col" class="number">Rate</th>
              <th scope="col" class="number">In ${converted.currency}</th>`
          }
        </tr>
      </thead>
      <tbody>
        ${totals.map((total) => {
          const line = lines.get(total.currency);
          return html`<tr key=${total.currency}>
            <th scope="row">${total.currency}</th>
            <td class="number main-amount">
              ${moneyText(total.available ?? total.availableOfRead)}
              ${total.available === null && html`<small class="hint"> of what was read</small>`}
            </td>
            <td>${countText(total)}</td>
            ${
              converted !== null &&
              html`<td class="number">${line === undefined ? notReported : html`<${Rate} line=${line} />`}</td>
                <td class="number">${line === undefined ? notReported : moneyText(line.to)}</td>`
            }
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function countText({ balanceCount, unreportedCount }: CurrencyTotal): string {
  return unreportedCount === 0 ? String(balanceCount) : `${balanceCount}, ${unreportedCount} not reported`;
}

function Rate({ line }: { readonly line: ConversionLine }) {
  const prices = line.rates.map(
    ({ base, quote, buy, sell }) => `${base}/${quote} buy ${buy ?? notReported}, sell ${sell ?? notReported}`,
  );
  return html`<details class="rate">
    <summary>${groupDigits(line.rate)}</summary>
    ${line.via !== null && html`<div>over ${line.via}</div>`}
    ${prices.map((price) => html`<div key=${price}>${price}</div>`)}
  </details>`;
}
