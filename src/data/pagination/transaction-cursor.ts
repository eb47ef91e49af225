import * as z from 'zod';
import { foldCode } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReadingOrder } from '../../ports/transaction-feed.ts';
import type { Position } from './order.ts';
import type { TransactionSelection } from './page.ts';
import { type CursorSigner, fingerprint, sortedValues } from './signed-cursor.ts';

/** The content of a cursor: everything the next page needs, and nothing that grants access. */
export interface TransactionCursor {
  /** Upper end of the window. */
  readonly snapshotBound: Instant;
  /** The row the cursor names. */
  readonly position: Position;
  /** Group (index from 0) of that row. */
  readonly groupIndex: number;
  /** For each group: rows of the window up to and including the position; null when unknown. */
  readonly indexes: readonly (number | null)[];
  /** For each group: rows in the window when the cursor was made; null when unknown. */
  readonly totals: readonly (number | null)[];
  /** Groups (by index) with another position, because they or others failed on the way. */
  readonly held: Readonly<Record<string, HeldPosition>>;
  /**
   * Upper ends of groups (by index) that did not answer when the snapshot bound was fixed: their newest row
   * once they did, which may be newer than `snapshotBound`; null while unknown.
   */
  readonly snapshotBounds: Readonly<Record<string, Instant | null>>;
  /** For groups (by index) read by page token: the page from which the position is found again. */
  readonly anchors: Readonly<Record<string, PageAnchor>>;
  /**
   * How filters were read for which the upstream accepts only one value: as several streams, or filtered
   * here.
   */
  readonly mode: FilterMode;
  /** Only in cursors of a numbered pager: where its page begins, counted from the position. */
  readonly jump: Jump | null;
}

/** A group's own position: just after (older) or before (newer) a row. */
export interface HeldPosition extends Position {
  readonly side: 'after' | 'before';
}

/** A page of a list read by page token; a null token is the first page of `order`. */
export interface PageAnchor {
  readonly order: ReadingOrder;
  readonly pageToken: string | null;
}

/** Several values of one filter field: one upstream stream for each, or one list filtered here. */
export type FilterMode = 'streams' | 'local';

/**
 * Where the page of a numbered pager begins: `rows` rows after the row the cursor names (`after`), at that
 * row or `-rows` rows before it (`row`, never above 0), or `rows` rows before the end of the window (`end`).
 */
export interface Jump {
  readonly rows: number;
  readonly from: 'after' | 'row' | 'end';
}

const positionShape = z.tuple([z.int(), z.int().min(0), z.string()]);
const heldShape = z.tuple([z.int(), z.int().min(0), z.string(), z.enum(['a', 'b'])]);
const instantShape = z.tuple([z.int(), z.int().min(0)]);
const payloadShape = z.object({
  k: z.literal('transactions'),
  s: z.string(),
  f: z.string(),
  w: instantShape,
  p: positionShape,
  g: z.int().min(0),
  x: z.array(z.int().min(-1)),
  n: z.array(z.int().min(-1)),
  h: z.record(z.string(), heldShape).optional(),
  q: z.record(z.string(), instantShape.nullable()).optional(),
  t: z.record(z.string(), z.tuple([z.enum(['n', 'o']), z.string().nullable()])).optional(),
  m: z.enum(['s', 'l']),
  j: z.tuple([z.int(), z.enum(['after', 'row', 'end'])]).optional(),
});

/** Encodes and decodes the cursors of one selection. */
export class TransactionCursorCodec {
  private readonly signer: CursorSigner;
  private readonly selection: TransactionSelection;
  private readonly groupCount: number;
  private digests: { readonly scope: string; readonly filter: string } | null = null;

  constructor(signer: CursorSigner, selection: TransactionSelection, groupCount: number) {
    this.signer = signer;
    this.selection = selection;
    this.groupCount = groupCount;
  }

  /** Identifies the selection in a cursor. Computed lazily, because many pages are read without a cursor. */
  private get made() {
    this.digests ??= digestsOf(this.selection);
    return this.digests;
  }

