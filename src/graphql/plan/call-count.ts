import { accountText } from '../../data/keys.ts';
import type { AccountRef } from '../../domain/model.ts';
import type { Provider } from '../../ports/provider.ts';

/** Accounts of one provider that an operation is about: some that it names, or as many of a list. */
export type AccountGroup = {
  readonly provider: Provider;
} & ({ readonly refs: readonly AccountRef[] } | { readonly count: number });

/**
 * Calls an operation needs at least. The same read wanted in several places is one; accounts that are named are taken
 * to be among those of a list, and one list's to be among another's, because they may be.
 */
export interface CallCount {
  /** One read for each account of the group; `read` is what makes it another read. */
  add(read: string, group: AccountGroup): void;
  /** Reads that are told apart by their row alone, and may be among those of `add`. */
  addRows(rowCount: number): void;
  total(): number;
}

interface Entry {
  listed: number;
  readonly named: Set<string>;
}

export function createCallCount(): CallCount {
  const entries = new Map<string, Entry>();
  let rows = 0;
  return {
    add(read, group) {
      const key = `${group.provider.code} ${read}`;
      const entry = entries.get(key) ?? { listed: 0, named: new Set<string>() };
      entries.set(key, entry);
      if ('count' in group) entry.listed = Math.max(entry.listed, group.count);
      else for (const ref of group.refs) entry.named.add(accountText(ref));
    },
    addRows(rowCount) {
      rows = Math.max(rows, rowCount);
    },
    total() {
      const reads = Array.from(entries.values(), ({ listed, named }) => Math.max(listed, named.size));
      return Math.max(
        rows,
        reads.reduce((sum, count) => sum + count, 0),
      );
    },
  };
}

export function sizeOf(group: AccountGroup): number {
  return 'count' in group ? group.count : group.refs.length;
}
