import { Failure, type FailureCode, toError } from '../../domain/failure.ts';
import type { Reading } from '../../ports/upstream.ts';
import type { PageReading, SharedPages } from '../shared-pages.ts';

/**
 * The outcome for one requested row: found, absent from a complete list, or the reason why that is unknown.
 */
export type Found<Row> = Reading<Row> | null | Error;

/** A list in which to look up rows, and how. */
export interface RowSearch<Row> {
  readonly pages: SharedPages<Row>;
  keyOf(row: Row): string;
  /** Looks up one row with one call; null if the provider has no such route. */
  readonly one: ((key: string) => Promise<Reading<Row | null | 'UNSURE'>>) | null;
  /** Whether a single row is looked up on its own rather than through the list. */
  readonly oneWhenAlone: boolean;
  /** Pages that the list last had; null if unknown. */
  readonly pageCountKnown: number | null;
  /** Called with the number of pages of the list. */
  notePageCount(pageCount: number): void;
}

/**
 * Looks up rows with the fewest calls: pages of the list one at a time until all are found, or single lookups
 * if fewer rows are missing than pages remain. With `n` known pages and `k` rows it costs at most `min(k, n)`
 * calls. If the list fails, the missing rows are looked up one by one if that may succeed. The failure of one
 * row does not affect the others. Never rejects; the result has an entry for every requested key.
 */
export async function findRows<Row>(
  keys: readonly string[],
  search: RowSearch<Row>,
): Promise<ReadonlyMap<string, Found<Row>>> {
  const found = new Map<string, Found<Row>>();
  const wanted = new Set(keys);
  const { pages, one, oneWhenAlone, pageCountKnown } = search;
  const byThemselves =
    one !== null &&
    !pages.isStarted() &&
    ((wanted.size === 1 && oneWhenAlone) || (pageCountKnown !== null && wanted.size < pageCountKnown));
  if (byThemselves) await lookUpEach(wanted, search, one, found);
  else await searchPages(wanted, search, one, found);
  return found;
}

async function searchPages<Row>(
  wanted: Set<string>,
  search: RowSearch<Row>,
  one: RowSearch<Row>['one'],
  found: Map<string, Found<Row>>,
): Promise<void> {
  let seenCount = 0;
  for (let pageIndex = 0; ; pageIndex++) {
    let page: PageReading<Row> | null;
    try {
      page = await search.pages.page(pageIndex);
    } catch (error) {
      const failure = toError(error);
      if (one !== null && mayFareBetterAlone(failure)) return lookUpEachAfter(failure, wanted, one, found);
      for (const key of wanted) found.set(key, failure);
      return;
    }
    if (page === null) break;
    takeRows(page, wanted, search, found);
    seenCount += page.value.rows.length;
    const pagesLeft = pagesLeftAfter(page, seenCount);
    if (pagesLeft !== null) search.notePageCount(pageIndex + 1 + pagesLeft);
    if (wanted.size === 0) return;
    if (!page.value.hasMore) break;
    if (one !== null && pagesLeft !== null && wanted.size < pagesLeft) {
      return lookUpEach(wanted, search, one, found);
    }
  }
  for (const key of wanted) found.set(key, null);
}

/** Pages that follow, if the provider counts its rows: a page with a successor is full. */
function pagesLeftAfter<Row>(page: PageReading<Row>, seenCount: number): number | null {
  const { rows, rowCount, hasMore } = page.value;
  if (!hasMore) return 0;
  return rowCount === null || rows.length === 0 ? null : Math.ceil((rowCount - seenCount) / rows.length);
}

function takeRows<Row>(
  page: PageReading<Row>,
  wanted: Set<string>,
  search: RowSearch<Row>,
  found: Map<string, Found<Row>>,
): void {
  for (const row of page.value.rows) {
    const key = search.keyOf(row);
    if (!wanted.delete(key)) continue;
    found.set(key, { value: row, asOfMs: page.asOfMs, staleBecause: page.staleBecause });
  }
}

/** Looks up every requested row on its own; the list decides about those the provider is not sure about. */
async function lookUpEach<Row>(
  wanted: ReadonlySet<string>,
  search: RowSearch<Row>,
  one: NonNullable<RowSearch<Row>['one']>,
  found: Map<string, Found<Row>>,
): Promise<void> {
  const unsure = await lookUpAll([...wanted], one, found);
  // Without `one`: a lookup that could not decide would not decide the second time either.
  if (unsure.size > 0) await searchPages(unsure, search, null, found);
}

/** How many lookups to try first after a list failed: if both fail the same way, so will the rest. */
const trialCount = 2;

async function lookUpEachAfter<Row>(
  listFailure: Error,
  wanted: ReadonlySet<string>,
  one: NonNullable<RowSearch<Row>['one']>,
  found: Map<string, Found<Row>>,
): Promise<void> {
  const keys = [...wanted];
  const trial = keys.slice(0, trialCount);
  const rest = keys.slice(trialCount);
  const unsure = await lookUpAll(trial, one, found);
  const allFailedAlike = trial.every((key) => isSameTrouble(found.get(key), listFailure));
  if (allFailedAlike) for (const key of rest) found.set(key, listFailure);
  else for (const key of await lookUpAll(rest, one, found)) unsure.add(key);
  // Only the list could show it, and it failed.
  for (const key of unsure) found.set(key, listFailure);
}

/** Looks up rows concurrently and returns those that remain unsure. */
async function lookUpAll<Row>(
  keys: readonly string[],
  one: NonNullable<RowSearch<Row>['one']>,
  found: Map<string, Found<Row>>,
): Promise<Set<string>> {
  const unsure = new Set<string>();
  await Promise.all(
    keys.map(async (key) => {
      try {
        const { value, asOfMs, staleBecause } = await one(key);
        if (value === 'UNSURE') unsure.add(key);
        else found.set(key, value === null ? null : { value, asOfMs, staleBecause });
      } catch (error) {
        found.set(key, toError(error));
      }
    }),
  );
  return unsure;
}

/**
 * Failures that may affect only the list: one unreadable row spoils a whole page, and a route may be refused
 * or broken while another works. All others (credentials, limits, deadlines, no connection) would affect
 * single lookups too and only cost more calls.
 */
const listTroubles: readonly FailureCode[] = ['UPSTREAM_SHAPE', 'UPSTREAM_REJECTED'];

function mayFareBetterAlone(error: Error): boolean {
  if (!(error instanceof Failure)) return false;
  if (listTroubles.includes(error.code)) return true;
  return error.code === 'UPSTREAM_UNAVAILABLE' && error.details.upstreamStatus !== undefined;
}

function isSameTrouble(found: unknown, failure: Error): boolean {
  return found instanceof Failure && failure instanceof Failure && found.code === failure.code;
}