  encode(cursor: TransactionCursor): string {
    const { scope, filter } = this.made;
    const { held, snapshotBounds, anchors } = cursor;
    return this.signer.sign({
      k: 'transactions',
      s: scope,
      f: filter,
      w: [cursor.snapshotBound.second, cursor.snapshotBound.nano],
      p: toTuple(cursor.position),
      g: cursor.groupIndex,
      x: cursor.indexes.map((index) => index ?? -1),
      n: cursor.totals.map((total) => total ?? -1),
      m: cursor.mode === 'streams' ? 's' : 'l',
      ...(isFilled(held) && { h: mapValues(held, toHeldTuple) }),
      ...(isFilled(snapshotBounds) && { q: mapValues(snapshotBounds, (at) => at && [at.second, at.nano]) }),
      ...(isFilled(anchors) && { t: mapValues(anchors, toPair) }),
      ...(cursor.jump && { j: [cursor.jump.rows, cursor.jump.from] }),
    });
  }

  /** `CURSOR_INVALID` for a cursor of another list, `CURSOR_FILTER_CHANGED` for one of another filter. */
  decode(text: string): TransactionCursor {
    const parsed = payloadShape.safeParse(this.signer.verify(text));
    if (!parsed.success) {
      throw new Failure('CURSOR_INVALID', 'The cursor belongs to another list than transactions.');
    }
    const { s, f, w, p, g, x, n, h = {}, q = {}, t = {}, m, j } = parsed.data;
    const { scope, filter } = this.made;
    if (s !== scope && this.selection.accountsAreFiltered !== true) {
      throw new Failure(
        'CURSOR_INVALID',
        'The cursor belongs to other accounts than this list. Use it where it came from, or start without a cursor.',
      );
    }
    if (f !== filter || s !== scope) {
      throw new Failure(
        'CURSOR_FILTER_CHANGED',
        'The cursor was made with another filter. Keep the filter from the first page to the last, or start again without a cursor.',
      );
    }
    if (x.length !== this.groupCount || n.length !== this.groupCount || g >= this.groupCount) {
      throw new Failure(
        'CURSOR_INVALID',
        'The cursor was made with another configuration of providers. Start again without a cursor.',
      );
    }
    return {
      snapshotBound: { second: w[0], nano: w[1] },
      position: toPosition(p),
      groupIndex: g,
      indexes: x.map(orUnknown),
      totals: n.map(orUnknown),
      held: mapValues(h, toHeld),
      snapshotBounds: mapValues(q, (at) => at && { second: at[0], nano: at[1] }),
      anchors: mapValues(t, toAnchor),
      mode: m === 's' ? 'streams' : 'local',
      jump: j === undefined ? null : { rows: j[0], from: j[1] },
    };
  }
}

function isFilled(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length > 0;
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

function orUnknown(count: number): number | null {
  return count < 0 ? null : count;
}

function toTuple(at: Position): [number, number, string] {
  return [at.second, at.nano, at.id];
}

function toPosition([second, nano, id]: [number, number, string]): Position {
  return { second, nano, id };
}

function toHeldTuple(at: HeldPosition): [number, number, string, 'a' | 'b'] {
  return [at.second, at.nano, at.id, at.side === 'after' ? 'a' : 'b'];
}

function toHeld([second, nano, id, side]: [number, number, string, 'a' | 'b']): HeldPosition {
  return { second, nano, id, side: side === 'a' ? 'after' : 'before' };
}

function toPair({ order, pageToken }: PageAnchor): ['n' | 'o', string | null] {
  return [order === 'newest-first' ? 'n' : 'o', pageToken];
}

function toAnchor([order, pageToken]: ['n' | 'o', string | null]): PageAnchor {
  return { order: order === 'n' ? 'newest-first' : 'oldest-first', pageToken };
}

function digestsOf(selection: TransactionSelection) {
  const { referenceIds, directions } = selection;
  return {
    scope: fingerprint(selection.accounts.map(({ ref }) => [ref.provider, ref.providerAccountId])),
    filter: fingerprint([
      sortedValues(selection.ledgers),
      sortedValues(selection.currencies?.map(foldCode) ?? null),
      sortedValues(selection.types),
      sortedValues(selection.statuses),
      selection.providerBalanceId ?? null,
      selection.createdFrom,
      selection.createdTo,
      // Only if they narrow, so that cursors made before these filters existed stay valid.
      ...(referenceIds === null && directions === null
        ? []
        : [sortedValues(referenceIds), sortedValues(directions)]),
    ]),
  };
}
