/** What a page says that has the rows of the one before: nothing follows, or the page number changes nothing. */
export type RepeatedPage = 'past-end' | 'not-heeded' | 'list-moved';

/**
 * Finds out what page `pageNumber` means that repeats the one before. Past its end a list may show its last page again,
 * and a page number that is not heeded gives the first page for every number: the second row alone tells them apart.
 */
export async function explainRepeated(
  ids: readonly string[],
  pageNumber: number,
  readPage: (asked: { pageNumber: number; pageSize: number; isGuess: true }) => Promise<readonly string[]>,
): Promise<RepeatedPage> {
  // A list of a single row has no second. Nobody gives pages of one row to whoever asks for more.
  if (ids.length === 1) return 'past-end';
  const secondOfPageBefore = (pageNumber - 2) * ids.length + 2;
  const [id] = await readPage({ pageNumber: secondOfPageBefore, pageSize: 1, isGuess: true });
  if (id === ids[0]) return 'not-heeded';
  return id === ids[1] ? 'past-end' : 'list-moved';
}

/** Whether a page has the rows of the one before it, in any order. */
export function isRepeated(ids: readonly string[], idsBefore: readonly string[]): boolean {
  const known = new Set(idsBefore);
  return ids.length > 0 && ids.length === idsBefore.length && ids.every((id) => known.has(id));
}

/** What a list says of itself that cannot be read whole. */
export const notHeeded =
  'answers with the same rows for every page number, so that the list cannot be read whole. Check that IBANERA_BASE_URL ' +
  'is Ibanera’s API; else ask Ibanera how pages are asked for';
export const countsMore =
  'says in numberOfPages that more rows follow than it gives, so the list may not be whole. Ask again; if it stays so, ask Ibanera';
