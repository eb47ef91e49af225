import { beforeEach, describe, expect, test } from '@jest/globals';
import { compareRows } from '../../../../src/data/pagination/order.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { first, idsOf, last, makeContext, nowMs, selectionOf, walkerOver } from '../../../support/walks.ts';

// What each page costs in upstream calls, on an unchanging list of 10,000 rows.

const newest = 1_780_000_000;
const rowCount = 10_000;

function filled(list: MovingList): MovingList {
  list.record = Array.from({ length: rowCount }, (_, rowIndex) =>
    makeRow(`row-${String(rowIndex).padStart(5, '0')}`, { second: newest - rowIndex * 60, nano: 0 }),
  );
  return list;
}

/** Rows requested for first pages of several sizes, once one page has shown how many share a second. */
async function sizesAsked(list: MovingList): Promise<number[]> {
  const paginator = walkerOver(list);
  await paginator.page(selectionOf(), first(10), makeContext());
  const asked: number[] = [];
  for (const size of [10, 20, 25, 50, 99]) {
    await paginator.page(selectionOf(), first(size), makeContext());
    asked.push(list.lastPageSize);
  }
  return asked;
}

describe('a newest-first list', () => {
  let list: MovingList;
  beforeEach(() => {
    list = filled(new MovingList('BANKING'));
  });

  test.each([1, 10, 20, 50, 99])('a first page of %i rows: one call', async (size) => {
    const page = await walkerOver(list).page(selectionOf(), first(size), makeContext());
    expect(idsOf(page)).toEqual(list.record.slice(0, size).map((row) => row.providerTransactionId));
    expect(await page.hasNextPage()).toBe(true);
    expect(await page.hasPreviousPage()).toBe(false);
    expect(await page.totalCount()).toBe(rowCount);
    expect(list.calls).toBe(1);
  });

  test('requests few rows beyond those shown, once it knows that few share a second', async () => {
    expect(await sizesAsked(list)).toEqual([12, 27, 27, 52, 100]);
    expect(list.calls).toBe(6);
  });

  test('requests some more rows if several were seen to share a second', async () => {
    const twice = list.record[3] as (typeof list.record)[number];
    list.record[4] = { ...twice, providerTransactionId: 'row-twin' };
    expect(await sizesAsked(list)).toEqual([15, 30, 30, 55, 100]);
  });

  test('rows that share the last second of a page cost a second call, once', async () => {
    const paginator = walkerOver(list);
    await paginator.page(selectionOf(), first(10), makeContext());
    const { createdAt } = list.record[9] as (typeof list.record)[number];
    for (const row of list.record.slice(10, 13))
      list.record[list.record.indexOf(row)] = { ...row, createdAt };
    const costs: number[] = [];
    for (let time = 0; time < 3; time++) {
      const before = list.calls;
      expect(idsOf(await paginator.page(selectionOf(), first(10), makeContext()))).toHaveLength(10);
      costs.push(list.calls - before);
    }
    expect(costs).toEqual([2, 1, 1]);
  });

  test('requests no fewer rows than the smallest page, and no more than the largest', async () => {
    list.pageSizeMin = 20;
    list.pageSizeMax = 40;
    const paginator = walkerOver(list);
    const asked: number[] = [];
    for (const size of [30, 5, 20, 30]) {
      expect(idsOf(await paginator.page(selectionOf(), first(size), makeContext()))).toHaveLength(size);
      asked.push(list.lastPageSize);
    }
    expect(asked).toEqual([40, 27, 27, 40]);
  });

  test.each([2, 6, 15])('a first page costs one call if %i rows share each second', async (rowsInSecond) => {
    list.record = list.record.map((row, rowIndex) => ({
      ...row,
      createdAt: { second: newest - Math.floor(rowIndex / rowsInSecond), nano: 0 },
    }));
    const paginator = walkerOver(list);
    for (const size of [10, 20, 25, 50]) {
      const before = list.calls;
      const page = await paginator.page(selectionOf(), first(size), makeContext());
      expect(idsOf(page)).toHaveLength(size);
      expect(list.calls - before).toBe(1);
    }
  });

  test('a first page of 100 rows needs a second call: nothing else shows whether its last second has more rows', async () => {
    const page = await walkerOver(list).page(selectionOf(), first(100), makeContext());
    expect(idsOf(page)).toHaveLength(100);
    expect(list.calls).toBe(2);
  });

  test('page 400 costs the same as page 2', async () => {
    const paginator = walkerOver(list);
    let page = await paginator.page(selectionOf(), first(25), makeContext());
    const costs: number[] = [];
    for (let pageNumber = 2; pageNumber <= 400; pageNumber++) {
      const before = list.calls;
      page = await paginator.page(selectionOf(), first(25, page.cursorOf(24)), makeContext());
      expect(await page.hasPreviousPage()).toBe(true);
      expect(await page.totalCount()).toBe(rowCount);
      costs.push(list.calls - before);
    }
    expect(new Set(costs)).toEqual(new Set([1]));
    expect(idsOf(page)[0]).toBe('row-09975');
    expect(await page.hasNextPage()).toBe(false);
  });

  test('backward pages cost one call, however deep', async () => {
    const paginator = walkerOver(list);
    let page = await paginator.page(selectionOf(), last(25), makeContext());
    expect(list.calls).toBe(2);
    expect(idsOf(page).at(-1)).toBe('row-09999');
    expect(await page.hasNextPage()).toBe(false);
    for (let pageNumber = 399; pageNumber >= 1; pageNumber--) {
      const before = list.calls;
      page = await paginator.page(selectionOf(), last(25, page.cursorOf(0)), makeContext());
      expect(await page.totalCount()).toBe(rowCount);
      expect(await page.hasNextPage()).toBe(true);
      expect(list.calls - before).toBe(1);
    }
    expect(idsOf(page)[0]).toBe('row-00000');
    expect(await page.hasPreviousPage()).toBe(false);
  });

  test('following pages of 100 rows cost two calls at most', async () => {
    const paginator = walkerOver(list);
    let page = await paginator.page(selectionOf(), first(100), makeContext());
    const seen = idsOf(page);
    while (await page.hasNextPage()) {
      const before = list.calls;
      page = await paginator.page(selectionOf(), first(100, page.cursorOf(99)), makeContext());
      expect(list.calls - before).toBeLessThanOrEqual(2);
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual([...list.record].sort(compareRows).map((row) => row.providerTransactionId));
  });
});

describe('an oldest-first list', () => {
  test('pages cost three calls at most, and one once the order is known', async () => {
    const list = filled(new MovingList('BANKING', { order: 'oldest-first' }));
    const paginator = walkerOver(list);
    let page = await paginator.page(selectionOf(), first(20), makeContext());
    expect(list.calls).toBeLessThanOrEqual(3);
    expect(idsOf(page)[0]).toBe('row-00000');
    for (let pageNumber = 2; pageNumber < 30; pageNumber++) {
      const before = list.calls;
      page = await paginator.page(selectionOf(), first(20, page.cursorOf(19)), makeContext());
      expect(await page.totalCount()).toBe(rowCount);
      expect(list.calls - before).toBe(1);
    }
  });
});

describe('a ledger that limits a range to 90 days', () => {
  const day = 86_400;
  const now = Math.floor(nowMs / 1000);

  function young(openRange: 'whole' | 'clipped' | 'refused'): MovingList {
    const list = new MovingList('ISSUING', { openRange }, 90 * day);
    list.record = Array.from({ length: 30 }, (_, rowIndex) =>
      makeRow(`row-${rowIndex}`, { second: now - rowIndex * 60, nano: 0 }, { ledger: 'ISSUING' }),
    );
    return list;
  }

  test.each(['whole', 'clipped', 'refused'] as const)(
    'a window that begins decades before the first row costs no calls for the years in between (%s)',
    async (openRange) => {
      const list = young(openRange);
      const paginator = walkerOver(list);
      const selection = selectionOf({ createdFrom: { second: 0, nano: 0 } });
      const page = await paginator.page(selection, first(20), makeContext());
      const next = await paginator.page(selection, first(20, page.cursorOf(19)), makeContext());
      expect(idsOf(next)).toHaveLength(10);
      expect(await next.hasNextPage()).toBe(false);
      const back = await paginator.page(selection, last(20), makeContext());
      expect(idsOf(back)).toHaveLength(20);
      expect(list.calls).toBeLessThanOrEqual(14);
    },
  );

  test('several statuses before a date are read even if one bound alone is refused', async () => {
    const list = young('refused');
    const selection = selectionOf({ statuses: ['COMPLETED', 'FAILED'], createdTo: { second: now, nano: 0 } });
    const page = await walkerOver(list).page(selection, first(5), makeContext());
    expect(idsOf(page)).toEqual(['row-1', 'row-2', 'row-3', 'row-4', 'row-5']);
  });

  test('a gap longer than a slice is crossed', async () => {
    for (const openRange of ['whole', 'clipped', 'refused'] as const) {
      const list = young(openRange);
      list.record.push(makeRow('old', { second: now - 700 * day, nano: 0 }, { ledger: 'ISSUING' }));
      const page = await walkerOver(list).page(selectionOf(), first(31), makeContext());
      expect(idsOf(page).at(-1)).toBe('old');
      const paginator = walkerOver(list);
      const before = await paginator.page(selectionOf(), first(30), makeContext());
      expect(await before.hasNextPage()).toBe(true);
      expect(await before.totalCount()).toBe(31);
      const rest = await paginator.page(selectionOf(), first(30, before.cursorOf(29)), makeContext());
      expect(idsOf(rest)).toEqual(['old']);
    }
  });
});
