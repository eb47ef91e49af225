import { accountText } from '../../data/keys.ts';
import type { AccountRef } from '../../domain/model.ts';
import type { Provider } from '../../ports/provider.ts';

/** Accounts of one provider that a part of an operation is about: some that it names, or rows of a list. */
export type AccountGroup = { readonly provider: Provider } & (NamedAccounts | ListedAccounts);

interface NamedAccounts {
  readonly refs: readonly AccountRef[];
}

interface ListedAccounts {
  /** Tells the list from others: the same list gives the same rows wherever it is asked for. */
  readonly list: string;
  /** Rows, where the list is as long as was asked for. */
  readonly count: number;
  /** Rows that are there at least, where it is: fewer where nobody named a size or rows are counted from a cursor. */
  readonly countLeast: number;
}

/** Something of which a read is made once: an account, or so many rows of a list. */
export interface ReadOwner {
  readonly key: string;
  readonly count: number;
}

/** The accounts of a group, each once. */
export function ownersOf(group: AccountGroup): readonly ReadOwner[] {
  if ('list' in group) return group.count === 0 ? [] : [{ key: `list ${group.list}`, count: group.count }];
  return [...new Set(group.refs.map(accountText))].map((key) => ({ key, count: 1 }));
}

/** How many accounts a group has. */
export function countOf(group: AccountGroup): number {
  return 'list' in group ? group.count : group.refs.length;
}

/** How many accounts a group has at least. */
export function countLeastOf(group: AccountGroup): number {
  return 'list' in group ? group.countLeast : group.refs.length;
}

/** Accounts of a group that are among `refs`. */
export function narrowedTo(group: AccountGroup, refs: readonly AccountRef[]): AccountGroup {
  const texts = new Set(refs.map(accountText));
  if ('refs' in group) return { ...group, refs: group.refs.filter((ref) => texts.has(accountText(ref))) };
  const { count, countLeast } = group;
  return {
    ...group,
    list: `${group.list} ${[...texts].sort().join()}`,
    count: Math.min(count, texts.size),
    countLeast: Math.min(countLeast, texts.size),
  };
}

/** Accounts by provider; those of providers that are not connected, or that the caller may not read, are left out. */
export function groupsOf(
  refs: readonly AccountRef[],
  providers: ReadonlyMap<string, Provider>,
): readonly (AccountGroup & NamedAccounts)[] {
  return Array.from(
    Map.groupBy(refs, (ref) => ref.provider),
    ([code, ofProvider]) => ({ provider: providers.get(code), refs: ofProvider }),
  ).flatMap(({ provider, refs: ofProvider }) =>
    provider === undefined ? [] : [{ provider, refs: ofProvider }],
  );
}
