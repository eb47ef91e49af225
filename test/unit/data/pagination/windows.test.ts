import { describe, expect, test } from '@jest/globals';
import { compareRows } from '../../../../src/data/pagination/order.ts';
import type { PageArguments } from '../../../../src/data/pagination/page.ts';
import type { Instant } from '../../../../src/domain/instant.ts';
import { type ListBehaviour, MovingList, makeRow } from '../../../support/moving-list.ts';
import { first, idsOf, last, makeContext, nowMs, selectionOf, walkerOver } from '../../../support/walks.ts';

// Windows over a ledger that allows 90 days between two bounds: their rows and counts, for a few calls wherever they
// are.

const day = 86_400;
const now = Math.floor(nowMs / 1000);
const at = (text: string): Instant => ({ second: Date.parse(text) / 1000, nano: 0 });
const endOfTime = at('9999-12-31T23:59:59Z');
const startOfTime = at('0001-01-01T00:00:00Z');

const openRanges = ['whole', 'clipped', 'refused'] as const;
const orders = ['newest-first', 'oldest-first'] as const;
const providers = openRanges.flatMap((openRange) => orders.map((order) => ({ openRange, order })));

/** A list with a row at each second. */
function listOf(seconds: readonly number[], behaviour: Partial<ListBehaviour>): MovingList {
  const list = new MovingList('ISSUING', behaviour, 90 * day);
  list.record = seconds.map((second, rowIndex) =>
    makeRow(`row-${String(rowIndex).padStart(4, '0')}`, { second, nano: 0 }, { ledger: 'ISSUING' }),
  );
  return list;
}

/** `rowCount` seconds from `newest` down, `gap` seconds apart. */
function run(newest: number, rowCount: number, gap: number): number[] {
  return Array.from({ length: rowCount }, (_, rowIndex) => newest - rowIndex * gap);
}

interface Window {
  readonly createdFrom?: Instant | null;
  readonly createdTo?: Instant | null;
}

/** All rows of a window, page after page in one direction, with the calls of each page. */
async function walk(list: MovingList, window: Window, size: number, forward = true) {
  const paginator = walkerOver(list);
  const selection = selectionOf(window);
  const costs: number[] = [];
  const ids: string[] = [];
  const totals: (number | null)[] = [];
  let cursor: string | null = null;
  for (;;) {
    const before = list.calls;
    const args: PageArguments = { ...(forward ? first : last)(size, cursor), wantsTotal: true };
    const page = await paginator.page(selection, args, makeContext());
    if (forward) ids.push(...idsOf(page));
    else ids.unshift(...idsOf(page));
    totals.push(await page.totalCount());
    const goesOn = forward ? await page.hasNextPage() : await page.hasPreviousPage();
    costs.push(list.calls - before);
    if (!goesOn) return { ids, costs, totals };
    cursor = page.cursorOf(forward ? page.rows.length - 1 : 0);
  }
}

function wanted(list: MovingList, { createdFrom = null, createdTo = null }: Window): string[] {
  return [...list.record]
    .sort(compareRows)
    .filter(({ createdAt: { second } }) => createdFrom === null || second >= createdFrom.second)
    .filter(({ createdAt: { second } }) => createdTo === null || second < createdTo.second)
    .map((row) => row.providerTransactionId);
}

const far: readonly [string, Window][] = [
  ['from this year to the end of time', { createdFrom: at('2026-01-01T00:00:00Z'), createdTo: endOfTime }],
  ['to the end of time', { createdTo: endOfTime }],
  ['from the year 0001 to the end of time', { createdFrom: startOfTime, createdTo: endOfTime }],
  ['from the year 1900 on', { createdFrom: at('1900-01-01T00:00:00Z') }],
  [
    'from the year 1900 to tomorrow',
    { createdFrom: at('1900-01-01T00:00:00Z'), createdTo: at('2026-06-02T00:00:00Z') },
  ],
];

