import type { Account } from '../../domain/model.ts';
import type { AccountSlice } from '../../ports/account-feed.ts';

/** The position of a connected account when it was last seen, and the data to find it again. */
export interface AccountPosition {
  /** Index in the provider's list. */
  readonly index: number;
  /** Start of the slice that contained it. */
  readonly sliceStart: number;
  /** Number of accounts in the list at that time. */
  readonly rowCount: number;
  /** Its identifier, then those of the accounts before it, the nearest first. */
  readonly ids: readonly string[];
  /** Identifiers of the accounts after it, the nearest first. */
  readonly nextIds: readonly string[];
  /**
   * Whether the accounts after it mark its position if it and those before it were removed; not for cursors.
   */
  readonly nextMarkPlace: boolean;
}

/** Neighbours that mark the position of a row after it was removed. */
const neighboursMax = 3;

/** The position of a row of a slice, by its index in the slice. */
export function positionIn(slice: AccountSlice, rowIndex: number): AccountPosition {
  const { startIndex, rows, rowCount } = slice;
  const ids = rows.slice(Math.max(0, rowIndex - neighboursMax), rowIndex + 1).map(idOf);
  const nextIds = rows.slice(rowIndex + 1, rowIndex + 1 + neighboursMax).map(idOf);
  return {
    index: startIndex + rowIndex,
    sliceStart: startIndex,
    rowCount,
    ids: ids.reverse(),
    nextIds,
    nextMarkPlace: true,
  };
}

/**
 * A position as cursors contain it, for `parsePosition`. Null separates the accounts before it from those
 * after it.
 */
export function positionKey(position: AccountPosition): (string | number | null)[] {
  const { index, sliceStart, rowCount, ids, nextIds } = position;
  return [index, sliceStart, rowCount, ...ids, null, ...nextIds];
}

/** The position in a cursor of this gateway, written by `positionKey`; the signature has been verified. */
export function parsePosition(key: readonly unknown[]): AccountPosition {
  const [index, sliceStart, rowCount, ...neighbours] = key;
  // Cursors of earlier versions end with the accounts before it.
  const separator = neighbours.indexOf(null);
  const ids = separator === -1 ? neighbours : neighbours.slice(0, separator);
  return {
    index: Number(index),
    sliceStart: Number(sliceStart),
    rowCount: Number(rowCount),
    ids: ids.map(String),
    nextIds: separator === -1 ? [] : neighbours.slice(separator + 1).map(String),
    nextMarkPlace: false,
  };
}

function idOf({ providerAccountId }: Account): string {
  return providerAccountId;
}
