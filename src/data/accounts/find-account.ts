import type { Account } from '../../domain/model.ts';
import { type AccountRange, type AccountSlice, isAtEnd } from '../../ports/account-feed.ts';
import type { AccountPosition } from './account-position.ts';
import type { AccountSource } from './account-source.ts';

/**
 * Where a position cuts a slice: rows up to `before` (exclusive) precede it, rows from `after` on follow it.
 */
export interface Cut {
  readonly slice: AccountSlice;
  readonly before: number;
  readonly after: number;
}

/** Accounts that may have been added between neighbours in a list that did not grow. */
const rowsBetweenMax = 10;

/**
 * Finds a position again in a list that may have changed: where it was, where the count says it moved to,
 * then next to that and further away on both sides. If the account itself was removed, its nearest remaining
 * neighbour marks its position. NOWHERE if none remains; REORDERED if the order of the list has changed, so
 * that the position means nothing. Cached reads are tried first, unless `bypassCache`. Rejects with the
 * failure of a read.
 */
export async function findAccount(
  source: AccountSource,
  position: AccountPosition,
  range: AccountRange,
  bypassCache = false,
): Promise<Cut | 'NOWHERE' | 'REORDERED'> {
  const seen: AccountSlice[] = [];
  const look = async (wanted: AccountRange, isNewWanted: boolean) => {
    const { slice, isNew } = await source.read(wanted, isNewWanted);
    seen.push(slice);
    return { slice, isNew, cut: cutAtOwn(slice, position) };
  };

  let { slice, isNew, cut: own } = await look(range, bypassCache);
  if (own === null && slice.failure !== null) throw slice.failure;
  // The count of a cached slice may be old, so the new slice may show that the list has moved elsewhere.
  for (let moves = 0; own === null && moves < movesMax; moves++) {
    const movedRange = shifted(range, slice.rowCount - position.rowCount);
    if (isNew && shows(slice, movedRange)) break;
    ({ slice, isNew, cut: own } = await look(movedRange, true));
  }
  if (own !== null) return await checkOrder(source, position, own);

  // The range read around it so far, without gaps.
  let low = Math.min(slice.startIndex, slice.rowCount);
  let high = slice.startIndex + slice.rows.length;
  const { sliceSizeMax } = source;
  for (let looks = 0; low > 0 || high < slice.rowCount; looks++) {
    if (looks === looksBeforeAsking && (await source.isKnown(position.ids[0] as string)) === false) break;
    const isLower = low > 0 && (looks % 2 === 0 || high >= slice.rowCount);
    const beside: AccountRange = isLower
      ? {
          fromIndex: Math.max(0, low - sliceSizeMax + 1),
          toIndex: low + 1,
          firstNeeded: 'to',
          sliceStart: null,
        }
      : {
          fromIndex: Math.max(0, high - 1),
          toIndex: high - 1 + sliceSizeMax,
          firstNeeded: 'from',
          sliceStart: null,
        };
    const next = await look(beside, true);
    if (next.cut !== null) return await checkOrder(source, position, next.cut);
    slice = next.slice;
    if (isLower) low = Math.min(low - 1, slice.startIndex);
    else high = Math.max(high + 1, slice.startIndex + slice.rows.length);
  }
  const cut = cutAtNeighbour(seen, position);
  if (cut === null) return 'NOWHERE';
  // The neighbour that marks the position may itself have moved: the others show that.
  const gone = sidesOf(position, cut).find(isSuspect)?.missing[0];
  return gone !== undefined && (await source.isKnown(gone)) ? 'REORDERED' : cut;
}

/** How often to read a slice where the previous slice's count says the list has moved. */
const movesMax = 2;

/** Slices next to the expected one to read before asking the provider whether the account still exists. */
const looksBeforeAsking = 2;

function cutAtOwn(slice: AccountSlice, { ids: [own] }: AccountPosition): Cut | null {
  const at = slice.rows.findIndex((row) => idOf(row) === own);
  return at === -1 ? null : { slice, before: at, after: at + 1 };
}

