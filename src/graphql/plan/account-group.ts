import { accountText } from '../../data/keys.ts';
import type { AccountRef } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';

/** Accounts of one provider that part of an operation is about: named accounts, or the rows of a list. */
export type AccountGroup = { readonly provider: Provider } & (NamedAccounts | ListedAccounts);

interface NamedAccounts {
  readonly refs: readonly AccountRef[];
}

interface ListedAccounts {
  /** Identifies the list: the same list has the same rows wherever it is requested. */
  readonly list: string;
  /** Number of rows, if the list is as long as requested. */
  readonly count: number;
  /** Least number of rows in that case: fewer when the caller gave no size, or when rows are counted from a cursor. */
  readonly countLeast: number;
  /** How many of the rows have each ledger; absent before the list has been read. */
  readonly countsByLedger?: ReadonlyMap<Ledger, number>;
}

/** Something that each read is made for once: an account, or a number of rows of a list. */
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

/** How many accounts a group has at least; with a ledger, how many of those have it, as far as is known. */
export function countLeastOf(group: AccountGroup, ledger: Ledger | null = null): number {
  if (!('list' in group)) return group.refs.length;
  const { countsByLedger, countLeast } = group;
  return ledger === null || countsByLedger === undefined
    ? countLeast
    : Math.min(countLeast, countsByLedger.get(ledger) ?? 0);
}

/** The accounts of a group that are among `refs`. */
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

/** Groups accounts by provider. Leaves out providers that are not connected or that the caller may not read. */
export function groupsOf(
  refs: readonly AccountRef[],
  providers: ReadonlyMap<string, Provider>,
): readonly (AccountGroup & NamedAccounts)[] {
  const groups: (AccountGroup & NamedAccounts)[] = [];
  for (const [code, ofProvider] of Map.groupBy(refs, ({ provider }) => provider)) {
    const provider = providers.get(code);
    if (provider !== undefined) groups.push({ provider, refs: ofProvider });
  }
  return groups;
}
