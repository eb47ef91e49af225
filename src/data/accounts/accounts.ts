import DataLoader from 'dataloader';
import { Failure, toError } from '../../domain/failure.ts';
import type { Account, AccountRef } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { accountText } from '../keys.ts';
import type { ListLengths } from '../list-lengths.ts';
import { type SharedPages, sharePages } from '../shared-pages.ts';
import { located } from '../sources.ts';
import { type Found, findRows } from '../transactions/find-rows.ts';

/** The accounts one request reads, each at most once. */
export interface AccountReads {
  /**
   * One account; null if the provider has no such account. The master account is also found by its own
   * identifier, without reading a list. Rejects with the `Failure` that left it unknown.
   */
  one(ref: AccountRef): Promise<Account | null>;
  /** The account the provider's credentials belong to. */
  master(provider: Provider): Promise<Reading<Account>>;
  /** Accounts connected to it, page by page. */
  connected(provider: Provider): SharedPages<Account>;
  /**
   * Connected accounts by the provider's identifiers: the outcome for each, in the requested order. The list
   * is read only if it is known to cost fewer calls than that many lookups.
   */
  named(provider: Provider, ids: readonly string[]): Promise<ReadonlyMap<string, Found<Account>>>;
}

/** Account reads of one request. */
export function createAccountReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  lengths: ListLengths,
  context: ReadContext,
): AccountReads {
  const masters = new Map<ProviderCode, Promise<Reading<Account>>>();
  const lists = new Map<ProviderCode, SharedPages<Account>>();

  function master(provider: Provider): Promise<Reading<Account>> {
    const known = masters.get(provider.code);
    if (known !== undefined) return known;
    const reading = provider.accounts.master(context);
    masters.set(provider.code, reading);
    return reading;
  }

  function connected(provider: Provider): SharedPages<Account> {
    const known = lists.get(provider.code);
    if (known !== undefined) return known;
    const list = sharePages(() => provider.accounts.connected(context));
    lists.set(provider.code, list);
    return list;
  }

  async function findAtProvider(provider: Provider, ids: readonly string[], each: boolean) {
    const found = new Map<string, Found<Account>>();
    const own = await master(provider).catch(() => null);
    const others = ids.filter((id) => id !== own?.value.providerAccountId);
    if (own !== null && others.length < ids.length) found.set(own.value.providerAccountId, own);
    if (others.length === 0) return found;
    const { one } = provider.accounts;
    const rows = await findRows(others, {
      pages: connected(provider),
      keyOf: (account) => account.providerAccountId,
      one: one === undefined ? null : (id) => one(id, context),
      // A list of a single page has all accounts at once.
      oneWhenAlone: lengths.pageCountOf(provider.code) !== 1,
      pageCountKnown: lengths.pageCountOf(provider.code) ?? (each ? namedEachMax + 1 : null),
      notePageCount: (pageCount) => lengths.note(provider.code, pageCount),
    });
    for (const [id, row] of rows) found.set(id, row);
    return found;
  }

  const loader = new DataLoader<AccountRef, Account | null, string>(
    async (refs) => {
      const found = new Map<ProviderCode, ReadonlyMap<string, Found<Account>>>();
      await Promise.all(
        Array.from(
          Map.groupBy(refs, ({ provider }) => provider),
          async ([code, wanted]) => {
            const provider = providers.get(code);
            const ids = wanted.flatMap(({ providerAccountId }) => providerAccountId ?? []);
            if (provider === undefined || ids.length === 0) return;
            found.set(code, await findAtProvider(provider, ids, false));
          },
        ),
      );
      return Promise.all(
        refs.map(async ({ provider: code, providerAccountId }) => {
          const provider = providers.get(code);
          if (provider === undefined) return null;
          if (providerAccountId === null) return master(provider).then(({ value }) => value, toError);
          return toAnswer(code, found.get(code)?.get(providerAccountId) ?? null);
        }),
      );
    },
    { cacheKeyFn: accountText },
  );

  return {
    one: (ref) => loader.load(ref),
    master,
    connected,
    async named(provider, ids) {
      const found = await findAtProvider(provider, ids, true);
      return new Map(ids.map((id) => [id, locatedAt(provider.code, found.get(id) ?? null)]));
    },
  };
}

/** Most named accounts to look up one by one while the length of the list is unknown. */
const namedEachMax = 20;

function toAnswer(provider: ProviderCode, found: Found<Account>): Account | null | Error {
  const answer = locatedAt(provider, found);
  return answer === null || answer instanceof Error ? answer : answer.value;
}

/** The outcome for an account; an unknown one is not a failure. */
function locatedAt(provider: ProviderCode, found: Found<Account>): Found<Account> {
  if (!(found instanceof Failure)) return found;
  return found.code === 'ACCOUNT_NOT_FOUND' ? null : located(found, provider, null);
}
