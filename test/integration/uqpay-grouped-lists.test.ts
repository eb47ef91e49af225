import { afterEach, describe, expect, test } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import type { PageArguments } from '../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { first, idsOf, last, selectionOf } from '../support/walks.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

// Lists with all pending rows first and all others after them, each group newest first (or oldest first).

let running: Adapter | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const newestMs = Date.parse('2026-06-15T07:00:00Z');
const rowCount = 240;

async function start(
  line: 'banking' | 'issuing',
  isPending: (rowIndex: number) => boolean,
  behaviour: Partial<UqpayBehaviour>,
) {
  running = await startAdapter({ behaviour });
  const { control, provider, clock, context, dataCalls } = running;
  const ids = Array.from({ length: rowCount }, (_, rowIndex) => {
    const create_time = new Date(newestMs - rowIndex * 60_000).toISOString();
    const transaction_status = isPending(rowIndex) ? 'PENDING' : 'COMPLETED';
    return control.insertTransaction(line, { create_time, transaction_status }).transaction_id;
  });
  const signer = createCursorSigner(Buffer.from('a secret of the tests only'));
  const paginator = createTransactionPaginator({ providers: [provider], signer, clock });
  const selection = selectionOf({ ledgers: [line === 'banking' ? 'BANKING' : 'ISSUING'] });
  const page = (args: PageArguments) => paginator.page(selection, { ...args, wantsTotal: true }, context);
  return { page, ids, dataCalls, control };
}

type List = Awaited<ReturnType<typeof start>>;

/** Reads page by page: the identifiers of each, and the message of the failure that ended it. */
async function walk({ page }: List, towards: typeof first | typeof last, size: number) {
  const pages: string[][] = [];
  for (let cursor: string | null = null; pages.length < 40; ) {
    const next = await page(towards(size, cursor));
    const failure = next.sources[0]?.failure ?? null;
    if (next.rows.length > 0) pages.push(idsOf(next));
    if (failure !== null) return { pages, message: failure.message };
    const hasMore = towards === first ? await next.hasNextPage() : await next.hasPreviousPage();
    if (!hasMore) return { pages, message: null };
    cursor = next.cursorOf(towards === first ? next.rows.length - 1 : 0);
  }
  throw new Error('The walk has no end.');
}

/** The expected and the actual rows of the pages before the last one. */
function whole({ ids }: List, pages: readonly string[][], towards: typeof first | typeof last) {
  const given = pages.slice(0, -1);
  const rowsGiven = given.flat().length;
  return towards === first
    ? [ids.slice(0, rowsGiven), given.flat()]
    : [ids.slice(ids.length - rowsGiven), given.toReversed().flat()];
}

const isUnordered = expect.stringMatching(/neither newest-first nor oldest-first/);

describe.each(['banking', 'issuing'] as const)('%s', (line) => {
  describe.each(['newest-first', 'oldest-first'] as const)('each group %s', (listOrder) => {
    test.each([
      ['every second row', (rowIndex: number) => rowIndex % 2 === 0],
      ['the older half', (rowIndex: number) => rowIndex >= rowCount / 2],
      ['thirty in the middle', (rowIndex: number) => rowIndex >= 100 && rowIndex < 130],
      ['the newest and a hundred in the middle', (rowIndex: number) => rowIndex % 140 < 101],
    ] as const)('where %s is pending, no page follows one that lacks a row', async (_which, isPending) => {
      for (const towards of [first, last]) {
        for (const size of [10, 50, 100]) {
          const list = await start(line, isPending, { listGrouping: 'by-status', listOrder });
          const { pages, message } = await walk(list, towards, size);
          const seen = towards === first ? pages.flat() : pages.toReversed().flat();
          // Only the rows after a page show that the page was wrong.
          const [known, given] = message === null ? [list.ids, seen] : whole(list, pages, towards);
          expect(given).toEqual(known);
          if (message !== null) expect(message).toEqual(isUnordered);
          await running?.close();
        }
      }
    });
  });

  test('a first page of 100 shows that the list has no order, for two calls', async () => {
    const isPending = (rowIndex: number) => rowIndex % 2 === 0;
    const { page, dataCalls } = await start(line, isPending, { listGrouping: 'by-status' });
    const { sources } = await page(first(100));
    expect(sources[0]).toMatchObject({
      state: 'PARTIAL',
      failure: { code: 'UPSTREAM_SHAPE', message: isUnordered },
    });
    expect(dataCalls()).toHaveLength(2);
  });

  test('a page from which rows were removed costs one call more, and returns the others', async () => {
    const list = await start(line, () => false, {});
    const { page, ids, control, dataCalls } = list;
    const one = await page(first(20));
    const two = await page(first(20, one.cursorOf(19)));
    for (const id of ids.slice(50, 53)) control.deleteTransaction(id);
    const callsBefore = dataCalls().length;
    const three = await page(first(20, two.cursorOf(19)));
    expect(idsOf(three)).toEqual([...ids.slice(40, 50), ...ids.slice(53, 63)]);
    expect(three.sources).toMatchObject([{ state: 'OK' }]);
    expect(dataCalls()).toHaveLength(callsBefore + 2);
  });
});
