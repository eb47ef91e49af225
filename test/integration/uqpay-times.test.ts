import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createProviderLog } from '../../src/app/provider-log.ts';
import { instantText } from '../../src/domain/instant.ts';
import { type Adapter, firstPage, master, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

// UQPAY times that are only informative are null if they cannot be parsed; a time that orders a list must be valid.

let adapter: Adapter | null = null;

afterEach(async () => {
  await adapter?.close();
  adapter = null;
});

async function start(): Promise<Adapter> {
  adapter = await startAdapter();
  return adapter;
}

const unreadable = [
  '2026-05-11T18:40:12',
  '2026-05-11 18:40:12',
  '2026-05-11',
  '11/05/2026 18:40',
  '0000-00-00T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59-08:00',
  '+010000-01-01T00:00:00Z',
  '1778524812',
  ' ',
];
/** Numbers, as a provider that counts seconds or milliseconds writes them. */
const numbers = [1_778_524_812, 1_778_524_812_000.5, -1];
const absent = ['', null, '0001-01-01T00:00:00Z', '0001-01-01 00:00:00', '0000-12-31T19:00:00-05:00'];
const readable: readonly [string, string][] = [
  ['2026-05-11T18:40:12+08:00', '2026-05-11T10:40:12Z'],
  ['2026-05-11 18:40:12 +0800', '2026-05-11T10:40:12Z'],
  ['2026-05-11t10:40:12.5z', '2026-05-11T10:40:12.500Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
];

describe('an informative time', () => {
  test.each([...unreadable, ...numbers])(
    'is null if it is %j, and logged; the amounts are kept',
    async (value) => {
      const {
        control,
        sandbox,
        banking,
        bankingRows,
        issuingRows,
        context,
        unreadable: noted,
      } = await start();
      const text = value as string;
      control.setBalance('banking', sandbox.masterAccountId, 'EUR', {
        available_balance: '812.40',
        create_time: text,
        last_trade_time: text,
      });
      const [balance] = await readAll(banking.list(master, context));
      expect([balance?.available?.amount, balance?.createdAt, balance?.lastTradeAt]).toEqual([
        '812.40',
        null,
        null,
      ]);
      expect(await banking.one?.(master, 'EUR', context)).toMatchObject({ value: { lastTradeAt: null } });
      for (const [line, book] of [
        ['banking', bankingRows],
        ['issuing', issuingRows],
      ] as const) {
        control.insertTransaction(line, { complete_time: text, amount: '-7.25' });
        const { rows } = (await book.page(firstPage(master), context)).value;
        expect(rows).toMatchObject([{ completedAt: null, amount: { amount: '-7.25' } }]);
      }
      const fields = noted.map(({ provider, ledger, field }) => `${provider} ${ledger} ${field}`);
      expect(new Set(fields)).toEqual(
        new Set([
          'UQPAY BANKING create_time',
          'UQPAY BANKING last_trade_time',
          'UQPAY BANKING complete_time',
          'UQPAY ISSUING complete_time',
        ]),
      );
    },
  );

  test.each(absent)('is null if it is %j, and not logged', async (value) => {
    const { control, bankingRows, context, unreadable: noted } = await start();
    control.insertTransaction('banking', { complete_time: value });
    const { rows } = (await bankingRows.page(firstPage(master), context)).value;
    expect([rows[0]?.completedAt, noted]).toEqual([null, []]);
  });

  test.each(readable)('%s is %s', async (value, expected) => {
    const { control, bankingRows, context, unreadable: noted } = await start();
    control.insertTransaction('banking', { complete_time: value });
    const { rows } = (await bankingRows.page(firstPage(master), context)).value;
    expect([instantText(rows[0]?.completedAt ?? { second: 0, nano: 0 }), noted]).toEqual([expected, []]);
  });

  test('is logged once for each field of each ledger', () => {
    const warn = jest.fn();
    const log = createProviderLog({ warn });
    const field = { provider: 'UQPAY', ledger: 'BANKING', field: 'last_trade_time' } as const;
    for (const said of [field, { ...field, ledger: 'ISSUING' } as const, field]) log.unreadable(said);
    expect(warn.mock.calls).toEqual([
      [field, 'a value could not be read and is shown as null'],
      [{ ...field, ledger: 'ISSUING' }, 'a value could not be read and is shown as null'],
    ]);
  });
});

describe('the time that orders a list', () => {
  test.each([
    ['2026-05-11T18:40:12', 'expected a time with an offset, got other text'],
    ['9999-12-31T23:59:59-08:00', 'expected a time up to the year 9999, got a later one, in UTC'],
    ['0001-01-01T00:00:00Z', 'expected a time with an offset, got one of the year 0001'],
    [1_778_524_812, 'expected a time, got a number'],
    [null, 'expected a time with an offset, got nothing'],
    ['', 'expected a time with an offset, got nothing'],
  ])('is refused where it is %j, by its row and field', async (value, problem) => {
    const { control, bankingRows, context } = await start();
    for (let row = 0; row < 2; row++) control.insertTransaction('banking');
    const match = { path: '/v1/balances/transactions' };
    control.inject({ kind: 'shape', match, field: 'data.1.create_time', value });
    await expect(bankingRows.page(firstPage(master), context)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining(`data[1].create_time: ${problem}`),
    });
  });
});
