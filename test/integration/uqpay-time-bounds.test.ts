import { afterEach, describe, expect, test } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import type { TransactionSelection } from '../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { first, last, selectionOf } from '../support/walks.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

// Paging over a UQPAY that misreads start_time and end_time: in another time zone, excluding the end, or not at all.
// Every row once, or an error that says so.

const newest = Date.parse('2026-06-15T07:00:00Z') / 1000;
const rowCount = 120;
const ledgers = ['BANKING', 'ISSUING'] as const;
let adapter: Adapter | null = null;

afterEach(async () => {
  await adapter?.close();
  adapter = null;
});

/** An adapter over a sandbox with 120 rows in each list, `gap` seconds apart. */
async function start(behaviour: Partial<UqpayBehaviour>, gap = 3_600): Promise<Adapter> {
  adapter = await startAdapter({ behaviour });
  for (const line of ['banking', 'issuing'] as const) {
    for (let rowIndex = 0; rowIndex < rowCount; rowIndex++) {
      const create_time = new Date((newest - rowIndex * gap) * 1000).toISOString();
      adapter.control.insertTransaction(line, { create_time });
    }
  }
  return adapter;
}

/** All pages of a list in one direction: the number of different rows, and the reported totals. */
async function walk(
  { provider, clock, context }: Adapter,
  ledger: Ledger,
  narrowed: Partial<TransactionSelection> = {},
  forward = true,
  size = 25,
) {
  const paginator = createTransactionPaginator({
    providers: [provider],
    signer: createCursorSigner(Buffer.from('a secret of the tests only')),
    clock,
  });
  const selection = selectionOf({ ledgers: [ledger], ...narrowed });
  const ids = new Set<string>();
  const totals = new Set<number | null>();
  let cursor: string | null = null;
  for (let pageNumber = 1; pageNumber < 20; pageNumber++) {
    const page = await paginator.page(selection, (forward ? first : last)(size, cursor), context);
    for (const { failure } of page.sources) if (failure !== null) throw failure;
    for (const row of page.rows) ids.add(row.providerTransactionId);
    totals.add(await page.totalCount());
    if (!(forward ? await page.hasNextPage() : await page.hasPreviousPage())) break;
    cursor = page.cursorOf(forward ? page.rows.length - 1 : 0);
  }
  return { rows: ids.size, totals: [...totals] };
}

describe.each(ledgers)('the %s list', (ledger) => {
  test.each(['heeded', 'z-as-utc+8', 'taken-for-utc+8'] as const)(
    'is read completely, in both directions, in whichever zone UQPAY reads a bound (%s)',
    async (boundOffset) => {
      const given = await start({ boundOffset });
      expect(await walk(given, ledger)).toEqual({ rows: rowCount, totals: [rowCount] });
      expect((await walk(given, ledger, {}, false)).rows).toBe(rowCount);
      const createdFrom = { second: newest - 59 * 3_600, nano: 0 };
      expect((await walk(given, ledger, { createdFrom })).rows).toBe(60);
      const createdTo = { second: newest - 20 * 3_600, nano: 0 };
      expect((await walk(given, ledger, { createdFrom, createdTo })).rows).toBe(39);
    },
  );

  test.each([
    { boundOffset: 'taken-for-utc' },
    { timeBounds: 'end-ignored' },
    { timeBounds: 'ignored' },
  ] as const)('is refused where later rows come than were asked for (%j)', async (behaviour) => {
    const given = await start(behaviour);
    await expect(walk(given, ledger)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
  });

  test('is refused if the requested end is excluded', async () => {
    const given = await start({ timeBounds: 'end-exclusive' });
    await expect(walk(given, ledger)).rejects.toThrow(
      /leaves out transactions of exactly the requested second/,
    );
  });

  test('is refused from its end if rows before the range are returned, or its start is excluded', async () => {
    for (const behaviour of [{ timeBounds: 'start-ignored' }, { boundOffset: 'taken-for-utc' }] as const) {
      const given = await start(behaviour);
      await expect(walk(given, ledger, {}, false)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
      await given.close();
    }
  });
});

describe.each(['whole', 'clipped'] as const)(
  'an issuing list that is cut off without bounds (one bound: %s)',
  (range) => {
    const gap = 3 * 86_400;
    const ago = (rows: number) => ({ second: newest - rows * gap, nano: 0 });

    test.each([
      ['with both ends', { createdFrom: ago(110), createdTo: ago(20) }, 90],
      ['without a begin', { createdTo: ago(60) }, 59],
    ] as const)('is whole or refused in a window %s', async (_says, window, wanted) => {
      for (const size of [25, 100]) {
        for (const forward of [true, false]) {
          const given = await start({ unboundedIssuingRange: 'clipped', openEndedIssuingRange: range }, gap);
          const walked = await walk(given, 'ISSUING', window, forward, size).catch((error: unknown) => error);
          await given.close();
          if (!(walked instanceof Failure)) expect(walked).toMatchObject({ rows: wanted });
          else {
            expect(walked.code).toBe('UPSTREAM_SHAPE');
            expect(walked.message).toMatch(
              /leaves out, without time bounds, .*both ends, at most 90 days apart/,
            );
          }
        }
      }
    });
  },
);

test('a removed row costs two calls once, to make sure that the row and not the bounds is the reason', async () => {
  const { provider, clock, context, control, dataCalls, sandbox } = await start({});
  const paginator = createTransactionPaginator({
    providers: [provider],
    signer: createCursorSigner(Buffer.from('a secret of the tests only')),
    clock,
  });
  const selection = selectionOf({ ledgers: ['BANKING'] });
  const costs: number[] = [];
  let cursor: string | null = null;
  for (let pageNumber = 1; pageNumber <= 4; pageNumber++) {
    control.resetCalls();
    const page = await paginator.page(selection, first(20, cursor), context);
    expect(page.rows).toHaveLength(20);
    costs.push(dataCalls().length);
    cursor = page.cursorOf(19);
    const anchor = page.rows[19]?.providerTransactionId ?? '';
    expect(control.transactions('banking', sandbox.masterAccountId).length).toBeGreaterThan(80);
    control.deleteTransaction(anchor);
  }
  expect(costs).toEqual([1, 3, 1, 1]);
});
