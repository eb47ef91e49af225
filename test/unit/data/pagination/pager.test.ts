import { describe, expect, test } from '@jest/globals';
import type { PageCursor, PageCursors, TransactionPage } from '../../../../src/data/pagination/page.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { first, idsOf, makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

// A numbered pager: every cursor of a page opens exactly the page it names.

const newest = 1_780_000_000;
const rowCount = 137;

function listOf(ledger: 'BANKING' | 'ISSUING', offset: number): MovingList {
  const list = new MovingList(ledger, { tieOrder: 'hashed' }, ledger === 'ISSUING' ? 90 * 86_400 : null);
  list.record = Array.from({ length: rowCount }, (_, rowIndex) =>
    makeRow(
      `${ledger}-${rowIndex}`,
      { second: newest - Math.floor(rowIndex / 3) * 7 - offset, nano: 0 },
      { ledger },
    ),
  );
  return list;
}

function everyCursor(cursors: PageCursors | null): PageCursor[] {
  if (cursors === null) throw new Error('no pageCursors');
  const { first: start, previous, around, last } = cursors;
  return [start, previous, ...around, last].filter((cursor) => cursor !== null);
}

describe.each([
  ['one ledger', [listOf('BANKING', 0)]],
  ['two ledgers merged', [listOf('BANKING', 0), listOf('ISSUING', 3)]],
])('%s', (_name, lists) => {
  test.each([1, 7, 20, 50, 100])('pages of %i rows', async (size) => {
    const paginator = walkerOver(...lists);
    const read = (after: string | null): Promise<TransactionPage> =>
      paginator.page(selectionOf(), first(size, after), makeContext());

    const pages: TransactionPage[] = [await read(null)];
    for (let page = pages[0] as TransactionPage; await page.hasNextPage(); ) {
      page = await read(page.cursorOf(page.rows.length - 1));
      pages.push(page);
    }
    const pageCount = Math.ceil((rowCount * lists.length) / size);
    expect(pages).toHaveLength(pageCount);

    for (const [pageIndex, page] of pages.entries()) {
      if (pageIndex > 8 && pageIndex < pageCount - 8) continue;
      const cursors = await page.pageCursors();
      expect(cursors?.around.length).toBe(Math.min(5, pageCount));
      expect(cursors?.around.filter((cursor) => cursor.isCurrent).map((cursor) => cursor.page)).toEqual([
        pageIndex + 1,
      ]);
      expect(cursors?.first === null).toBe(cursors?.around[0]?.page === 1);
      expect(cursors?.last === null).toBe(cursors?.around.at(-1)?.page === pageCount);
      expect(cursors?.previous?.page ?? 0).toBe(pageIndex);
      for (const { cursor, page: pageNumber } of everyCursor(cursors)) {
        const opened = await read(cursor);
        expect(idsOf(opened)).toEqual(idsOf(pages[pageNumber - 1] as TransactionPage));
        expect(await opened.hasNextPage()).toBe(pageNumber < pageCount);
        expect(await opened.hasPreviousPage()).toBe(pageNumber > 1);
        expect(await opened.totalCount()).toBe(rowCount * lists.length);
      }
    }
  });
});

test.each(['newest-first', 'oldest-first'] as const)(
  'a jump to the last of many pages costs one call: %s',
  async (order) => {
    const list = new MovingList('BANKING', { tieOrder: 'hashed', order });
    list.record = Array.from({ length: 10_000 }, (_, rowIndex) =>
      makeRow(`row-${rowIndex}`, { second: newest - Math.floor(rowIndex / 3), nano: 0 }),
    );
    const paginator = walkerOver(list);
    const context = makeContext();
    const page1 = await paginator.page(selectionOf(), first(25), context);
    const last = (await page1.pageCursors())?.last;
    expect(last?.page).toBe(400);
    const open = async () => {
      const before = list.calls;
      const page = await paginator.page(selectionOf(), first(25, last?.cursor ?? ''), makeContext());
      const more = [await page.hasNextPage(), await page.hasPreviousPage(), await page.totalCount()];
      return { ids: idsOf(page), calls: list.calls - before, more };
    };
    const opened = await open();
    expect(opened.ids).toEqual(Array.from({ length: 25 }, (_, at) => `row-${9_975 + at}`));
    expect(opened.more).toEqual([false, true, 10_000]);
    expect(opened.calls).toBe(1);
    // Newer rows were removed: the count shows it, and the page is still the end.
    list.record.splice(100, 60);
    const moved = await open();
    expect(moved.ids).toEqual(opened.ids);
    expect(moved.more).toEqual([false, true, 9_940]);
  },
);