describe.each(providers)('a provider with $order lists for which one bound is $openRange', (behaviour) => {
  describe.each(far)('a window %s', (_, window) => {
    test('returns 30 rows for one call, or from its end for four', async () => {
      const list = listOf(run(now - 60, 30, 3_600), behaviour);
      expect(await walk(list, window, 50)).toEqual({
        ids: wanted(list, window),
        costs: [1],
        totals: [30],
      });
      list.calls = 0;
      const backward = await walk(list, window, 50, false);
      expect(backward.ids).toEqual(wanted(list, window));
      expect(backward.costs).toEqual([1]);
    });

    test('returns 700 rows of three months page by page, also backward', async () => {
      const list = listOf(run(now - 60, 700, 3 * 3_600), behaviour);
      const forward = await walk(list, window, 50);
      expect(forward.ids).toEqual(wanted(list, window));
      const [head = 0, second = 0, ...others] = forward.costs;
      expect(head).toBeLessThanOrEqual(behaviour.order === 'newest-first' ? 1 : 3);
      // The meaning of a single bound is found out once.
      expect(second).toBeLessThanOrEqual(6);
      expect(Math.max(...others.slice(0, -1))).toBeLessThanOrEqual(
        behaviour.order === 'newest-first' ? 2 : 3,
      );
      for (const total of forward.totals) expect([null, 700]).toContain(total);
      const { ids, costs } = await walk(list, window, 50, false);
      expect(ids).toEqual(wanted(list, window));
      expect(costs[0]).toBeLessThanOrEqual(6);
    });

    test('of an empty list costs one call', async () => {
      const list = listOf([], behaviour);
      expect(await walk(list, window, 50)).toEqual({ ids: [], costs: [1], totals: [0] });
    });
  });

  test('a window long before the oldest row costs a few calls', async () => {
    for (const rowCount of [30, 700]) {
      const list = listOf(run(now, rowCount, 3_600), behaviour);
      for (const createdFrom of [null, startOfTime]) {
        const { ids, costs } = await walk(list, { createdFrom, createdTo: at('2020-01-01T00:00:00Z') }, 20);
        expect([ids, costs.length]).toEqual([[], 1]);
        expect(costs[0]).toBeLessThanOrEqual(4);
      }
    }
  });

  test('the rows of a list without activity for years are found in a few calls', async () => {
    const list = listOf(run(now - 3_000 * day, 300, 3_600), behaviour);
    const window = { createdFrom: startOfTime, createdTo: { second: now, nano: 0 } };
    const { ids, costs } = await walk(list, window, 99);
    expect(ids).toEqual(wanted(list, window));
    expect(costs[0]).toBeLessThanOrEqual(behaviour.order === 'newest-first' ? 5 : 6);
  });

  test.each([40, 400])('years between two clusters of %i rows are not requested', async (rowCount) => {
    const seconds = [...run(now, rowCount, 3_600), ...run(now - 4_000 * day, rowCount, 3_600)];
    const list = listOf(seconds, behaviour);
    const window = { createdFrom: startOfTime, createdTo: endOfTime };
    const forward = await walk(list, window, 60);
    expect(forward.ids).toEqual(wanted(list, window));
    expect(Math.max(...forward.costs)).toBeLessThanOrEqual(10);
    const backward = await walk(list, window, 60, false);
    expect(backward.ids).toEqual(wanted(list, window));
    expect(Math.max(...backward.costs)).toBeLessThanOrEqual(10);
  });

  test('rows dated in the future belong to a window without an upper end, however far ahead they are', async () => {
    for (const [rowCount, ahead] of [
      [30, 3],
      [30, 400],
      [300, 3],
      [300, 400],
    ] as const) {
      const list = listOf([now + ahead * day, ...run(now - 60, rowCount, 7_200)], behaviour);
      const window = { createdFrom: { second: now - 60 * day, nano: 0 } };
      const { ids, totals } = await walk(list, window, 40);
      expect(ids).toEqual(wanted(list, window));
      for (const total of totals) expect([null, rowCount + 1]).toContain(total);
      if (rowCount === 30) expect(totals).toEqual([31]);
    }
  });
});

test('a busy list counts a window of less than 90 days for one call more, and for none if no count is requested', async () => {
  const list = listOf(run(now - 60, 5_000, 3_600), {});
  const selection = selectionOf({ createdFrom: { second: now - 60 * day, nano: 0 } });
  for (const wantsTotal of [false, true]) {
    list.calls = 0;
    const page = await walkerOver(list).page(selection, { ...first(20), wantsTotal }, makeContext());
    expect(await page.totalCount()).toBe(wantsTotal ? 1_440 : null);
    expect(list.calls).toBe(wantsTotal ? 2 : 1);
  }
});
