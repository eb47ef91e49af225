import { expect, test } from '@jest/globals';
import { createTransactionPaginator, type TransactionPaginator } from '../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { TransactionStatus } from '../../src/domain/vocabulary.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import fc from '../support/fast-check.ts';
import { walkHostilely } from '../support/hostile-walk.ts';
import { Random } from '../support/random.ts';
import { recordOfSandbox, timeText } from '../support/sandbox-record.ts';
import { selectionOf } from '../support/walks.ts';
import { startAdapter } from './uqpay-adapter.fixture.ts';

// Random walks through the UQPAY adapter over the embedded sandbox, whose data changes between any two upstream
// calls. WALKS sets the number of walks per property (thousands in the nightly profile).

const walks = Math.ceil(Number(process.env.WALKS ?? 75) / 3);
const timeoutMs = 1_200_000;
const statuses: readonly TransactionStatus[] = ['PENDING', 'COMPLETED', 'FAILED'];
const newest = Date.parse('2026-06-15T07:00:00Z') / 1000;

const behaviour: fc.Arbitrary<Partial<UqpayBehaviour>> = fc.record({
  listOrder: fc.constantFrom('newest-first', 'oldest-first'),
  tieOrder: fc.constantFrom('inserted', 'id-ascending', 'id-descending', 'hashed'),
  timeComparison: fc.constantFrom('exact', 'second'),
  openEndedIssuingRange: fc.constantFrom('whole', 'clipped', 'refused'),
  pageBeyondEnd: fc.constantFrom('empty', 'refused', 'last-page'),
  boundOffset: fc.constantFrom('heeded', 'z-as-utc+8', 'taken-for-utc+8'),
});

/** Bounds that do not mean what they say. */
const otherBounds: fc.Arbitrary<Partial<UqpayBehaviour>> = fc.oneof(
  fc.record({ timeBounds: fc.constantFrom('end-exclusive', 'start-ignored', 'end-ignored', 'ignored') }),
  fc.record({ boundOffset: fc.constant('taken-for-utc') }),
);

/** Counts and pages that deviate from the documentation, in one way or two. */
const otherLists: fc.Arbitrary<Partial<UqpayBehaviour>> = fc
  .record(
    {
      totalItems: fc.constantFrom('of-page', 'zero', 'one-less', 'one-more', 'text'),
      totalPages: fc.constantFrom('of-asked-size', 'of-page-size-10', 'one', 'absent'),
      pageSizeCap: fc.constantFrom(7, 20, 50),
      pageStart: fc.constant('of-asked-size'),
      pageNumber: fc.constant('ignored'),
      pageOrder: fc.constant('drawn-for-each-page'),
      emptyPageNumber: fc.constant(2),
    },
    { requiredKeys: [] },
  )
  // A page that agrees with all the false counts looks like a whole list.
  .filter(
    (lists) =>
      Object.keys(lists).length <= 2 && !(lists.totalItems === 'of-page' && lists.totalPages === 'one'),
  );

/** Read from the oldest end, in slices, the last of which leaves out the newest row. */
const newestRowLeftOut: [Partial<UqpayBehaviour>, Partial<UqpayBehaviour>, Shape] = [
  {
    listOrder: 'newest-first',
    timeComparison: 'exact',
    openEndedIssuingRange: 'whole',
    pageBeyondEnd: 'empty',
  },
  { timeBounds: 'end-exclusive' },
  { seed: -2145124346, rowCount: 60, gap: 4_000_000, tiesMax: 1, turnRate: 0, selected: null },
];

/** From the end, with a ledger that fails when its newest row is read, and answers for its oldest ones. */
const failedAtTheTop: [Partial<UqpayBehaviour>, Partial<UqpayBehaviour>, Shape] = [
  { listOrder: 'newest-first', tieOrder: 'inserted', openEndedIssuingRange: 'whole' },
  { timeBounds: 'start-ignored' },
  { seed: 2147483624, rowCount: 260, gap: 60, tiesMax: 150, turnRate: 0, selected: null },
];

/** More rows of one second than a page has: only counts and page numbers show where they end. */
function oneSecond(
  lists: Partial<UqpayBehaviour>,
  rowCount: Shape['rowCount'] = 130,
): [Partial<UqpayBehaviour>, Partial<UqpayBehaviour>, Shape] {
  const given: Shape = { seed: 0, rowCount, gap: 0, tiesMax: 1, turnRate: 0, selected: null };
  return [{ listOrder: 'newest-first' }, lists, given];
}

