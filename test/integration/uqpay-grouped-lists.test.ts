import { afterEach, expect, test } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import type { PageArguments } from '../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { first, idsOf, last, selectionOf } from '../support/walks.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

// A list that is sorted by status before the creation time looks sorted page by page, until the statuses meet.

let running: Adapter | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const newestMs = Date.parse('2026-06-15T07:00:00Z');

/** 240 rows a minute apart, pending and completed in turn. */
async function start(line: 'banking' | 'issuing', listGrouping: 'by-status' | 'none') {
  running = await startAdapter({ behaviour: { listGrouping } });
  const { control, provider, clock, context, dataCalls } = running;
  const ids = Array.from({ length: 240 }, (_, rowIndex) => {
    const create_time = new Date(newestMs - rowIndex * 60_000).toISOString();
    const transaction_status = rowIndex % 2 === 0 ? 'PENDING' : 'COMPLETED';
    return control.insertTransaction(line, { create_time, transaction_status }).transaction_id;
  });
  const signer = createCursorSigner(Buffer.from('a secret of the tests only'));
  const paginator = createTransactionPaginator({ providers: [provider], signer, clock });
  const selection = selectionOf({ ledgers: [line === 'banking' ? 'BANKING' : 'ISSUING'] });
  return { ids, dataCalls, control, page: (args: PageArguments) => paginator.page(selection, args, context) };
}

const directions = [
  ['first', 'banking'],
  ['first', 'issuing'],
  ['last', 'banking'],
  ['last', 'issuing'],
] as const;

test.each(directions)('a walk by %s of %s is refused on its second page', async (direction, line) => {
  const { page, dataCalls } = await start(line, 'by-status');
  const top = await page(direction === 'first' ? first(20) : last(20));
  expect(top.rows).toHaveLength(20);
  const cursor = top.cursorOf(direction === 'first' ? 19 : 0);
  const callsBefore = dataCalls().length;
  const next = await page(direction === 'first' ? first(20, cursor) : last(20, cursor));
  expect(next.rows).toEqual([]);
  const [{ failure } = { failure: null }] = next.sources;
  expect(failure).toMatchObject({ code: 'UPSTREAM_SHAPE', message: expect.stringMatching(/neither newest/) });
  expect(dataCalls().length - callsBefore).toBeLessThanOrEqual(4);
});

test('a page of the most rows that shows rows of both kinds is refused', async () => {
  const { page } = await start('banking', 'by-status');
  const { sources } = await page(first(100));
  expect(sources[0]?.failure?.message).toMatch(/neither newest/);
});

test.each(directions)('rows that went while %s of %s was walked refuse nothing', async (direction, line) => {
  const { ids, page, control } = await start(line, 'none');
  const top = await page(direction === 'first' ? first(20) : last(20));
  for (const gone of [ids[5], ids[60], ids[120], ids[232]]) control.deleteTransaction(gone as string);
  const cursor = top.cursorOf(direction === 'first' ? 19 : 0);
  const next = await page(direction === 'first' ? first(20, cursor) : last(20, cursor));
  expect(next.sources[0]?.failure).toBeNull();
  expect(idsOf(next)).toEqual(direction === 'first' ? ids.slice(20, 40) : ids.slice(200, 220));
});