/** The position of a removed account: after its nearest predecessor, or before its nearest successor. */
function cutAtNeighbour(seen: readonly AccountSlice[], position: AccountPosition): Cut | null {
  const { index, ids, nextIds, nextMarkPlace } = position;
  const slices = seen.toReversed();
  for (const [neighbours, step] of [
    [ids.slice(1), 1],
    [nextMarkPlace ? nextIds : [], 0],
  ] as const) {
    for (const id of neighbours) {
      for (const slice of slices) {
        const at = slice.rows.findIndex((row) => idOf(row) === id);
        if (at !== -1) return { slice, before: at + step, after: at + step };
      }
    }
  }
  // All accounts before it were removed too, so it was the first of the list.
  const start = slices.find(({ startIndex }) => startIndex === 0);
  return ids.length === index + 1 && start !== undefined ? { slice: start, before: 0, after: 0 } : null;
}

/**
 * The cut, if the list is still in the same order: its neighbours are still neighbours, except those that
 * were removed. A neighbour that is now on the other side, or that still exists but is not there, was moved.
 */
async function checkOrder(
  source: AccountSource,
  position: AccountPosition,
  cut: Cut,
): Promise<Cut | 'REORDERED'> {
  const { slice, before } = cut;
  const sides = sidesOf(position, cut);
  if (sides.some(({ ids, otherSide }) => ids.some((id) => otherSide.includes(id)))) return 'REORDERED';
  const suspect = sides.findIndex(isSuspect);
  if (suspect === -1) return cut;
  // The slice may be older than they are, or begin right here.
  const index = slice.startIndex + before;
  const { slice: newest } = await source.read(
    {
      fromIndex: Math.max(0, index - rowsBetweenOf(slice, position)),
      toIndex: index + 1 + rowsBetweenMax,
      firstNeeded: 'to',
      sliceStart: null,
    },
    true,
  );
  const again = cutAtOwn(newest, position);
  // It is gone, although the count is the same.
  if (again === null) return newest.rowCount === slice.rowCount ? 'REORDERED' : cut;
  const side = sidesOf(position, again)[suspect] as Side;
  const [nearest] = side.missing;
  if (nearest === undefined || !isSuspect(side)) return cut;
  return (await source.isKnown(nearest)) ? 'REORDERED' : cut;
}

/** Most rows between neighbours if the list is still in the same order. */
function rowsBetweenOf(slice: AccountSlice, position: AccountPosition): number {
  return rowsBetweenMax + Math.max(0, slice.rowCount - position.rowCount);
}

function isSuspect({ ids, missing }: Side): boolean {
  return missing.length * 2 > ids.length;
}

/** The accounts on one side of a position, nearest first, and which of them a slice contains. */
interface Side {
  readonly ids: readonly string[];
  /** Those missing among the nearest rows on that side. */
  readonly missing: readonly string[];
  /** Those now on the other side. */
  readonly otherSide: readonly string[];
}

/** Both sides of a position; no account counts as missing beyond the end of a slice. */
function sidesOf(position: AccountPosition, { slice, before, after }: Cut): Side[] {
  const rowsBetween = rowsBetweenOf(slice, position);
  const idsBefore = slice.rows.slice(0, before).map(idOf);
  const idsAfter = slice.rows.slice(after).map(idOf);
  const isEndShown = isAtEnd(slice) || idsAfter.length >= position.nextIds.length;
  const sideOf = (ids: readonly string[], near: readonly string[], otherSide: readonly string[]): Side => ({
    ids,
    missing: ids.filter((id) => !near.includes(id)),
    otherSide,
  });
  const nextNear = isEndShown ? idsAfter.slice(0, rowsBetween) : position.nextIds;
  return [
    sideOf(position.ids.slice(1), idsBefore.slice(-rowsBetween), idsAfter),
    sideOf(position.nextIds, nextNear, idsBefore),
  ];
}

function shifted(range: AccountRange, shift: number): AccountRange {
  const fromIndex = Math.max(0, range.fromIndex + shift);
  const toIndex = Math.max(fromIndex + 1, range.toIndex + shift);
  return { ...range, fromIndex, toIndex, sliceStart: shift === 0 ? range.sliceStart : null };
}

/** Whether a slice covers a range, as far as the list goes. */
function shows(slice: AccountSlice, { fromIndex, toIndex }: AccountRange): boolean {
  const { startIndex, rows } = slice;
  return startIndex <= fromIndex && (isAtEnd(slice) || toIndex <= startIndex + rows.length);
}

function idOf({ providerAccountId }: Account): string {
  return providerAccountId;
}
