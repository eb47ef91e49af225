import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import fc from '../support/fast-check.ts';
import { type Adapter, master, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

// Accounts and balances are complete or refused, whatever a provider says about their length.

let running: Adapter | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

type List = 'accounts' | 'balances';

async function start(behaviour: Partial<UqpayBehaviour>, list: List, rowCount: number) {
  running = await startAdapter({ behaviour });
  const { control, sandbox, provider, banking, context, dataCalls } = running;
  for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1) {
    if (list === 'accounts') control.addAccount();
    else control.setBalance('banking', sandbox.masterAccountId, `C${String(rowIndex).padStart(3, '0')}`);
  }
  const read = async () => {
    const keys =
      list === 'accounts'
        ? (await readAll(provider.accounts.connected(context))).map((row) => row.providerAccountId)
        : (await readAll(banking.list(master, context))).map((row) => row.currency);
    expect(new Set(keys).size).toBe(keys.length);
    return keys.length;
  };
  return { read, control, dataCalls };
}

async function failureOf(read: Promise<unknown>): Promise<Failure> {
  const outcome = await read.catch((error: unknown) => error);
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a Failure, got ${String(outcome)}`);
}

const lists = [
  ['accounts', 150],
  ['balances', 130],
] as const;

describe.each(lists)('%s', (list, rowCount) => {
  test.each([
    ['total_items counts the page', { totalItems: 'of-page' }, 2],
    ['total_items is 0', { totalItems: 'zero' }, 2],
    ['total_items is one too few', { totalItems: 'one-less' }, 2],
    ['total_items is text', { totalItems: 'text' }, 2],
    ['total_pages counts pages of ten', { totalPages: 'of-page-size-10' }, 3],
    ['total_pages is always 1', { totalPages: 'one' }, 3],
    ['total_pages is absent', { totalPages: 'absent' }, 2],
    ['pages are capped at 20', { pageSizeCap: 20 }, Math.ceil(rowCount / 20)],
    ['pages are capped at 7', { pageSizeCap: 7 }, Math.ceil(rowCount / 7)],
  ] as const)('come whole when %s', async (_says, behaviour, callCount) => {
    const { read, dataCalls } = await start(behaviour, list, rowCount);
    expect(await read()).toBe(rowCount);
    expect(dataCalls()).toHaveLength(callCount);
  });

  test.each([
    ['page_number is not heeded', { pageNumber: 'ignored' }, 2, /page 2 had no new row/],
    ['every reply is the documented sample', { staticSamples: true }, 2, /page 2 had no new row/],
    [
      'total_items counts the page and total_pages is absent',
      { totalItems: 'of-page', totalPages: 'absent' },
      3,
      /does not agree with its own counts/,
    ],
    ['total_items is one too many', { totalItems: 'one-more' }, 4, /does not agree with its own counts/],
    ['page_number counts from 0', { pageNumber: 'from-zero' }, 4, /holds no rows although total_items/],
    ['a page comes empty', { emptyPageNumber: 2 }, 4, /holds no rows although total_items/],
  ] as const)('are refused when %s', async (_says, behaviour, callCount, message) => {
    const { read, dataCalls } = await start(behaviour, list, rowCount);
    expect(await failureOf(read())).toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringMatching(message),
    });
    expect(dataCalls()).toHaveLength(callCount);
  });

  test('an error names the rows seen and the counts reported', async () => {
    const { read } = await start({ totalItems: 'one-more' }, list, rowCount);
    const { message } = await failureOf(read());
    expect(message).toContain(`${rowCount} different rows came`);
    expect(message).toContain(`total_items says ${rowCount + 1}, total_pages 2`);
  });
});

test('the end is also recognised by a refused page, or by a repeated last page', async () => {
  for (const pageBeyondEnd of ['empty', 'refused', 'last-page'] as const) {
    for (const rowCount of [199, 200, 201]) {
      const { read } = await start({ totalItems: 'of-page', pageBeyondEnd }, 'balances', rowCount);
      expect(await read()).toBe(rowCount);
      await running?.close();
    }
  }
});

const observed: fc.Arbitrary<Partial<UqpayBehaviour>> = fc.record({
  totalItems: fc.constantFrom('of-list', 'of-page', 'zero', 'one-less', 'one-more', 'text'),
  totalPages: fc.constantFrom('of-list', 'of-list', 'of-page-size-10', 'absent'),
  pageNumber: fc.constantFrom('heeded', 'heeded', 'ignored', 'from-zero'),
  pageSizeCap: fc.constantFrom(null, null, 7, 20, 99),
  pageOrder: fc.constantFrom('one', 'one', 'drawn-for-each-page'),
  pageBeyondEnd: fc.constantFrom('empty', 'refused', 'last-page'),
  emptyPageNumber: fc.constantFrom(null, null, 2, 3),
});

/** Behaviours that together claim in every possible way that a part is the whole list. */
function isHopeless(behaves: Partial<UqpayBehaviour>) {
  const { pageNumber, totalItems, totalPages, pageSizeCap, pageOrder, emptyPageNumber } = behaves;
  if (pageNumber === 'from-zero' && /page|zero|less/.test(totalItems ?? '')) return true;
  if (totalPages === 'absent' && pageSizeCap !== null && /page|less/.test(totalItems ?? '')) return true;
  return totalItems === 'one-less' && (pageOrder === 'drawn-for-each-page' || emptyPageNumber !== null);
}

test('no behaviour, nor several together, makes a list incomplete without an error', async () => {
  let wholeCount = 0;
  const { control, sandbox, banking, context } = await startAdapter().then((adapter) => {
    running = adapter;
    return adapter;
  });
  await fc.assert(
    fc.asyncProperty(
      observed,
      fc.constantFrom(0, 1, 60, 100, 101, 150, 200, 230),
      async (behaves, rowCount) => {
        fc.pre(!isHopeless(behaves));
        control.setBehaviour(behaves);
        const known = control.balances('banking', sandbox.masterAccountId);
        for (const { currency } of known) control.removeBalance('banking', sandbox.masterAccountId, currency);
        for (let rowIndex = 0; rowIndex < rowCount; rowIndex += 1) {
          control.setBalance('banking', sandbox.masterAccountId, `C${String(rowIndex).padStart(3, '0')}`);
        }
        const rows = await readAll(banking.list(master, context)).catch((error: unknown) => error);
        if (rows instanceof Failure) {
          // A provider that counts pages from 0 may refuse the first one.
          expect(['UPSTREAM_SHAPE', 'UPSTREAM_REJECTED']).toContain(rows.code);
          return;
        }
        if (!Array.isArray(rows)) throw rows;
        wholeCount += 1;
        expect(new Set(rows.map(({ currency }) => currency)).size).toBe(rowCount);
        expect(rows).toHaveLength(rowCount);
      },
    ),
    { numRuns: Number(process.env.WALKS ?? 75) },
  );
  expect(wholeCount).toBeGreaterThan(10);
}, 600_000);
