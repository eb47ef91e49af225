import type { Account } from '../domain/model.ts';
import type { AccountSlice } from '../ports/account-feed.ts';

/** Where a connected account stood when it was last seen, and by what it is found again. */
export interface AccountPosition {
  /** Index in the provider's list. */
  readonly index: number;
  /** Start of the slice that showed it. */
  readonly sliceStart: number;
  /** Accounts that the list had then. */
  readonly rowCount: number;
  /** Its identifier, then those of the accounts before it, the nearest first. */
  readonly ids: readonly string[];
  /** Identifiers of the accounts after it, the nearest first. */
  readonly nextIds: readonly string[];
}

/** Accounts beside a row by which its place is known when it has left. */
const neighboursMax = 3;

/** The position of a row of a slice, by its index in the slice. */
export function positionIn(slice: AccountSlice, rowIndex: number): AccountPosition {
  const { startIndex, rows, rowCount } = slice;
  const ids = rows.slice(Math.max(0, rowIndex - neighboursMax), rowIndex + 1).map(idOf);
  const nextIds = rows.slice(rowIndex + 1, rowIndex + 1 + neighboursMax).map(idOf);
  return { index: startIndex + rowIndex, sliceStart: startIndex, rowCount, ids: ids.reverse(), nextIds };
}

/** What a cursor holds of a position; `parsePosition` reads it. */
export function positionKey({ index, sliceStart, rowCount, ids }: AccountPosition): (string | number)[] {
  return [index, sliceStart, rowCount, ...ids];
}

/** The position in a cursor of this gateway: `positionKey` wrote it, and its signature was checked. */
export function parsePosition(key: readonly unknown[]): AccountPosition {
  const [index, sliceStart, rowCount, ...ids] = key;
  return {
    index: Number(index),
    sliceStart: Number(sliceStart),
    rowCount: Number(rowCount),
    ids: ids.map(String),
    nextIds: [],
  };
}

function idOf({ providerAccountId }: Account): string {
  return providerAccountId;
}
