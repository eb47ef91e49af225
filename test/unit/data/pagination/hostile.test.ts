import { describe, expect, test } from '@jest/globals';
import { compareRows } from '../../../../src/data/pagination/order.ts';
import type { Transaction } from '../../../../src/domain/model.ts';
import type { TransactionStatus } from '../../../../src/domain/vocabulary.ts';
import fc from '../../../support/fast-check.ts';
import { behaviour, fill, recordOf, shape, start, statuses } from '../../../support/hostile-lists.ts';
import { walkHostilely } from '../../../support/hostile-walk.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { Random } from '../../../support/random.ts';
import { selectionOf, walkerOver } from '../../../support/walks.ts';

// Random walks over simulated lists that change between any two upstream calls. Seeds are printed on failure;
// WALKS sets the number of walks per property (thousands in the nightly profile).

const walks = Number(process.env.WALKS ?? 15);
const timeoutMs = 600_000;
const spanSecondsMax = 90 * 86_400;

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
            paginator: walkerOver(list),
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
            paginator: walkerOver(list),
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
            paginator: walkerOver(...lists),
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

test('naive paging by offset breaks the same promise', async () => {
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

test('a list without an order is refused', async () => {
  const list = new MovingList('BANKING', { order: 'unordered' });
  list.record = [3, 1, 2].map((second) => makeRow(`row-${second}`, { second: start + second, nano: 0 }));
  const walk = walkHostilely({
    paginator: walkerOver(list),
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
