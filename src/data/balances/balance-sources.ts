import { isAskedFor } from '../../domain/currency-code.ts';
import type { Balance } from '../../domain/model.ts';
import { type Ledger, ledgers, type ProviderCode, providerCodes } from '../../domain/vocabulary.ts';
import { codesOf, type Provider } from '../../ports/provider.ts';
import { type AccountScope, wantedAccounts } from '../accounts/wanted-accounts.ts';
import { accountText } from '../keys.ts';
import type { RowKey } from '../list-cursors.ts';
import type { SourceOutcome, WantedAccount } from '../pagination/page.ts';
import { readWhole, type WholeList } from '../shared-pages.ts';
import { toOutcome } from '../sources.ts';
import { type BalanceReads, type ReadBalance, toReadBalance } from './balances.ts';

/** Which balances are read. Null does not narrow; an empty list matches nothing. */
export interface BalanceFilter extends AccountScope {
  readonly ledgers: readonly Ledger[] | null;
  readonly currencies: readonly string[] | null;
}

/** Dependencies for reading balances of several accounts and ledgers. */
export interface BalanceSourcePorts {
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly balances: BalanceReads;
}

/** The balances of one ledger of one account, read as far as they could be. */
export interface BalanceSource {
  readonly account: WantedAccount;
  readonly list: WholeList<Balance>;
  readonly outcome: SourceOutcome;
}

/** The rows of a source that match a filter by currency. */
export function rowsAskedFor(
  { account, list }: BalanceSource,
  currencies: readonly string[] | null,
  { providers }: BalanceSourcePorts,
): readonly ReadBalance[] {
  const rows = list.pages.flatMap(({ value, asOfMs }) =>
    value.rows.map((balance) => toReadBalance(balance, asOfMs)),
  );
  if (currencies === null) return rows;
  const shown = new Set(rows.map(({ currency }) => currency));
  const codes = codesOf(providers.get(account.ref.provider));
  return rows.filter(({ currency }) => isAskedFor(currency, currencies, shown, codes));
}

/** One ledger of one account, whose balances are wanted. */
export interface WantedLedger {
  readonly account: WantedAccount;
  readonly ledger: Ledger;
}

/** The ledgers that each requested account has, or all if unknown. */
export function wantedLedgers(
  filter: BalanceFilter,
  providers: ReadonlyMap<ProviderCode, Provider>,
): readonly WantedLedger[] {
  return wantedAccounts(filter, providers).flatMap((account) =>
    [...(providers.get(account.ref.provider)?.balances.keys() ?? [])]
      .filter((ledger) => isAmong(ledger, filter.ledgers) && isAmong(ledger, account.ledgers))
      .map((ledger) => ({ account, ledger })),
  );
}

/** Reads the ledgers that each requested account has, or all if unknown. */
export async function readBalanceSources(
  filter: BalanceFilter,
  { providers, balances }: BalanceSourcePorts,
): Promise<readonly BalanceSource[]> {
  const asked = wantedLedgers(filter, providers);
  const lists = await allOf(
    asked.map(({ account, ledger }) => {
      const pages = balances.pages(account.ref, ledger);
      return pages === null ? Promise.resolve(empty) : readWhole(pages);
    }),
  );
  return withoutMissingLedgers(
    asked.map(({ account, ledger }, sourceIndex): BalanceSource => {
      const list = lists[sourceIndex] ?? empty;
      return { account, list, outcome: toOutcome(account.ref, ledger, list) };
    }),
  );
}

/**
 * An account found in one ledger exists: if another ledger does not know it, the account merely lacks that
 * ledger.
 */
export function withoutMissingLedgers(sources: readonly BalanceSource[]): readonly BalanceSource[] {
  if (!sources.some(isOfNoAccount)) return sources;
  const existing = new Set(
    sources.flatMap(({ account, list }) => (list.pages.length > 0 ? [accountText(account.ref)] : [])),
  );
  return sources.map((source) =>
    isOfNoAccount(source) && existing.has(accountText(source.account.ref))
      ? { ...source, list: empty, outcome: { ...source.outcome, state: 'OK', failure: null } }
      : source,
  );
}

function isOfNoAccount({ list }: BalanceSource): boolean {
  return list.failure?.code === 'ACCOUNT_NOT_FOUND';
}

/** `Promise.all` creates three more promises for each; most lists have only one account's ledger. */
async function allOf<Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> {
  const [only] = promises;
  return only !== undefined && promises.length === 1 ? [await only] : Promise.all(promises);
}

function isAmong(ledger: Ledger, wanted: readonly Ledger[] | null): boolean {
  return wanted?.includes(ledger) !== false;
}

const empty: WholeList<Balance> = { pages: [], failure: null };

/** Position of a row among balances of all sources: by provider and account, then ledger and currency. */
export function balanceRowKey({ account, ledger, currency, distinguishingId }: ReadBalance): RowKey {
  const { provider, providerAccountId } = account;
  return [
    providerCodes.indexOf(provider),
    providerAccountId,
    ledgers.indexOf(ledger),
    currency,
    distinguishingId,
  ];
}

/** When the pages of a source were read, epoch milliseconds. */
export function timesOf({ list }: BalanceSource): readonly number[] {
  return list.pages.map((page) => page.asOfMs);
}
