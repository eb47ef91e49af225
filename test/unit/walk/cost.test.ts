import { beforeEach, describe, expect, test } from '@jest/globals';
import { compareRows } from '../../../src/walk/order.ts';
import { MovingList, makeRow } from '../../support/moving-list.ts';
import { first, idsOf, last, makeContext, selectionOf, walkerOver } from '../../support/walks.ts';

// What each page costs in upstream calls, on a list of 10,000 rows that nobody disturbs.

const newest = 1_780_000_000;
const rowCount = 10_000;

function filled(list: MovingList): MovingList {
  list.record = Array.from({ length: rowCount }, (_, rowIndex) =>
    makeRow(`row-${String(rowIndex).padStart(5, '0')}`, { second: newest - rowIndex * 60, nano: 0 }),
  );
  return list;
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

  test('a first page of 100 rows needs a second call: nothing else tells whether its last second goes on', async () => {
    const page = await walkerOver(list).page(selectionOf(), first(100), makeContext());
    expect(idsOf(page)).toHaveLength(100);
    expect(list.calls).toBe(2);
  });

  test('400 pages deep costs what page 2 does', async () => {
    const walker = walkerOver(list);
    let page = await walker.page(selectionOf(), first(25), makeContext());
    const costs: number[] = [];
    for (let pageNumber = 2; pageNumber <= 400; pageNumber++) {
      const before = list.calls;
      page = await walker.page(selectionOf(), first(25, page.cursorOf(24)), makeContext());
      expect(await page.hasPreviousPage()).toBe(true);
      expect(await page.totalCount()).toBe(rowCount);
      costs.push(list.calls - before);
    }
    expect(new Set(costs)).toEqual(new Set([1]));
    expect(idsOf(page)[0]).toBe('row-09975');
    expect(await page.hasNextPage()).toBe(false);
  });

  test('backward pages cost one call, however deep', async () => {
    const walker = walkerOver(list);
    let page = await walker.page(selectionOf(), last(25), makeContext());
    expect(list.calls).toBe(2);
    expect(idsOf(page).at(-1)).toBe('row-09999');
    expect(await page.hasNextPage()).toBe(false);
    for (let pageNumber = 399; pageNumber >= 1; pageNumber--) {
      const before = list.calls;
      page = await walker.page(selectionOf(), last(25, page.cursorOf(0)), makeContext());
      expect(await page.totalCount()).toBe(rowCount);
      expect(await page.hasNextPage()).toBe(true);
      expect(list.calls - before).toBe(1);
    }
    expect(idsOf(page)[0]).toBe('row-00000');
    expect(await page.hasPreviousPage()).toBe(false);
  });

  test('following pages of 100 rows cost two calls at most', async () => {
    const walker = walkerOver(list);
    let page = await walker.page(selectionOf(), first(100), makeContext());
    const seen = idsOf(page);
    while (await page.hasNextPage()) {
      const before = list.calls;
      page = await walker.page(selectionOf(), first(100, page.cursorOf(99)), makeContext());
      expect(list.calls - before).toBeLessThanOrEqual(2);
      seen.push(...idsOf(page));
    }
    expect(seen).toEqual([...list.record].sort(compareRows).map((row) => row.providerTransactionId));
  });
});

describe('an oldest-first list', () => {
  test('pages cost three calls at most, and one once the order is known', async () => {
    const list = filled(new MovingList('BANKING', { order: 'oldest-first' }));
    const walker = walkerOver(list);
    let page = await walker.page(selectionOf(), first(20), makeContext());
    expect(list.calls).toBeLessThanOrEqual(3);
    expect(idsOf(page)[0]).toBe('row-00000');
    for (let pageNumber = 2; pageNumber < 30; pageNumber++) {
      const before = list.calls;
      page = await walker.page(selectionOf(), first(20, page.cursorOf(19)), makeContext());
      expect(await page.totalCount()).toBe(rowCount);
      expect(list.calls - before).toBe(1);
    }
  });
});
