import type { Failure } from '../../domain/failure.ts';
import type { PageStream } from '../../ports/page.ts';
import { type ReadContext, withoutCache } from '../../ports/upstream.ts';

/** Most passes over a list. */
const passesMax = 3;

/** A list without counts, and how to distinguish its rows. */
export interface UncountedList<Row> {
  /** Reads the list once, page by page. */
  readPages(context: ReadContext): PageStream<Row>;
  keyOf(row: Row): string;
  /** The failure for a list whose pages repeat rows in every pass. */
  repeats(): Failure;
}

/**
 * Reads a list, and reads it again if a page repeats a row: then the list changed, or its pages were cut from different
 * orders, and other rows may have been skipped. Yields every row once. Rejects, after the rows that did come, if every
 * pass has repeats: the list cannot be known to be complete.
 */
export async function* readWithoutRepeats<Row>(
  list: UncountedList<Row>,
  context: ReadContext,
): PageStream<Row> {
  const given = new Set<string>();
  for (let pass = 1; pass <= passesMax; pass += 1) {
    const seen = new Set<string>();
    let hasRepeats = false;
    // Later passes must not use cached pages.
    for await (const reading of list.readPages(pass === 1 ? context : withoutCache(context))) {
      const { rows, hasMore } = reading.value;
      const keys = rows.map((row) => list.keyOf(row));
      hasRepeats = keys.some((key) => seen.has(key));
      const fresh = rows.filter((_, rowIndex) => !given.has(keys[rowIndex] as string));
      for (const key of keys) {
        seen.add(key);
        given.add(key);
      }
      const isEnd = !hasMore && !hasRepeats;
      yield { ...reading, value: { rows: fresh, rowCount: isEnd ? given.size : null, hasMore: !isEnd } };
      if (isEnd) return;
      if (hasRepeats) break;
    }
  }
  throw list.repeats();
}
