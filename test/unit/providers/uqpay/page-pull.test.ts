import { expect, test } from '@jest/globals';
import { pullPages } from '../../../../src/providers/shared/page-pull.ts';

const sizes = { pageSizeMin: 1, pageSizeMax: 50, name: 'X GET /rows', details: {} };

/** Pulls a list of named rows to its end; `change` may change it before each page is read. */
async function pull(rows: string[], change: (pagesRead: number) => void = () => {}) {
  const asked: [number, boolean][] = [];
  const pages = pullPages<string>({
    ...sizes,
    readPage: async ({ pageNumber, pageSize, isReadAgain }) => {
      change(asked.length);
      asked.push([pageNumber, isReadAgain]);
      const from = (pageNumber - 1) * pageSize;
      const counts = { rowCount: rows.length, pageCount: Math.ceil(rows.length / pageSize) };
      return {
        value: { rows: rows.slice(from, from + pageSize), ...counts },
        asOfMs: 0,
        staleBecause: null,
      };
    },
    keyOf: (row) => row,
  });
  const seen: string[] = [];
  const more: boolean[] = [];
  for await (const { value } of pages) {
    seen.push(...value.rows);
    more.push(value.hasMore);
  }
  return { asked, seen, more };
}

const named = (count: number) => Array.from({ length: count }, (_, index) => `row-${index}`);

test('a list that does not change is read page by page', async () => {
  const { asked, seen, more } = await pull(named(120));
  expect(asked).toEqual([
    [1, false],
    [2, false],
    [3, false],
  ]);
  expect([seen, more]).toEqual([named(120), [true, true, false]]);
});

test('a list that changed its length is read once more, and its rows are returned once', async () => {
  const rows = named(120);
  const { asked, seen } = await pull(rows, (pagesRead) => {
    if (pagesRead === 1) rows.shift();
  });
  expect(asked).toEqual([
    [1, false],
    [2, false],
    [1, true],
    [2, true],
    [3, true],
  ]);
  // The row that moved from the second page to the first is there; the removed one was read before.
  expect(seen.toSorted()).toEqual(named(120).toSorted());
});

test('a list that changes its length with every page is read again at most twice', async () => {
  const rows = named(100);
  const { asked } = await pull(rows, (pagesRead) => {
    if (pagesRead > 0) rows.push(`new-${pagesRead}`);
  });
  expect(asked.filter(([pageNumber]) => pageNumber === 1)).toHaveLength(3);
});

test('a page that failed is the end', async () => {
  const pages = pullPages<string>({
    ...sizes,
    readPage: () => Promise.reject(new Error('down')),
    keyOf: (row) => row,
  })[Symbol.asyncIterator]();
  await expect(pages.next()).rejects.toThrow('down');
  expect(await pages.next()).toEqual({ done: true, value: undefined });
});
