import type { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Transaction } from '../../domain/model.ts';
import { anchorsOf, sourcesOf } from './assemble-page.ts';
import type { MergedRow } from './merge.ts';
import { positionOf } from './order.ts';
import type { SourceOutcome } from './page.ts';
import { sumOrUnknown } from './page-counts.ts';
import { RangeReading } from './range-reading.ts';
import { bounded, type PageTask } from './read-page.ts';
import { allRowsNeed } from './row-reader.ts';

/** A list of transactions read from one end to the other, newest first, without page boundaries. */
export interface TransactionStream {
  /**
   * The next rows, at most `rowCountMax`; none at the end, and none once a source has failed, because rows of
   * the others would leave a gap.
   */
  next(rowCountMax: number): Promise<readonly Transaction[]>;
  /**
   * Rows of the window, as counted when the first were requested; null before that, or if a source did not
   * report a count.
   */
  readonly rowCount: number | null;
  /** Upper end of the window; known once rows have been requested. */
  readonly asOf: Instant;
  /** Why the stream stopped before its end; null if it did not. */
  readonly failure: Failure | null;
  readonly sources: readonly SourceOutcome[];
  /** Cursor after the last row returned: `after` for another stream or page over the same selection. */
  cursor(): string;
}

/** Opens the stream of a task that begins at its cursor. */
export function openStream(task: PageTask): TransactionStream {
  const { frame, cursor, codec, pageArguments, readAt } = task;
  const start = { order: 'newest-first', inclusive: false, cursor, need: allRowsNeed } as const;
  const reading = new RangeReading(frame, start);
  let snapshotBound: Instant | null = frame.window.snapshotBound;
  let last: MergedRow | null = null;
  let rowCount: number | null | undefined;

  return {
    async next(rowCountMax) {
      const first = await reading.peek();
      rowCount ??= sumOrUnknown(frame.groups.map((_, groupIndex) => reading.remaining(groupIndex)));
      snapshotBound ??= first?.row.createdAt ?? readAt;
      const rows = await reading.takeUnlessFailed(rowCountMax);
      last = rows.at(-1) ?? last;
      return rows.map(({ row }) => row);
    },
    get rowCount() {
      return rowCount ?? null;
    },
    get asOf() {
      return snapshotBound ?? readAt;
    },
    get failure() {
      return reading.outcomes().find(({ failure }) => failure !== null)?.failure ?? null;
    },
    get sources() {
      const given =
        last === null ? [] : frame.groups.map((_, groupIndex) => ({ ...last, groupIndex }) as MergedRow);
      return sourcesOf({ reading, frame }, given);
    },
    cursor() {
      if (last === null || snapshotBound === null) return pageArguments.cursor ?? '';
      const position = positionOf(last.row);
      const unknown = frame.groups.map(() => null);
      const page = { reading, frame: bounded(frame, snapshotBound).frame };
      return codec.encode({
        ...{ snapshotBound, position, groupIndex: last.groupIndex },
        ...{ indexes: unknown, totals: unknown, held: {} },
        snapshotBounds: cursor?.snapshotBounds ?? {},
        anchors: anchorsOf(page, () => position),
        ...{ mode: frame.mode, jump: null },
      });
    },
  };
}
