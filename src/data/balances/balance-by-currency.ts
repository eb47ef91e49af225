import type { CurrencyCodes } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { BalanceKey } from '../../domain/global-id.ts';
import type { Balance } from '../../domain/model.ts';
import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import { rowText } from '../keys.ts';
import { readWhole, type SharedPages } from '../shared-pages.ts';
import type { Found } from '../transactions/find-rows.ts';

/**
 * The balance of each currency in a ledger that may hold a currency more than once: null if there is none,
 * BAD_USER_INPUT if there are several, because the request is ambiguous.
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
    // Rows that were not read may have another balance of the currency.
    if (list.failure !== null) found.set(currency, list.failure);
    else if (twins.length > 1) found.set(currency, ambiguous(currency, twins.length, provider, ledger));
    else found.set(currency, twins[0] ?? null);
  }
  return found;
}

/**
 * The balances found. If the list has no balance with exactly the requested code, takes the one whose code
 * differs only in case; BAD_USER_INPUT if several do.
 */
export async function findInOtherCase(
  keys: readonly BalanceKey[],
  found: ReadonlyMap<string, Found<Balance>>,
  pages: SharedPages<Balance>,
  codes: CurrencyCodes,
): Promise<ReadonlyMap<string, Found<Balance>>> {
  const missing = keys.filter((key) => found.get(rowText(key)) === null);
  if (missing.length === 0) return found;
  // The whole list has been read to find out that they are missing.
  const list = await readWhole(pages);
  const all = new Map(found);
  for (const key of missing) {
    const rows = list.pages.flatMap(({ value, asOfMs, staleBecause }) =>
      value.rows
        .filter((row) => row.distinguishingId === key.distinguishingId)
        .filter((row) => codes.means(key.currency, row.currency))
        .map((row) => ({ value: row, asOfMs, staleBecause })),
    );
    all.set(rowText(key), rows.length > 1 ? spelledInSeveralWays(key, rows) : (rows[0] ?? null));
  }
  return all;
}

function spelledInSeveralWays(
  { account, ledger, currency }: BalanceKey,
  rows: readonly { readonly value: Balance }[],
): Failure {
  const codes = rows.map(({ value }) => value.currency).join(', ');
  return new Failure(
    'BAD_USER_INPUT',
    `${account.provider} has assets whose codes differ from ${currency} only in case: ${codes}. Use one of these spellings.`,
    { provider: account.provider, ledger, retryable: false },
  );
}

function ambiguous(currency: string, count: number, provider: ProviderCode, ledger: Ledger): Failure {
  return new Failure(
    'BAD_USER_INPUT',
    `${provider} keeps ${count} balances in ${currency} in the ledger ${ledger}, so the currency is ambiguous. ` +
      `List them with balances(filter: { ledgers: [${ledger}], currencies: ["${currency}"] }), and ask for one by its id.`,
    { provider, ledger, retryable: false },
  );
}
