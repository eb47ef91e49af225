import { afterEach, describe, expect, test } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import type { PageArguments } from '../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { first, idsOf, last, selectionOf } from '../support/walks.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

// Paging through transactions returns every row or fails, whatever a provider says about the length of its lists.

let running: Adapter | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const newestMs = Date.parse('2026-06-15T07:00:00Z');
type Line = 'banking' | 'issuing';

async function start(behaviour: Partial<UqpayBehaviour>, line: Line = 'banking', ties = 1) {
  running = await startAdapter({ behaviour });
  const { control, provider, clock, context, dataCalls } = running;
  const ids = Array.from({ length: 150 }, (_, rowIndex) => {
    const second = Math.floor(rowIndex / ties) * 60_000;
    const create_time = new Date(newestMs - second).toISOString();
    return control.insertTransaction(line, { create_time }).transaction_id;
  });
  const paginator = createTransactionPaginator({
    providers: [provider],
    signer: createCursorSigner(Buffer.from('a secret of the tests only')),
    clock,
  });
  const ledger = line === 'banking' ? 'BANKING' : 'ISSUING';
  const page = (args: PageArguments) =>
    paginator.page(selectionOf({ ledgers: [ledger] }), { ...args, wantsTotal: true }, context);
  const counted = ids.length - Number(behaviour.totalItems === 'one-less');
  return { page, ids, dataCalls, counted };
}

type Walk = Awaited<ReturnType<typeof start>>;

/** Pages from one end to the other; every `totalCount` is right, null, or what all of the provider's counts say. */
async function walk({ page, ids, counted }: Walk, direction: 'first' | 'last', size: number) {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let pageCount = 0; pageCount < 160; pageCount += 1) {
    const next = await page(direction === 'first' ? first(size, cursor) : last(size, cursor));
    expect([ids.length, counted, null]).toContain(await next.totalCount());
    if (direction === 'first') seen.push(...idsOf(next));
    else seen.unshift(...idsOf(next));
    const hasMore = direction === 'first' ? await next.hasNextPage() : await next.hasPreviousPage();
    if (!hasMore) return seen;
    cursor = next.cursorOf(direction === 'first' ? next.rows.length - 1 : 0);
  }
  throw new Error('The walk has no end.');
}

const observed = [
  ['total_items counts the page', { totalItems: 'of-page' }],
  ['total_items is 0', { totalItems: 'zero' }],
  ['total_items is one too few', { totalItems: 'one-less' }],
  ['total_items is text', { totalItems: 'text' }],
  ['total_pages counts pages of ten', { totalPages: 'of-page-size-10' }],
  ['total_pages is absent', { totalPages: 'absent' }],
  ['pages are capped at 20', { pageSizeCap: 20 }],
  // The second page of 50 looks exactly like the last one of 100.
  [
    'pages are capped at 50 and counted as if they were not',
    { pageSizeCap: 50, totalPages: 'of-asked-size' },
  ],
  [
    'pages are truncated to 20 rows, and the next one begins where it would have',
    { pageSizeCap: 20, pageStart: 'of-asked-size', totalPages: 'of-asked-size' },
  ],
] as const;

describe.each(['banking', 'issuing'] as const)('%s', (line) => {
  describe.each(observed)('when %s', (_says, behaviour) => {
    test.each([
      ['first', 100],
      ['first', 20],
      ['last', 100],
      ['last', 10],
    ] as const)('paging by %s: %i shows every row once', async (direction, size) => {
      const walked = await start(behaviour, line);
      expect(await walk(walked, direction, size)).toEqual(walked.ids);
    });

    test('more rows of one second than a page has are all returned', async () => {
      const walked = await start(behaviour, line, 130);
      expect((await walk(walked, 'first', 50)).toSorted()).toEqual(walked.ids.toSorted());
    });
  });

  test.each([
    ['every reply is the documented sample', { staticSamples: true }, 3, /had no new row/, 'first'],
    [
      'no two pages have the same order',
      { pageOrder: 'drawn-for-each-page' },
      1,
      /neither newest-first nor/,
      'first',
    ],
    [
      'pages are cut to 7 rows',
      { pageSizeCap: 7, totalPages: 'of-asked-size' },
      5,
      /gives pages of 7 rows/,
      'last',
    ],
    ['pages are capped at 7', { pageSizeCap: 7 }, 3, /gives pages of 7 rows whatever page_size/, 'last'],
    ['page_number is not heeded', { pageNumber: 'ignored' }, 3, /had no new row/, 'last'],
    ['page_number counts from 0', { pageNumber: 'from-zero' }, 9, /total_items/, 'last'],
  ] as const)('a page is refused when %s', async (_says, behaviour, callsMax, message, direction) => {
    const { page, dataCalls } = await start(behaviour, line);
    const { rows, sources } = await page(direction === 'last' ? last(10) : first(20));
    expect(rows).toEqual([]);
    const [{ failure } = { failure: null }] = sources;
    expect(failure).toMatchObject({ code: 'UPSTREAM_SHAPE', message: expect.stringMatching(message) });
    expect(dataCalls().length).toBeLessThanOrEqual(callsMax);
  });

  test('a last page that agrees with the counts is refused if its rows are on the first page too', async () => {
    const { page, dataCalls } = await start({ pageStart: 'of-page-size-10' }, line);
    const { rows, sources } = await page(last(100));
    expect(rows).toEqual([]);
    const message = expect.stringMatching(/begin where page_number and page_size say|its own counts/);
    expect(sources[0]?.failure).toMatchObject({ code: 'UPSTREAM_SHAPE', message });
    // The last page of a list over 90 days is chosen in another way.
    expect(dataCalls().length).toBeLessThanOrEqual(line === 'banking' ? 5 : 15);
  });
});

test.each([
  ['currency', { currencies: ['EUR'] }],
  ['transaction_type', { types: ['PAYOUT'] }],
  ['transaction_status', { statuses: ['PENDING'] }],
] as const)('a provider that ignores the filter %s is detected', async (name, filter) => {
  await start({ filters: 'ignored' });
  const { provider, clock, context } = running as Adapter;
  const signer = createCursorSigner(Buffer.from('a secret of the tests only'));
  const paginator = createTransactionPaginator({ providers: [provider], signer, clock });
  const selection = selectionOf({ ledgers: ['BANKING'], ...filter });
  const { rows, sources } = await paginator.page(selection, first(20), context);
  expect(rows).toEqual([]);
  expect(sources[0]?.failure?.message).toContain(`${name}: is not what the list was filtered by`);
});
