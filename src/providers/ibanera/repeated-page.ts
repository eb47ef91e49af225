/** What a page that repeats the one before it means: nothing follows, page numbers are ignored, or the list moved. */
export type RepeatedPage = 'past-end' | 'number-ignored' | 'list-moved';

/**
 * Finds out what page `pageNumber`, which repeats the one before it, means. Past its end a list may show its last page
 * again, while a server that ignores page numbers shows the first page for every number. Reading the second row alone
 * distinguishes them.
 */
export async function explainRepeated(
  ids: readonly string[],
  pageNumber: number,
  readPage: (asked: { pageNumber: number; pageSize: number; isGuess: true }) => Promise<readonly string[]>,
): Promise<RepeatedPage> {
  // A list of a single row has no second one. No server returns pages of one row to callers that request more.
  if (ids.length === 1) return 'past-end';
  const secondOfPageBefore = (pageNumber - 2) * ids.length + 2;
  const [id] = await readPage({ pageNumber: secondOfPageBefore, pageSize: 1, isGuess: true });
  if (id === ids[0]) return 'number-ignored';
  return id === ids[1] ? 'past-end' : 'list-moved';
}

/** Whether a page has the rows of the one before it, in any order. */
export function isRepeated(ids: readonly string[], idsBefore: readonly string[]): boolean {
  const known = new Set(idsBefore);
  return ids.length > 0 && ids.length === idsBefore.length && ids.every((id) => known.has(id));
}

/** Problems of a list that cannot be read completely. */
export const numberIgnored =
  'answers with the same rows for every page number, so the list cannot be read completely. Check that IBANERA_BASE_URL ' +
  'is Ibanera’s API; else ask Ibanera how pages are asked for';
export const pagesOverlap =
  'shows rows of a page on the next one too, so pages do not begin where page number and page size say, and the list cannot ' +
  'be read completely. Ask Ibanera how pages are asked for';
export const countsMore =
  'says in numberOfPages that more rows follow than it gives, so the list may be incomplete. Try again; if it stays so, ask Ibanera';