test('if a provider limits the span of a range, a jump to the last page costs three calls', async () => {
  const list = new MovingList('ISSUING', { tieOrder: 'hashed' }, 90 * 86_400);
  list.record = Array.from({ length: 10_000 }, (_, rowIndex) =>
    makeRow(
      `row-${rowIndex}`,
      { second: newest - Math.floor(rowIndex / 3) * 60, nano: 0 },
      { ledger: 'ISSUING' },
    ),
  );
  const paginator = walkerOver(list);
  const page1 = await paginator.page(selectionOf(), first(25), makeContext());
  const last = (await page1.pageCursors())?.last;
  const before = list.calls;
  const page = await paginator.page(selectionOf(), first(25, last?.cursor ?? ''), makeContext());
  expect(idsOf(page)).toEqual(Array.from({ length: 25 }, (_, at) => `row-${9_975 + at}`));
  expect(await page.totalCount()).toBe(10_000);
  expect(list.calls - before).toBe(3);
});

test('next and previous pages of a pager do not change while rows are added and removed', async () => {
  const list = listOf('BANKING', 0);
  const paginator = walkerOver(list);
  const read = (after: string) => paginator.page(selectionOf(), first(10, after), makeContext());
  const page2 = await read((await (await read('')).pageCursors())?.around[1]?.cursor ?? '');
  const next = await page2.pageCursors();
  const after2 = await read(next?.around[2]?.cursor ?? '');

  list.record.unshift(...[1, 2, 3].map((n) => makeRow(`new-${n}`, { second: newest + n, nano: 0 })));
  list.record = list.record.filter((row) => row.providerTransactionId !== idsOf(page2)[4]);

  expect(idsOf(await read(next?.around[2]?.cursor ?? ''))).toEqual(idsOf(after2));
});

test('pages that do not begin at a page boundary of the pager still get its page numbers', async () => {
  const list = listOf('BANKING', 0);
  const paginator = walkerOver(list);
  const all = idsOf(await paginator.page(selectionOf(), first(100), makeContext()));
  const page = await paginator.page(selectionOf(), first(15), makeContext());
  const uneven = await paginator.page(selectionOf(), first(10, page.cursorOf(14)), makeContext());
  const around = (await uneven.pageCursors())?.around ?? [];
  expect(around.some((cursor) => cursor.isCurrent)).toBe(false);
  for (const { cursor, page: pageNumber } of around) {
    const opened = await paginator.page(selectionOf(), first(10, cursor), makeContext());
    expect(idsOf(opened)).toEqual(all.slice((pageNumber - 1) * 10, pageNumber * 10));
  }
});

test('a pager cursor used with another page size begins at the same row', async () => {
  const list = listOf('BANKING', 0);
  const paginator = walkerOver(list);
  const all = idsOf(await paginator.page(selectionOf(), first(100), makeContext()));
  let page = await paginator.page(selectionOf(), first(10), makeContext());
  page = await paginator.page(selectionOf(), first(40, page.cursorOf(9)), makeContext());
  page = await paginator.page(selectionOf(), first(10, page.cursorOf(9)), makeContext());
  const previous = (await page.pageCursors())?.previous;
  expect(previous?.page).toBe(2);
  const larger = await paginator.page(selectionOf(), first(30, previous?.cursor), makeContext());
  expect(idsOf(larger)).toEqual(all.slice(10, 40));
});

test.each([
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, null],
])('a list that claims %i rows is reported with %j, and its rows are still served', async (claimed, told) => {
  class Boastful extends MovingList {
    override async page(...[asked, context]: Parameters<MovingList['page']>) {
      const reading = await super.page(asked, context);
      const pageCount = Math.ceil(claimed / asked.pageSize);
      return { ...reading, value: { ...reading.value, rowCount: claimed, pageCount } };
    }
  }
  const list = new Boastful('BANKING');
  list.record = listOf('BANKING', 0).record;
  const page = await walkerOver(list).page(selectionOf(), first(10), makeContext());
  expect(idsOf(page)).toHaveLength(10);
  expect(await page.hasNextPage()).toBe(true);
  expect(await page.totalCount()).toBe(told);
  expect((await page.pageCursors()) === null).toBe(told === null);
});
