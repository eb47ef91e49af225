import { expect, test } from '@jest/globals';
import { compareInstants } from '../../../../src/domain/instant.ts';
import fc from '../../../support/fast-check.ts';
import { behaviour, fill, recordOf, shape, start, statuses } from '../../../support/hostile-lists.ts';
import { walkHostilely } from '../../../support/hostile-walk.ts';
import { MovingList } from '../../../support/moving-list.ts';
import { Random } from '../../../support/random.ts';
import { selectionOf, walkerOver } from '../../../support/walks.ts';

// Random walks over windows with any ends, in a ledger that limits a range to 90 days and has its rows in clusters
// years apart, some in the future, while they change between any two upstream calls.

const walks = Number(process.env.WALKS ?? 30);
const timeoutMs = 600_000;
const day = 86_400;
const spanSecondsMax = 90 * day;

/** Days after or before the newest row at which a window may end or a cluster may begin. */
const ends = [-2_900_000 / 4, -9_000, -4_000, -200, -30, 0, 3, 60, 400, 2_900_000];
const endOfWindow = fc.constantFrom(null, ...ends);
const clusters = fc.uniqueArray(fc.constantFrom(-8_000, -3_000, -500, -95, 3, 90, 500), { maxLength: 3 });

test.each([0, 0.6])(
  'keeps the promise with a change before %f of the calls',
  async (mutationRate) => {
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(
        behaviour,
        shape,
        clusters,
        endOfWindow,
        endOfWindow,
        fc.boolean(),
        async (behaves, given, days, from, to, filtered) => {
          const random = new Random(given.seed);
          const list = new MovingList('ISSUING', behaves, spanSecondsMax);
          const rowCount = Math.min(given.rowCount, 350);
          for (const at of [0, ...days]) fill(list, random, { ...given, rowCount }, start + at * day);
          const nano = random.pick([0, 0, 500_000_000]);
          const createdFrom = from === null ? null : { second: start + from * day, nano };
          const createdTo = to === null ? null : { second: start + to * day, nano };
          const selected = filtered ? (['PENDING', 'FAILED'] as const) : statuses;
          const walked = await walkHostilely({
            paginator: walkerOver(list),
            record: recordOf([list], given.fractions),
            selection: selectionOf({ createdFrom, createdTo, statuses: filtered ? selected : null }),
            matches: ({ createdAt, status }) =>
              selected.some((word) => word === status) &&
              (createdFrom === null || compareInstants(createdAt, createdFrom) >= 0) &&
              (createdTo === null || compareInstants(createdAt, createdTo) < 0),
            random,
            pagesMax: 20,
            mutationRate,
            turnRate: given.turnRate,
            wantsTotal: random.next() < 0.5,
          });
          rows += walked.rows;
          // The slices between clusters are not requested one by one.
          if (mutationRate === 0 && given.tiesMax < 100 && given.gap > 0) {
            expect(list.calls).toBeLessThanOrEqual(20 + 12 * walked.pages);
          }
        },
      ),
      { numRuns: walks },
    );
    expect(rows).toBeGreaterThan(walks);
  },
  timeoutMs,
);
