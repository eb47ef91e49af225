import { expect, test } from '@jest/globals';
import type { Transaction } from '../../../../src/domain/model.ts';
import { type ListBehaviour, MovingList, makeRow } from '../../../support/moving-list.ts';
import { first, idsOf, last, makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

const second = 1_780_000_000;

function rowsAt(atSecond: number, count: number, name = 'row'): Transaction[] {
  return Array.from({ length: count }, (_, rowIndex) =>
    makeRow(`${name}-${String(rowIndex).padStart(3, '0')}`, { second: atSecond, nano: 0 }),
  );
}

test.each(['oldest-first', 'newest-first'] as const)(
  'if a list is %s and its last page is within one second, paging backward loses no older row',
  async (order) => {
    const list = new MovingList('BANKING', { order });
    const other = new MovingList('ISSUING');
    list.record = rowsAt(second, 150);
    other.record = rowsAt(second - 10, 1, 'oldest').map((row) => ({ ...row, ledger: 'ISSUING' as const }));
    const paginator = walkerOver(list, other);
    const page = await paginator.page(selectionOf(), first(100), makeContext());
    const bottom = await paginator.page(selectionOf(), first(100, page.cursorOf(99)), makeContext());
    expect(idsOf(bottom).at(-1)).toBe('oldest-000');

    list.record.push(...rowsAt(second, 10, 'tie'), ...rowsAt(second - 5, 1, 'older'));
    const above = await paginator.page(selectionOf(), last(5, bottom.cursorOf(50)), makeContext());
    expect(idsOf(above)).toEqual(['tie-006', 'tie-007', 'tie-008', 'tie-009', 'older-000']);
  },
);

/** The first three rows of a list that `change` changes before its second call, which reads its other end. */
async function firstRowsOf(list: MovingList, rows: Transaction[], change: (rows: Transaction[]) => void) {
  list.record = rows;
  list.beforeEachCall = () => {
    if (list.calls === 1) change(list.record);
  };
  return idsOf(await walkerOver(list).page(selectionOf(), first(3), makeContext()));
}

test.each(['empty', 'refused', 'last-page'] as const)(
  'a list whose last page disappeared while its order was learned (reply beyond its end: %s) still starts at its newest row',
  async (beyondEnd: ListBehaviour['beyondEnd']) => {
    const list = new MovingList('BANKING', { order: 'oldest-first', beyondEnd });
    const rows = [...rowsAt(second, 100), ...rowsAt(second + 5, 1, 'newest')];
    expect(await firstRowsOf(list, rows, (record) => record.shift())).toEqual([
      'newest-000',
      'row-001',
      'row-002',
    ]);
  },
);

test('a list that got longer while its order was learned still starts at its newest row', async () => {
  const list = new MovingList('BANKING', { order: 'oldest-first' });
  const rows = [...rowsAt(second, 199), ...rowsAt(second + 5, 1, 'newest')];
  const longer = (record: Transaction[]) => record.unshift(...rowsAt(second, 1, 'tie'));
  expect(await firstRowsOf(list, rows, longer)).toEqual(['newest-000', 'row-000', 'row-001']);
});

test('a list that was emptied while its order was learned returns the rows of its first page', async () => {
  const list = new MovingList('BANKING', { order: 'oldest-first' });
  const empty = (record: Transaction[]) => record.splice(0);
  expect(await firstRowsOf(list, rowsAt(second, 150), empty)).toEqual(['row-000', 'row-001', 'row-002']);
});

test('a last page that is no longer the last is read again, not taken from the cache', async () => {
  const list = new MovingList('BANKING', { order: 'oldest-first' });
  list.record = [...rowsAt(second, 200), ...rowsAt(second + 5, 1, 'newest')];
  list.beforeEachCall = () => {
    if (list.calls === 1) list.record.unshift(...rowsAt(second, 100, 'tie'));
  };
  const ages: (number | null)[] = [];
  const { page } = list;
  list.page = (asked, context) => {
    ages.push(context.maxAgeSeconds);
    return page.call(list, asked, context);
  };
  const newest = await walkerOver(list).page(selectionOf(), first(1), makeContext());
  expect(idsOf(newest)).toEqual(['newest-000']);
  expect(ages.slice(0, 3)).toEqual([null, null, 0]);
});
