import DataLoader from 'dataloader';
import { Failure } from '../../domain/failure.ts';
import type { BalanceKey } from '../../domain/global-id.ts';
import type { AccountRef, Balance } from '../../domain/model.ts';
import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import { type BalanceRepository, codesOf, type Provider } from '../../ports/provider.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { ledgerText, rowText } from '../keys.ts';
import type { ListLengths } from '../list-lengths.ts';
import { type SharedPages, sharePages } from '../shared-pages.ts';
import { located } from '../sources.ts';
import { type Found, findRows, type RowSearch } from '../transactions/find-rows.ts';
import { findByCurrency, findInOtherCase } from './balance-by-currency.ts';

/** A balance as it was read. */
export interface ReadBalance extends Balance {
  /** When the call to the provider began, epoch milliseconds. */
  readonly asOfMs: number;
}

/** The balances one request reads, each at most once. */
export interface BalanceReads {
  /**
   * One balance; null if there is none, the account is unknown, or the provider has no such ledger. Balances
   * of one account and ledger that are requested together share calls. Rejects with the `Failure` that left
   * it unknown.
   */
  one(key: BalanceKey): Promise<ReadBalance | null>;
  /**
   * Starts the read that `one` will join for balances of a ledger that are about to be requested, in
   * `currencies` if known. Starts nothing if `one` may need another read. Never throws: the promise of each
   * balance rejects instead.
   */
  expect(account: AccountRef, ledger: Ledger, currencies: readonly string[] | null): void;
  /** All balances of an account in a ledger, page by page; null if the provider has no such ledger. */
  pages(account: AccountRef, ledger: Ledger): SharedPages<Balance> | null;
}

/** A balance with the time it was read. */
export function toReadBalance(balance: Balance, asOfMs: number): ReadBalance {
  return { ...balance, asOfMs };
}

/** Balance reads of one request. */
export function createBalanceReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  lengths: ListLengths,
  context: ReadContext,
): BalanceReads {
  const lists = new Map<string, SharedPages<Balance>>();

  function pages(account: AccountRef, ledger: Ledger): SharedPages<Balance> | null {
    const listKey = ledgerText(account, ledger);
    const known = lists.get(listKey);
    if (known !== undefined) return known;
    const repository = providers.get(account.provider)?.balances.get(ledger);
    if (repository === undefined) return null;
    const list = sharePages(() => repository.list(account, context));
    lists.set(listKey, list);
    return list;
  }

  /** The requested balances of one account and ledger, by `rowText`. */
  async function findInLedger(keys: readonly BalanceKey[]) {
    const [{ account, ledger }] = keys as readonly [BalanceKey];
    const list = pages(account, ledger);
    const repository = providers.get(account.provider)?.balances.get(ledger);
    if (list === null || repository === undefined) return new Map<string, Found<Balance>>();
    if (repository.knownBy === 'provider-id') return await findKnownById(keys, list);
    const listKey = ledgerText(account, ledger);
    // A route by currency cannot distinguish several balances of that currency; the list can.
    const byCurrency = keys.every((key) => key.distinguishingId === null);
    const found = await findRows(keys.map(rowText), {
      ...listSearch(listKey, list),
      one: byCurrency ? singleLookUp(repository, account, context) : null,
      oneWhenAlone: true,
    });
    // The route for one balance has already decided.
    if (repository.one !== undefined) return found;
    return await findInOtherCase(keys, found, list, codesOf(providers.get(account.provider)));
  }

  /** If several balances share a currency, one requested by currency is looked up in the whole list. */
  async function findKnownById(keys: readonly BalanceKey[], list: SharedPages<Balance>) {
    const [{ account, ledger }] = keys as readonly [BalanceKey];
    const byId = keys.filter(({ distinguishingId }) => distinguishingId !== null);
    const byCurrency = keys.filter(({ distinguishingId }) => distinguishingId === null);
    const [ofIds, ofCurrencies] = await Promise.all([
      findRows(byId.map(rowText), listSearch(ledgerText(account, ledger), list)),
      byCurrency.length === 0
        ? new Map<string, Found<Balance>>()
        : findByCurrency(byCurrency.map(rowText), list, account.provider, ledger),
    ]);
    return new Map([...ofIds, ...ofCurrencies]);
  }

  function listSearch(listKey: string, list: SharedPages<Balance>): RowSearch<Balance> {
    return {
      pages: list,
      keyOf: (balance) => rowText(balance),
      one: null,
      oneWhenAlone: false,
      pageCountKnown: lengths.pageCountOf(listKey),
      notePageCount: (pageCount) => lengths.note(listKey, pageCount),
    };
  }

  const loader = new DataLoader<BalanceKey, ReadBalance | null>(
    async (keys) => {
      const groups = Map.groupBy(keys, (key) => ledgerText(key.account, key.ledger));
      const found = new Map<string, ReadonlyMap<string, Found<Balance>>>();
      await Promise.all(
        Array.from(groups, async ([listKey, wanted]) => {
          found.set(listKey, await findInLedger(wanted));
        }),
      );
      return keys.map((key) =>
        toAnswer(key, found.get(ledgerText(key.account, key.ledger))?.get(rowText(key)) ?? null),
      );
    },
    // Its cache would make a promise for each row that shows the same balance.
    { cache: false },
  );

  const ledgersWanted = new Set<string>();
  const answers = new Map<string, Promise<ReadBalance | null>>();
  function one(asked: BalanceKey): Promise<ReadBalance | null> {
    const currency = codesOf(providers.get(asked.account.provider)).canonical(asked.currency);
    const key = currency === asked.currency ? asked : { ...asked, currency };
    const listKey = ledgerText(key.account, key.ledger);
    const text = `${listKey} ${rowText(key)}`;
    const known = answers.get(text);
    if (known !== undefined) return known;
    ledgersWanted.add(listKey);
    const answer = loader.load(key);
    answers.set(text, answer);
    return answer;
  }

  function expect(account: AccountRef, ledger: Ledger, currencies: readonly string[] | null): void {
    const [currency] = currencies ?? [];
    if (currencies?.length === 1 && currency !== undefined) {
      one({ account, ledger, currency, distinguishingId: null }).catch(notifiedLater);
      return;
    }
    const listKey = ledgerText(account, ledger);
    // The balances already looked up one by one may be all that are needed.
    if (ledgersWanted.has(listKey) || (lengths.pageCountOf(listKey) ?? 1) > 1) return;
    pages(account, ledger)?.page(0).catch(notifiedLater);
  }

  return { one, expect, pages };
}

/** All readers of the balance await the same promise. */
function notifiedLater(): void {}

function singleLookUp(
  repository: BalanceRepository,
  account: AccountRef,
  context: ReadContext,
): ((currency: string) => Promise<Reading<Balance | null | 'UNSURE'>>) | null {
  const { one } = repository;
  return one === undefined ? null : (currency) => one(account, currency, context);
}

/** An unknown account has no balances. That is a result, not an error. */
function toAnswer({ account, ledger }: BalanceKey, found: Found<Balance>): ReadBalance | null | Error {
  if (found === null) return null;
  if (!(found instanceof Error)) return toReadBalance(found.value, found.asOfMs);
  if (!(found instanceof Failure)) return found;
  return found.code === 'ACCOUNT_NOT_FOUND' ? null : located(found, account.provider, ledger);
}
