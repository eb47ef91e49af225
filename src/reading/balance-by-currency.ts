import { Failure } from '../domain/failure.ts';
import type { Balance } from '../domain/model.ts';
import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';
import type { Found } from './find-rows.ts';
import { readWhole, type SharedPages } from './shared-pages.ts';

/**
 * The balances of each currency in a ledger that may hold a currency more than once: found where there is one, null
 * where there is none, BAD_USER_INPUT where there are several, because nobody knows which one was meant.
 */
export async function findByCurrency(
  currencies: readonly string[],
  pages: SharedPages<Balance>,
  provider: ProviderCode,
  ledger: Ledger,
): Promise<ReadonlyMap<string, Found<Balance>>> {
  const found = new Map<string, Found<Balance>>();
  const list = await readWhole(pages);
  for (const currency of currencies) {
    const twins = list.pages.flatMap(({ value, asOfMs, staleBecause }) =>
      value.rows
        .filter((row) => row.currency === currency)
        .map((row) => ({ value: row, asOfMs, staleBecause })),
    );
    // Rows that were not read may hold a twin.
    if (list.failure !== null) found.set(currency, list.failure);
    else if (twins.length > 1) found.set(currency, ambiguous(currency, twins.length, provider, ledger));
    else found.set(currency, twins[0] ?? null);
  }
  return found;
}

function ambiguous(currency: string, count: number, provider: ProviderCode, ledger: Ledger): Failure {
  return new Failure(
    'BAD_USER_INPUT',
    `${provider} keeps ${count} balances in ${currency} in the ledger ${ledger}, so that the currency does not say which one is meant. ` +
      `List them with balances(filter: { ledgers: [${ledger}], currencies: [${JSON.stringify(currency)}] }), and ask for one by its id.`,
    { provider, ledger, retryable: false },
  );
}
