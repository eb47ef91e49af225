import { accountText } from '../../data/keys.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import { type AccountGroup, countLeastOf } from './account-group.ts';

/**
 * Counts the calls that an operation needs at least, if lists are as long as requested. The same read in several places
 * counts once. Named accounts are assumed to be among those of a list, and one list's accounts among another's, because
 * they may be.
 */
export class LeastCalls {
  private readonly reads = new Map<string, { listed: number; readonly named: Set<string> }>();
  private rows = 0;

  /** Adds one read of a ledger for each account of the group; `read` distinguishes it from other reads. */
  add(read: string, group: AccountGroup, ledger: Ledger | null): void {
    const key = `${group.provider.code} ${read}`;
    const known = this.reads.get(key) ?? { listed: 0, named: new Set<string>() };
    this.reads.set(key, known);
    if ('list' in group) known.listed = Math.max(known.listed, countLeastOf(group, ledger));
    else for (const ref of group.refs) known.named.add(accountText(ref));
  }

  /** Adds reads that only their row distinguishes, and that may be among those of `add`. */
  addRows(rowCount: number): void {
    this.rows = Math.max(this.rows, rowCount);
  }

  get total(): number {
    let total = 0;
    for (const { listed, named } of this.reads.values()) total += Math.max(listed, named.size);
    return Math.max(this.rows, total);
  }
}
