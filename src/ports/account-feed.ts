import type { Failure } from '../domain/failure.ts';
import type { Account } from '../domain/model.ts';
import type { Reading } from './upstream.ts';

/** Which accounts of a list are wanted, by their index in it (from 0). */
export interface AccountRange {
  readonly fromIndex: number;
  /** Exclusive. May lie beyond the end of the list. */
  readonly toIndex: number;
  /** Which end of the range the slice must show where one slice cannot show all of it. */
  readonly firstNeeded: 'from' | 'to';
  /** Start of a slice that showed this part of the list before: the same one is read again if it fits. */
  readonly sliceStart: number | null;
}

/** Consecutive accounts of a list, all shown by the provider at one moment. */
export interface AccountSlice {
  /** Index of the first account. Larger than `rowCount` where the list is shorter than it was. */
  readonly startIndex: number;
  /** In the provider's order. The provider may list the master account too; `ref.providerAccountId` is null there. */
  readonly rows: readonly Account[];
  /** Accounts in the whole list, by the provider's count. */
  readonly rowCount: number;
  /** Whether the master account is known to be among them. */
  readonly listsMaster: boolean;
  /** Why the list is known only as far as this slice goes; null where the slice can be relied on. */
  readonly failure: Failure | null;
}

/** The connected accounts as a list that can be read from any index, in the provider's order; made for one request. */
export interface AccountFeed {
  /** Most accounts that one slice shows. */
  readonly sliceSizeMax: number;
  /**
   * Reads the slice that shows `range` best; where the range is longer, those that go on from it are read ahead, each
   * beginning with `sharedRows` accounts of the one before. `anew` refuses what was cached. Rejects with a `Failure`.
   */
  read(range: AccountRange, anew: boolean): Promise<Reading<AccountSlice>>;
}

/** Accounts that two slices share where one goes on from the other. */
export const sharedRows = 4;

/** Whether a slice shows the end of its list. */
export function isAtEnd({ startIndex, rows, rowCount }: AccountSlice): boolean {
  return startIndex + rows.length >= rowCount;
}
