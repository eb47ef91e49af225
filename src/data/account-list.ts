import { Failure } from '../domain/failure.ts';
import type { Account, AccountRef } from '../domain/model.ts';
import { type AccountStatus, type ProviderCode, providerCodes } from '../domain/vocabulary.ts';
import type { Provider } from '../ports/provider.ts';
import type { AccountReads } from './accounts.ts';
import type { ListLengths } from './list-lengths.ts';
import { type ListPage, toListPage } from './list-page.ts';
import type { PageArguments, SourceOutcome } from './pagination/page.ts';
import type { CursorSigner } from './pagination/signed-cursor.ts';
import { type PageReading, readWhole } from './shared-pages.ts';
import { toOutcome } from './sources.ts';

/** Which accounts are listed. Null does not narrow; an empty list matches nothing. */
export interface AccountFilter {
  readonly providers: readonly ProviderCode[] | null;
  readonly statuses: readonly AccountStatus[] | null;
  /** Whether the caller may see an account; the others are not there for them, and not counted. */
  readonly isVisible: (ref: AccountRef) => boolean;
}

/**
 * A page of all accounts: provider by provider, its master account first, then by the provider's identifier.
 * Sources that fail are named in the page; rejects with the cursor codes.
 */
export async function readAccountPage(
  filter: AccountFilter,
  args: PageArguments,
  providers: ReadonlyMap<ProviderCode, Provider>,
  reads: AccountReads,
  signer: CursorSigner,
  lengths: ListLengths,
): Promise<ListPage<Account>> {
  const asked = [...providers.values()].filter(({ code }) => filter.providers?.includes(code) !== false);
  const read = await Promise.all(asked.map((provider) => readProvider(provider, reads, lengths)));
  const list = {
    rows: read
      .flatMap(({ accounts }) => accounts)
      .filter(({ ref }) => filter.isVisible(ref))
      .filter(
        ({ status }) => filter.statuses === null || (status !== null && filter.statuses.includes(status)),
      ),
    keyOf: ({ ref }: Account) => [providerCodes.indexOf(ref.provider), ref.providerAccountId],
    cursorBounds: () => ({
      name: ['accounts'],
      filter: [sorted(filter.providers), sorted(filter.statuses)],
    }),
    sources: read.map(({ outcome }) => outcome),
  };
  return toListPage(list, args, signer);
}

async function readProvider(
  provider: Provider,
  reads: AccountReads,
  lengths: ListLengths,
): Promise<{ accounts: readonly Account[]; outcome: SourceOutcome }> {
  const [own, { pages, failure }] = await Promise.all([
    reads.master(provider).catch(toFailure),
    readWhole(reads.connected(provider)),
  ]);
  const masterPages: PageReading<Account>[] = [];
  if (!(own instanceof Failure)) {
    masterPages.push({ ...own, value: { rows: [own.value], rowCount: 1, hasMore: false } });
  }
  const list = {
    pages: [...masterPages, ...pages],
    failure: failure ?? (own instanceof Failure ? own : null),
  };
  const accounts = list.pages.flatMap((page) => page.value.rows);
  if (list.failure === null) lengths.noteAccounts(provider.code, accounts.length);
  return { accounts, outcome: toOutcome({ provider: provider.code, providerAccountId: null }, null, list) };
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/** One spelling for lists that mean the same. */
function sorted(words: readonly string[] | null): readonly string[] | null {
  return words === null ? null : [...new Set(words)].sort();
}
