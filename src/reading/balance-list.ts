import type { Instant } from '../domain/instant.ts';
import type { Balance } from '../domain/model.ts';
import { type Ledger, ledgers, type ProviderCode, providerCodes } from '../domain/vocabulary.ts';
import type { Provider } from '../ports/provider.ts';
import type { PageArguments, SourceOutcome, WantedAccount } from '../walk/page.ts';
import type { CursorSeal } from '../walk/seal.ts';
import { type BalanceReads, type ReadBalance, toReadBalance } from './balances.ts';
import { accountText } from './keys.ts';
import type { RowKey } from './list-cursors.ts';
import { type ListPage, toListPage } from './list-page.ts';
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
  readonly seal: CursorSeal;
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
  const accounts = wantedAccounts(filter, ports.providers);
  const read = (await Promise.all(accounts.map((account) => readAccount(account, filter, ports)))).flat();
  const rows = read.flatMap(({ list }) =>
    list.pages.flatMap(({ value, asOfMs }) =>
      value.rows
        .filter(({ currency }) => filter.currencies?.includes(currency) !== false)
        .map((balance) => toReadBalance(balance, asOfMs)),
    ),
  );
  const page = toListPage(
    {
      rows,
      keyOf: balanceRowKey,
      name: listName(filter.account),
      filter: [
        sorted(filter.providers),
        sorted(filter.accounts?.map(accountText) ?? null),
        sorted(filter.ledgers),
        sorted(filter.currencies),
      ],
      sources: read.map(({ outcome }) => outcome),
    },
    args,
    ports.seal,
  );
  const readMs = page.rows.length > 0 ? page.rows.map((row) => row.asOfMs) : read.flatMap(pageTimes);
  return { ...page, asOf: oldestOf(readMs, ports.now()) };
}

interface ReadSource {
  readonly list: WholeList<Balance>;
  readonly outcome: SourceOutcome;
}

/** Reads the ledgers an account has, or all where that is not known. */
async function readAccount(
  { ref, ledgers: has }: WantedAccount,
  filter: BalanceFilter,
  { providers, balances }: BalanceListPorts,
): Promise<readonly ReadSource[]> {
  const asked = [...(providers.get(ref.provider)?.balances.keys() ?? [])].filter(
    (ledger) => filter.ledgers?.includes(ledger) !== false && has?.includes(ledger) !== false,
  );
  const sources = await Promise.all(
    asked.map(async (ledger) => {
      const pages = balances.pages(ref, ledger);
      const list = pages === null ? empty : await readWhole(pages);
      return { list, outcome: toOutcome(ref, ledger, list) };
    }),
  );
  // An account that answers in one ledger exists: where it is unknown, it merely has no such ledger.
  if (!sources.some(({ list }) => list.pages.length > 0)) return sources;
  return sources.map((source) =>
    source.list.failure?.code === 'ACCOUNT_NOT_FOUND'
      ? { list: empty, outcome: { ...source.outcome, state: 'OK', failure: null } }
      : source,
  );
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
