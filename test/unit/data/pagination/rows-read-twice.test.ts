import { expect, test } from '@jest/globals';
import type { Transaction } from '../../../../src/domain/model.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

const second = 1_780_000_000;
let rowCount = 0;

function rowsAt(atSecond: number, count: number): Transaction[] {
  return Array.from({ length: count }, () => {
    rowCount += 1;
    return makeRow(`row-${String(rowCount).padStart(4, '0')}`, { second: atSecond, nano: 0 });
  });
}

/** The first page of a list that changes before its second call; that call reads the page's last second again. */
async function readFirstPage(list: MovingList, size: number, change: () => void) {
  list.beforeEachCall = () => {
    if (list.calls === 1) change();
  };
  const args = { direction: 'forward', size, cursor: null, until: null, wantsTotal: true } as const;
  const page = await walkerOver(list).page(selectionOf(), args, makeContext());
  const ids = page.rows.map((row) => row.providerTransactionId);
  return { ids, distinct: new Set(ids).size, totalCount: await page.totalCount() };
}

test('a row whose time has changed when it is read again is returned once', async () => {
  const list = new MovingList('BANKING');
  list.record = [...rowsAt(second + 5, 60), ...rowsAt(second, 45), ...rowsAt(second - 10, 100)];
  const { ids, distinct, totalCount } = await readFirstPage(list, 100, () => {
    const index = list.record.findIndex((row) => row.createdAt.second === second);
    list.record[index] = { ...(list.record[index] as Transaction), createdAt: { second, nano: 5 } };
  });
  expect([ids.length, distinct, totalCount]).toEqual([100, 100, 205]);
});

test('rows that are read again while they wait for the rest of their second are counted once', async () => {
  const list = new MovingList('BANKING');
  list.record = [...rowsAt(second + 5, 60), ...rowsAt(second, 200), ...rowsAt(second - 1, 50)];
  const { ids, distinct, totalCount } = await readFirstPage(list, 80, () => {
    list.record.push(...rowsAt(second + 1, 30));
  });
  expect([ids.length, distinct, totalCount]).toEqual([80, 80, 340]);
});
