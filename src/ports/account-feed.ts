import type { Failure } from '../domain/failure.ts';
import type { Account } from '../domain/model.ts';
import type { Reading } from './upstream.ts';

/** Which accounts of a list to read, by their index in it (from 0). */
export interface AccountRange {
  readonly fromIndex: number;
  /** Exclusive. May lie beyond the end of the list. */
  readonly toIndex: number;
  /** Which end of the range the slice must show if one slice cannot show all of it. */
  readonly firstNeeded: 'from' | 'to';
  /** Start of an earlier slice of this part of the list, which is read again if it fits. */
  readonly sliceStart: number | null;
}

/** Consecutive accounts of a list, as the provider showed them at one moment. */
export interface AccountSlice {
  /** Index of the first account. Larger than `rowCount` if the list has become shorter. */
  readonly startIndex: number;
  /** In the provider's order. The provider may list the master account too, with a null `ref.providerAccountId`. */
  readonly rows: readonly Account[];
  /** Accounts in the whole list, by the provider's count. */
  readonly rowCount: number;
  /** Whether the master account is known to be among them. */
  readonly listsMaster: boolean;
  /** Why nothing is known about the list beyond this slice; null if the slice can be relied on. */
  readonly failure: Failure | null;
}

/**
 * The connected accounts as a list that can be read from any index, in the provider's order. Created for one request.
 */
export interface AccountFeed {
  /** Most accounts that one slice shows. */
  readonly sliceSizeMax: number;
  /**
   * Reads the slice that shows `range` best. If the range is longer, the slices that follow are read ahead, each
   * beginning with `sharedRows` accounts of the one before. `bypassCache` refuses cached reads. Rejects with a `Failure`.
   */
  read(range: AccountRange, bypassCache: boolean): Promise<Reading<AccountSlice>>;
}

/** Accounts that two consecutive slices share. */
export const sharedRows = 4;

/** Whether a slice shows the end of its list. */
export function isAtEnd({ startIndex, rows, rowCount }: AccountSlice): boolean {
  return startIndex + rows.length >= rowCount;
}
