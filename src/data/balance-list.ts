import { foldCode, isAskedFor } from '../domain/currency-code.ts';
import type { Instant } from '../domain/instant.ts';
import type { Balance } from '../domain/model.ts';
import { type Ledger, ledgers, type ProviderCode, providerCodes } from '../domain/vocabulary.ts';
import { codesOf, type Provider } from '../ports/provider.ts';
import { type BalanceReads, type ReadBalance, toReadBalance } from './balances.ts';
import { accountText } from './keys.ts';
import type { RowKey } from './list-cursors.ts';
import { type ListPage, toListPage } from './list-page.ts';
import type { PageArguments, SourceOutcome, WantedAccount } from './pagination/page.ts';
import type { CursorSigner } from './pagination/signed-cursor.ts';
import { readWhole, type WholeList } from './shared-pages.ts';
import { oldestOf, toOutcome } from './sources.ts';
import { type AccountScope, wantedAccounts } from './wanted-accounts.ts';

/** Which balances are listed. Null does not narrow; an empty list matches nothing. */
export interface BalanceFilter extends AccountScope {
  readonly ledgers: readonly Ledger[] | null;
  readonly currencies: readonly string[] | null;
}

/** A page of balances, and the oldest read behind it. */
export interface BalancePage extends ListPage<ReadBalance> {
  readonly asOf: Instant;
}

/** What a balance page is read with. */
export interface BalanceListPorts {
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly balances: BalanceReads;
  readonly signer: CursorSigner;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * A page of balances: account by account (provider, master account first, then the provider's identifier), in
 * there by ledger and currency. Sources that fail are named in the page; rejects with the cursor codes.
 */
export async function readBalancePage(
  filter: BalanceFilter,
  args: PageArguments,
  ports: BalanceListPorts,
): Promise<BalancePage> {
  const read = await readSources(filter, ports);
  const rows = read.flatMap((source) => rowsAskedFor(source, filter.currencies, ports));
  const page = toListPage(
    {
      rows,
      keyOf: balanceRowKey,
      cursorBounds: () => ({
        name: listName(filter.account),
        filter: [
          sorted(filter.providers),
          sorted(filter.accounts?.map(accountText) ?? null),
          sorted(filter.ledgers),
          sorted(filter.currencies?.map(foldCode) ?? null),
        ],
      }),
      sources: read.map(({ outcome }) => outcome),
    },
    args,
    ports.signer,
  );
  const readMs = page.rows.length > 0 ? page.rows.map((row) => row.asOfMs) : read.flatMap(pageTimes);
  return { ...page, asOf: oldestOf(readMs, ports.now()) };
}

/** The rows of a source that a filter by currency leaves. */
function rowsAskedFor(
  { account, list }: ReadSource,
  currencies: readonly string[] | null,
  { providers }: BalanceListPorts,
): readonly ReadBalance[] {
  const rows = list.pages.flatMap(({ value, asOfMs }) =>
    value.rows.map((balance) => toReadBalance(balance, asOfMs)),
  );
  if (currencies === null) return rows;
  const shown = new Set(rows.map(({ currency }) => currency));
  const codes = codesOf(providers.get(account.ref.provider));
  return rows.filter(({ currency }) => isAskedFor(currency, currencies, shown, codes));
}

interface ReadSource {
  readonly account: WantedAccount;
  readonly list: WholeList<Balance>;
  readonly outcome: SourceOutcome;
}

/** Reads the ledgers that each wanted account has, or all where that is not known. */
async function readSources(
  filter: BalanceFilter,
  { providers, balances }: BalanceListPorts,
): Promise<readonly ReadSource[]> {
  const asked = wantedAccounts(filter, providers).flatMap((account) =>
    [...(providers.get(account.ref.provider)?.balances.keys() ?? [])]
      .filter((ledger) => isAmong(ledger, filter.ledgers) && isAmong(ledger, account.ledgers))
      .map((ledger) => ({ account, ledger })),
  );
  const lists = await allOf(
    asked.map(({ account, ledger }) => {
      const pages = balances.pages(account.ref, ledger);
      return pages === null ? Promise.resolve(empty) : readWhole(pages);
    }),
  );
  const sources = asked.map(({ account, ledger }, sourceIndex): ReadSource => {
    const list = lists[sourceIndex] ?? empty;
    return { account, list, outcome: toOutcome(account.ref, ledger, list) };
  });
  if (!sources.some(isOfNoAccount)) return sources;
  // An account that answers in one ledger exists: where it is unknown, it merely has no such ledger.
  const existing = new Set(sources.flatMap(({ account, list }) => (list.pages.length > 0 ? [account] : [])));
  return sources.map((source) =>
    isOfNoAccount(source) && existing.has(source.account)
      ? { ...source, list: empty, outcome: { ...source.outcome, state: 'OK', failure: null } }
      : source,
  );
}

function isOfNoAccount({ list }: ReadSource): boolean {
  return list.failure?.code === 'ACCOUNT_NOT_FOUND';
}

/** `Promise.all`, which makes three promises more of each: most lists are of one account's ledger. */
async function allOf<Value>(promises: readonly Promise<Value>[]): Promise<readonly Value[]> {
  const [only] = promises;
  return only !== undefined && promises.length === 1 ? [await only] : Promise.all(promises);
}

function isAmong(ledger: Ledger, wanted: readonly Ledger[] | null): boolean {
  return wanted?.includes(ledger) !== false;
}

const empty: WholeList<Balance> = { pages: [], failure: null };

function balanceRowKey({ account, ledger, currency, distinguishingId }: ReadBalance): RowKey {
  const { provider, providerAccountId } = account;
  return [
    providerCodes.indexOf(provider),
    providerAccountId,
    ledgers.indexOf(ledger),
    currency,
    distinguishingId,
  ];
}

function listName(account: WantedAccount | null): RowKey {
  return account === null ? ['balances'] : ['balances', accountText(account.ref)];
}

function pageTimes({ list }: ReadSource): readonly number[] {
  return list.pages.map((page) => page.asOfMs);
}

/** One spelling for lists that mean the same. */
function sorted(words: readonly string[] | null): readonly string[] | null {
  return words === null ? null : [...new Set(words)].sort();
}