const shape = fc.record({
  seed: fc.integer(),
  rowCount: fc.constantFrom(1, 60, 130, 260),
  gap: fc.constantFrom(0, 60, 86_400, 4_000_000),
  tiesMax: fc.constantFrom(1, 30, 150),
  turnRate: fc.constantFrom(0, 0.3),
  selected: fc.constantFrom<readonly TransactionStatus[] | null>(null, ['PENDING'], ['PENDING', 'FAILED']),
});

/** A paginator whose pages fail if one of their sources did. */
function unlessPartial(paginator: TransactionPaginator): TransactionPaginator {
  return {
    async page(...args) {
      const page = await paginator.page(...args);
      for (const { failure } of page.sources) if (failure !== null) throw failure;
      return page;
    },
  };
}

type Shape = typeof shape extends fc.Arbitrary<infer Given> ? Given : never;

/** One walk over both ledgers, filled at random. */
async function walkOver(behaves: Partial<UqpayBehaviour>, given: Shape, mutationRate: number) {
  const random = new Random(given.seed);
  const adapter = await startAdapter({ behaviour: behaves });
  try {
    for (const line of ['banking', 'issuing'] as const) {
      let second = newest + random.pick([0, 0, 3, 200]) * 86_400;
      for (let left = given.rowCount; left > 0; second -= random.between(0, given.gap)) {
        for (let tie = random.between(1, given.tiesMax); tie > 0 && left > 0; tie--, left--) {
          adapter.control.insertTransaction(line, {
            create_time: timeText(random, second),
            transaction_status: random.pick(statuses),
          });
        }
      }
    }
    const paginator = createTransactionPaginator({
      providers: [adapter.provider],
      signer: createCursorSigner(Buffer.from('a secret of the tests only')),
      clock: adapter.clock,
    });
    return await walkHostilely({
      paginator: unlessPartial(paginator),
      record: recordOfSandbox(adapter.sandbox, ['banking', 'issuing']),
      selection: selectionOf({ statuses: given.selected }),
      matches: (row) => given.selected === null || given.selected.includes(row.status),
      random,
      pagesMax: 12,
      mutationRate,
      turnRate: given.turnRate,
    });
  } finally {
    await adapter.close();
  }
}

test.each([0, 0.5])(
  'paging keeps its promise with a change before %f of the calls',
  async (mutationRate) => {
    let pages = 0;
    await fc.assert(
      fc.asyncProperty(behaviour, shape, async (behaves, given) => {
        pages += (await walkOver(behaves, given, mutationRate)).pages;
      }),
      { numRuns: walks },
    );
    expect(pages).toBeGreaterThan(walks);
  },
  timeoutMs,
);

/** Whether a walk was refused; throws if it broke the promise. */
async function isRefused(behaves: Partial<UqpayBehaviour>, given: Shape, mutationRate: number) {
  try {
    await walkOver(behaves, given, mutationRate);
    return false;
  } catch (error) {
    // A source that is refused after the page's rows were read may have more.
    if (error instanceof Error && /has\w+Page is not false/.test(error.message)) return false;
    // So may one that is refused when the snapshot bound is fixed, and read afterwards.
    if (error instanceof Error && error.message === 'a row from beyond the window') return false;
    if (error instanceof Failure && error.code === 'UPSTREAM_SHAPE') return true;
    throw error;
  }
}

test(
  'paging over bounds with a different meaning keeps its promise, or is refused',
  async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(behaviour, otherBounds, shape, async (behaves, bounds, given) => {
        refused += Number(await isRefused({ ...behaves, ...bounds }, given, 0));
      }),
      { numRuns: walks, examples: [newestRowLeftOut, failedAtTheTop] },
    );
    expect(refused).toBeGreaterThan(walks / 10);
  },
  timeoutMs,
);

test(
  'paging over lists with undocumented counts or pages keeps its promise, or is refused',
  async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(behaviour, otherLists, shape, async (behaves, lists, given) => {
        // Totals may be wrong if every count of a page is; rows may not.
        refused += Number(await isRefused({ ...behaves, ...lists }, given, Number.MIN_VALUE));
      }),
      {
        numRuns: walks,
        examples: [
          oneSecond({ pageNumber: 'ignored' }),
          oneSecond({ totalItems: 'of-page', pageOrder: 'drawn-for-each-page' }),
          oneSecond({ totalItems: 'of-page', totalPages: 'of-page-size-10' }),
          oneSecond({ totalItems: 'of-page', pageSizeCap: 20 }, 60),
          [
            { listOrder: 'oldest-first' },
            { totalItems: 'zero', emptyPageNumber: 2 },
            { seed: 0, rowCount: 260, gap: 60, tiesMax: 1, turnRate: 0, selected: null },
          ],
        ],
      },
    );
    expect(refused).toBeGreaterThan(0);
  },
  timeoutMs,
);
