import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TransactionStatus } from '../../src/domain/vocabulary.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { createTransactionWalker } from '../../src/walk/index.ts';
import { createCursorSeal } from '../../src/walk/seal.ts';
import { walkHostilely } from '../support/hostile-walk.ts';
import { Random } from '../support/random.ts';
import { recordOfSandbox, timeText } from '../support/sandbox-record.ts';
import { selectionOf } from '../support/walks.ts';
import { startAdapter } from './uqpay-adapter.fixture.ts';

// Random walks through the UQPAY adapter over the embedded sandbox, whose record changes between any two upstream
// calls. WALKS sets how many each property makes (the nightly profile makes thousands).

const walks = Math.ceil(Number(process.env.WALKS ?? 150) / 3);
const timeoutMs = 1_200_000;
const statuses: readonly TransactionStatus[] = ['PENDING', 'COMPLETED', 'FAILED'];
const newest = Date.parse('2026-06-15T07:00:00Z') / 1000;

const behaviour: fc.Arbitrary<Partial<UqpayBehaviour>> = fc.record({
  listOrder: fc.constantFrom('newest-first', 'oldest-first'),
  tieOrder: fc.constantFrom('inserted', 'id-ascending', 'id-descending', 'hashed'),
  timeComparison: fc.constantFrom('exact', 'second'),
  openEndedIssuingRange: fc.constantFrom('whole', 'clipped', 'refused'),
  pageBeyondEnd: fc.constantFrom('empty', 'refused', 'last-page'),
});

const shape = fc.record({
  seed: fc.integer(),
  rowCount: fc.constantFrom(1, 60, 130, 260),
  gap: fc.constantFrom(0, 60, 86_400, 4_000_000),
  tiesMax: fc.constantFrom(1, 30, 150),
  turnRate: fc.constantFrom(0, 0.3),
  selected: fc.constantFrom<readonly TransactionStatus[] | null>(null, ['PENDING'], ['PENDING', 'FAILED']),
});

test.each([0, 0.5])(
  'walks keep the promise with a change before %f of the calls',
  async (mutationRate) => {
    let pages = 0;
    await fc.assert(
      fc.asyncProperty(behaviour, shape, async (behaves, given) => {
        const random = new Random(given.seed);
        const adapter = await startAdapter({ behaviour: behaves });
        try {
          for (const line of ['banking', 'issuing'] as const) {
            let second = newest;
            for (let left = given.rowCount; left > 0; second -= random.between(0, given.gap)) {
              for (let tie = random.between(1, given.tiesMax); tie > 0 && left > 0; tie--, left--) {
                adapter.control.insertTransaction(line, {
                  create_time: timeText(random, second),
                  transaction_status: random.pick(statuses),
                });
              }
            }
          }
          const walker = createTransactionWalker({
            providers: [adapter.provider],
            seal: createCursorSeal(Buffer.from('a secret of the tests only')),
            clock: adapter.clock,
          });
          const walked = await walkHostilely({
            walker,
            record: recordOfSandbox(adapter.sandbox, ['banking', 'issuing']),
            selection: selectionOf({ statuses: given.selected }),
            matches: (row) => given.selected === null || given.selected.includes(row.status),
            random,
            pagesMax: 12,
            mutationRate,
            turnRate: given.turnRate,
          });
          pages += walked.pages;
        } finally {
          await adapter.close();
        }
      }),
      { numRuns: walks },
    );
    expect(pages).toBeGreaterThan(walks);
  },
  timeoutMs,
);
