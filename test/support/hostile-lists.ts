import type { Transaction } from '../../src/domain/model.ts';
import type { TransactionStatus } from '../../src/domain/vocabulary.ts';
import fc from './fast-check.ts';
import type { MovingRecord } from './hostile-walk.ts';
import { type ListBehaviour, type MovingList, makeRow } from './moving-list.ts';
import type { Random } from './random.ts';

/** Time of the newest row of a list, by default. */
export const start = 1_780_000_000;
export const statuses: readonly TransactionStatus[] = ['PENDING', 'COMPLETED', 'FAILED'];

/** Behaviours that providers may have. */
export const behaviour: fc.Arbitrary<ListBehaviour> = fc.record({
  order: fc.constantFrom('newest-first', 'oldest-first'),
  tieOrder: fc.constantFrom('inserted', 'id-ascending', 'id-descending', 'hashed'),
  timeComparison: fc.constantFrom('exact', 'second'),
  sortPrecision: fc.constantFrom('exact', 'second'),
  openRange: fc.constantFrom('whole', 'clipped', 'refused'),
  beyondEnd: fc.constantFrom('empty', 'refused', 'last-page'),
});

/** How to fill a list and page through it. */
export const shape = fc.record({
  seed: fc.integer(),
  rowCount: fc.constantFrom(0, 1, 7, 60, 100, 101, 350, 700),
  /** Seconds between rows; 0 puts them all into one second. */
  gap: fc.constantFrom(0, 1, 60, 86_400),
  /** Most rows that share a second. */
  tiesMax: fc.constantFrom(1, 3, 40, 250),
  fractions: fc.boolean(),
  turnRate: fc.constantFrom(0, 0.3),
});

let nextId = 0;

/** Fills a list from `newest` back. */
export function fill(
  list: MovingList,
  random: Random,
  given: { rowCount: number; gap: number; tiesMax: number; fractions: boolean },
  newest = start,
): void {
  let second = newest;
  const rowCount = list.record.length + given.rowCount;
  while (list.record.length < rowCount) {
    const ties = random.between(1, given.tiesMax);
    for (let tie = 0; tie < ties && list.record.length < rowCount; tie++) {
      list.record.push(rowAt(list, random, second, given.fractions));
    }
    second -= given.gap === 0 ? 0 : random.between(1, given.gap);
  }
}

function rowAt(list: MovingList, random: Random, second: number, fractions: boolean): Transaction {
  const id = `${random.between(100_000, 999_999)}-${nextId++}`;
  const nano = fractions ? random.pick([0, 0, 1, 500_000_000, 999_999_999]) : 0;
  return makeRow(id, { second, nano }, { ledger: list.ledger, status: random.pick(statuses) });
}

/** The data of lists, with changes of every kind. */
export function recordOf(lists: readonly MovingList[], fractions: boolean): MovingRecord {
  return {
    rows: () => lists.flatMap((list) => list.record),
    beforeEachCall(hook) {
      for (const list of lists) list.beforeEachCall = hook;
    },
    mutate(random, near) {
      const list = random.pick(lists);
      const seconds = list.record.map((row) => row.createdAt.second);
      const newest = Math.max(start, ...seconds);
      const oldest = Math.min(start, ...seconds);
      const insert = (second: number) => list.record.push(rowAt(list, random, second, fractions));
      switch (random.between(0, 5)) {
        case 0:
          insert(newest + random.between(0, 2));
          break;
        case 1:
          insert(random.between(oldest, newest));
          break;
        case 2:
          if (list.record.length > 0) list.record.splice(random.between(0, list.record.length - 1), 1);
          break;
        case 3: {
          const rowIndex = random.between(0, list.record.length - 1);
          const row = list.record[rowIndex];
          if (row !== undefined) {
            const status = random.pick(statuses);
            list.record[rowIndex] = { ...row, status, statusRaw: status };
          }
          break;
        }
        case 4:
          if (near !== null) insert(near.createdAt.second);
          break;
        case 5:
          list.record = list.record.filter(
            (row) => row.providerTransactionId !== near?.providerTransactionId,
          );
          break;
      }
    },
  };
}
