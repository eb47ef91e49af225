import type { Account } from '../../domain/model.ts';
import { type AccountStatus, type ProviderCode, providerCodes } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import { createListCursors, type ListCursors, type RowKey } from '../list-cursors.ts';
import type { ListPage } from '../list-page.ts';
import type { PageArguments } from '../pagination/page.ts';
import { type CursorSigner, sortedValues } from '../pagination/signed-cursor.ts';
import { isWhole } from '../sources.ts';
import { type CollectedAccounts, collectAccounts, type ListCursor } from './account-pages.ts';
import { parsePosition, positionIn, positionKey } from './account-position.ts';
import type { ListedAccount } from './account-reader.ts';
import {
  type AccountSource,
  type AccountSourcePorts,
  openAccountSource,
  type VisibleAccounts,
} from './account-source.ts';

/** Which accounts are listed. Null does not narrow; an empty list matches nothing. */
export interface AccountFilter {
  readonly providers: readonly ProviderCode[] | null;
  readonly statuses: readonly AccountStatus[] | null;
  /** Which accounts of a provider the caller may see; others are neither listed nor counted. */
  readonly visible: (provider: ProviderCode) => VisibleAccounts;
}

/** Dependencies for reading account pages. */
export interface AccountListPorts extends AccountSourcePorts {
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly signer: CursorSigner;
}

/**
 * A page of all accounts: provider by provider, its master account first, then in the provider's order;
 * accounts granted to a caller one by one come in the order of their identifiers. A cursor names its account
 * and its position, so it still means the same position after accounts are added or removed. Sources that
 * fail are named in the page; rejects with the cursor codes.
 */
export async function readAccountPage(
  filter: AccountFilter,
  args: PageArguments,
  ports: AccountListPorts,
): Promise<ListPage<Account>> {
  const cursors = createListCursors(
    () => ({
      name: ['accounts', 'by position'],
      filter: [sortedValues(filter.providers), sortedValues(filter.statuses)],
    }),
    ports.signer,
  );
  const start = decodeCursor(args.cursor, cursors);
  const stop = decodeCursor(args.until, cursors);
  const matchesNothing = filter.statuses?.length === 0;
  const asked = [...ports.providers.values()]
    .filter(({ code }) => !matchesNothing && filter.providers?.includes(code) !== false)
    .sort((a, b) => providerCodes.indexOf(a.code) - providerCodes.indexOf(b.code));
  const sources = await Promise.all(
    asked.map((provider) => openAccountSource(provider, filter.visible(provider.code), ports)),
  );
  const matches = statusMatcher(filter.statuses);
  const { direction, size } = args;
  const collected = await collectAccounts(sources, { direction, size, start, stop, matches });
  const totalCount = args.wantsTotal ? await countAccounts(sources, matches) : null;
  return toPage(collected, args, totalCount, sources, cursors);
}

function toPage(
  { rows, hasMore, isCut, lastSeen }: CollectedAccounts,
  { direction, cursor }: PageArguments,
  totalCount: number | null,
  sources: readonly AccountSource[],
  cursors: ListCursors,
): ListPage<Account> {
  const isForward = direction === 'forward';
  const shown = isForward ? rows : rows.toReversed();
  return {
    rows: shown.map(({ account }) => account),
    cursorOf: (rowIndex) => cursors.encode(keyOf(shown[rowIndex] as ListedAccount)),
    hasNextPage: isForward ? hasMore : cursor !== null,
    hasPreviousPage: isForward ? cursor !== null : hasMore,
    resumeCursor: !isCut ? null : lastSeen === null ? cursor : cursors.encode(keyOf(lastSeen)),
    totalCount,
    sources: sources.map((source) => source.outcome()),
  };
}

/** Null if counting would take more reads: a filter that the provider does not apply needs every account. */
async function countAccounts(
  sources: readonly AccountSource[],
  matches: ((account: Account) => boolean) | null,
): Promise<number | null> {
  let total = 0;
  for (const source of sources) {
    if (source.failure !== null) return null;
    const slice = source.slice ?? (await source.readFirst());
    if (slice === null) return null;
    if (matches === null) {
      total += source.accountCount(slice);
      continue;
    }
    if (!source.isShownWhole()) return null;
    const connected = slice.rows.filter(({ ref }) => ref.providerAccountId !== null);
    total += [source.master, ...connected].filter((account) => account !== null && matches(account)).length;
  }
  return isWhole(sources.map((source) => source.outcome())) ? total : null;
}

function statusMatcher(statuses: readonly AccountStatus[] | null): ((account: Account) => boolean) | null {
  if (statuses === null) return null;
  return ({ status }) => status !== null && statuses.includes(status);
}

/** `[provider]` for its master account, else with the account's position. */
function keyOf({ account, slice, rowIndex }: ListedAccount): RowKey {
  const { provider } = account.ref;
  return slice === null ? [provider] : [provider, ...positionKey(positionIn(slice, rowIndex))];
}

function decodeCursor(cursor: string | null, cursors: ListCursors): ListCursor | null {
  if (cursor === null) return null;
  const [provider, ...position] = cursors.decode(cursor);
  return { provider: String(provider), at: position.length === 0 ? 'MASTER' : parsePosition(position) };
}
