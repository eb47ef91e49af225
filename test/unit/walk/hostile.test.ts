import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Transaction } from '../../../src/domain/model.ts';
import type { TransactionStatus } from '../../../src/domain/vocabulary.ts';
import { compareRows } from '../../../src/walk/order.ts';
import { type MovingRecord, walkHostilely } from '../../support/hostile-walk.ts';
import { type ListBehaviour, MovingList, makeRow } from '../../support/moving-list.ts';
import { Random } from '../../support/random.ts';
import { selectionOf, walkerOver } from '../../support/walks.ts';

// Random walks over simulated lists that change between any two upstream calls. Seeds are printed on failure;
// WALKS sets how many walks each property makes (the nightly profile makes thousands).

const walks = Number(process.env.WALKS ?? 150);
const timeoutMs = 600_000;
const start = 1_780_000_000;
const spanSecondsMax = 90 * 86_400;
const statuses: readonly TransactionStatus[] = ['PENDING', 'COMPLETED', 'FAILED'];

const behaviour: fc.Arbitrary<ListBehaviour> = fc.record({
  order: fc.constantFrom('newest-first', 'oldest-first'),
  tieOrder: fc.constantFrom('inserted', 'id-ascending', 'id-descending', 'hashed'),
  timeComparison: fc.constantFrom('exact', 'second'),
  sortPrecision: fc.constantFrom('exact', 'second'),
  openRange: fc.constantFrom('whole', 'clipped', 'refused'),
  beyondEnd: fc.constantFrom('empty', 'refused', 'last-page'),
});

const shape = fc.record({
  seed: fc.integer(),
  rowCount: fc.constantFrom(0, 1, 7, 60, 100, 101, 350, 700),
  /** Seconds between rows; 0 puts them all into one second. */
  gap: fc.constantFrom(0, 1, 60, 86_400),
  /** Largest number of rows that share a second. */
  tiesMax: fc.constantFrom(1, 3, 40, 250),
  fractions: fc.boolean(),
  turnRate: fc.constantFrom(0, 0.3),
});

let nextId = 0;

function fill(
  list: MovingList,
  random: Random,
  given: { rowCount: number; gap: number; tiesMax: number; fractions: boolean },
): void {
  let second = start;
  while (list.record.length < given.rowCount) {
    const ties = random.between(1, given.tiesMax);
    for (let tie = 0; tie < ties && list.record.length < given.rowCount; tie++) {
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

function recordOf(lists: readonly MovingList[], fractions: boolean): MovingRecord {
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

describe('one ledger', () => {
  test.each([0, 0.6])(
    'keeps the promise with a change before %f of the calls',
    async (mutationRate) => {
      await fc.assert(
        fc.asyncProperty(behaviour, shape, async (behaves, given) => {
          const random = new Random(given.seed);
          const list = new MovingList('BANKING', behaves);
          fill(list, random, given);
          await walkHostilely({
            walker: walkerOver(list),
            record: recordOf([list], given.fractions),
            selection: selectionOf(),
            matches: () => true,
            random,
            pagesMax: 30,
            mutationRate,
            turnRate: given.turnRate,
          });
        }),
        { numRuns: walks },
      );
    },
    timeoutMs,
  );
});

describe('a ledger that limits a range to 90 days', () => {
  test.each([0, 0.6])(
    'keeps the promise with a change before %f of the calls',
    async (mutationRate) => {
      await fc.assert(
        fc.asyncProperty(behaviour, shape, fc.boolean(), async (behaves, given, bounded) => {
          const random = new Random(given.seed);
          const list = new MovingList('ISSUING', behaves, spanSecondsMax);
          fill(list, random, { ...given, gap: given.gap * random.pick([1, 100]) });
          const createdFrom = bounded ? { second: start - 200 * 86_400, nano: 0 } : null;
          await walkHostilely({
            walker: walkerOver(list),
            record: recordOf([list], given.fractions),
            selection: selectionOf({ createdFrom }),
            matches: (row) => createdFrom === null || row.createdAt.second >= createdFrom.second,
            random,
            pagesMax: 20,
            mutationRate,
            turnRate: given.turnRate,
          });
        }),
        { numRuns: walks },
      );
    },
    timeoutMs,
  );
});

describe('several ledgers merged, filtered', () => {
  test.each([0, 0.6])(
    'keeps the promise with a change before %f of the calls',
    async (mutationRate) => {
      const wanted = fc.constantFrom<readonly TransactionStatus[]>(
        ['PENDING'],
        ['PENDING', 'FAILED'],
        statuses,
      );
      await fc.assert(
        fc.asyncProperty(behaviour, behaviour, shape, wanted, async (one, two, given, selected) => {
          const random = new Random(given.seed);
          const lists = [new MovingList('BANKING', one), new MovingList('ISSUING', two, spanSecondsMax)];
          for (const list of lists) fill(list, random, given);
          await walkHostilely({
            walker: walkerOver(...lists),
            record: recordOf(lists, given.fractions),
            selection: selectionOf({ statuses: selected }),
            matches: (row) => selected.includes(row.status),
            random,
            pagesMax: 15,
            mutationRate,
            turnRate: given.turnRate,
          });
        }),
        { numRuns: walks },
      );
    },
    timeoutMs,
  );
});

test('a naive walk by offset breaks the same promise', async () => {
  let broken = 0;
  for (let seed = 0; seed < 50; seed++) {
    const random = new Random(seed);
    const list = new MovingList('BANKING');
    fill(list, random, { rowCount: 350, gap: 60, tiesMax: 3, fractions: false });
    const record = recordOf([list], false);
    const before = new Set(list.record);
    const seen: Transaction[] = [];
    for (let offset = 0; offset < 400; offset += 20) {
      record.mutate(random, null);
      seen.push(...[...list.record].sort(compareRows).slice(offset, offset + 20));
    }
    const stable = list.record.filter((row) => before.has(row));
    const isRepeated = new Set(seen).size < seen.length;
    const isLost = stable.some((row) => !seen.includes(row));
    if (isRepeated || isLost) broken++;
  }
  expect(broken).toBeGreaterThan(40);
});

test('a list in no order is refused', async () => {
  const list = new MovingList('BANKING', { order: 'unordered' });
  list.record = [3, 1, 2].map((second) => makeRow(`row-${second}`, { second: start + second, nano: 0 }));
  const walk = walkHostilely({
    walker: walkerOver(list),
    record: recordOf([list], false),
    selection: selectionOf(),
    matches: () => true,
    random: new Random(1),
    pagesMax: 1,
    mutationRate: 0,
    turnRate: 0,
  });
  await expect(walk).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
});
