import { afterEach, describe, expect, test } from '@jest/globals';
import fc from '../support/fast-check.ts';
import { master, readAll, startIbaneraAdapter } from './ibanera-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start(...args: Parameters<typeof startIbaneraAdapter>) {
  const adapter = await startIbaneraAdapter(...args);
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('accounts', () => {
  test('are only the master account, without a call', async () => {
    const { provider, context, control } = await start();
    expect((await provider.accounts.master(context)).value).toMatchObject({
      ref: master,
      providerAccountId: 'master',
      name: null,
      ledgers: ['ASSET'],
    });
    expect(await readAll(provider.accounts.connected(context))).toEqual([]);
    expect(control.callCount()).toBe(0);
  });

  test('with another id have no balances, without a call', async () => {
    const { balances, context, control } = await start();
    const other = { provider: 'IBANERA', providerAccountId: '17' } as const;
    await expect(readAll(balances.list(other, context))).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
      details: { provider: 'IBANERA', ledger: 'ASSET' },
    });
    expect(control.callCount()).toBe(0);
  });
});

describe('balances', () => {
  test('are complete in one call, with every digit of every number', async () => {
    const { control, readBalances, dataCalls, logins, context } = await start({ seed: 'demo' });
    const rows = await readBalances();
    expect(rows).toHaveLength(control.accounts().length);
    expect(rows[0]).toEqual({
      account: master,
      ledger: 'ASSET',
      currency: 'USD',
      providerBalanceId: '4101',
      distinguishingId: '4101',
      available: { amount: '248000.70', currency: 'USD' },
      total: { amount: '250310.75', currency: 'USD' },
      pending: { amount: '2310.05', currency: 'USD' },
      ...{ payable: null, reserved: null, frozen: null, margin: null, prepaid: null },
      ...{ status: 'ACTIVE', statusRaw: null, createdAt: null, lastTradeAt: null },
    });
    const of = (currency: string) => rows.filter((row) => row.currency === currency);
    expect(of('USD').map(({ distinguishingId }) => distinguishingId)).toEqual(['4101', '4103']);
    expect(of('ETH')[0]).toMatchObject({
      total: { amount: '12.345678901234567891' },
      pending: { amount: '0.000000000000000001' },
    });
    expect(of('BTC')[0]?.available?.amount).toBe('0.00000001');
    expect(of('GBP')[0]?.status).toBe('SUPPRESSED');
    expect(of('USDT')[0]).toMatchObject({
      total: { amount: '98765432109876543210.10', currency: 'USDT' },
      pending: { amount: '-0.50' },
    });
    expect([logins().length, dataCalls().map(({ query }) => query), context.meter.calls]).toEqual([
      1,
      [{}],
      1,
    ]);
  });

  test('are never turned into zero: an amount that is missing or null is null', async () => {
    const { control, readBalances } = await start();
    control.addAccount({ asset: 'USD' });
    control.inject({ kind: 'shape', match: {}, field: 'details.0.pendingBalance', value: null });
    control.inject({
      kind: 'shape',
      match: { path: /balances/ },
      field: 'details.0.pendingBalance',
      value: null,
    });
    expect(await readBalances()).toMatchObject([{ pending: null, total: { amount: '0' } }]);
  });

  test.each(['id', 'assetAccountId', 'both'] as const)(
    'are identified by their id (sent as %s)',
    async (balanceIdField) => {
      const { control, readBalances } = await start({ behaviour: { balanceIdField } });
      control.addAccount({ id: 9_007_199_254_740_991, asset: 'USD' });
      expect(await readBalances()).toMatchObject([{ distinguishingId: '9007199254740991' }]);
    },
  );

  test('without an id are refused, with the path of the field', async () => {
    const { control, readBalances } = await start();
    control.addAccount();
    control.inject({ kind: 'shape', match: { path: /balances/ }, field: 'details.0.id', value: null });
    await expect(readBalances()).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('[0].id'),
    });
  });

  test('with the same id twice are refused', async () => {
    const { control, readBalances } = await start();
    control.addAccount();
    control.addAccount();
    control.inject({ kind: 'shape', match: { path: /balances/ }, field: 'details.1.id', value: 4101 });
    await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
  });

  const shapes = [
    { numberOfPages: true, pageBeyondEnd: 'empty' },
    { numberOfPages: true, pageBeyondEnd: 'refused' },
    { numberOfPages: false, pageBeyondEnd: 'empty' },
    { numberOfPages: false, pageBeyondEnd: 'refused' },
  ] as const;
  test.each(shapes)('that come in pages without a request are read to the end (%j)', async (behaviour) => {
    for (const accountCount of [0, 9, 10, 11, 20, 25]) {
      const { control, readBalances, dataCalls } = await start({
        behaviour: { balancesUnpaged: 'first-page', ...behaviour },
      });
      for (let index = 0; index < accountCount; index += 1) control.addAccount();
      expect((await readBalances()).map(({ distinguishingId }) => distinguishingId)).toEqual(
        control.accounts().map(({ id }) => String(id)),
      );
      const full = Math.floor(accountCount / 10);
      // One full page: only the next one shows whether numberOfPages is always 1.
      const counted = Math.max(accountCount === 10 ? 2 : 1, Math.ceil(accountCount / 10));
      const pages = behaviour.numberOfPages ? counted : full + 1;
      expect(dataCalls()).toHaveLength(pages);
    }
  });

  test('that are more than the page fields say are the whole list', async () => {
    const { control, readBalances, dataCalls } = await start();
    for (let index = 0; index < 12; index += 1) control.addAccount();
    const match = { path: /balances/ };
    // One fault applies per call, so the page fields are set one after another.
    for (const [field, value] of [['pageSize', 10] as const, ['pageSize', '5'] as const]) {
      control.inject({ kind: 'shape', match, field, value, times: 1 });
      expect(await readBalances()).toHaveLength(12);
    }
    expect(dataCalls()).toHaveLength(2);
  });

  test('for which page parameters are ignored are refused rather than truncated', async () => {
    const { control, readBalances } = await start({
      behaviour: { balancesUnpaged: 'first-page', pageParameterCasing: 'pascal' },
    });
    for (let index = 0; index < 12; index += 1) control.addAccount();
    await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
  });

  test('keep any digits', async () => {
    const { control, readBalances } = await start();
    const { id } = control.addAccount();
    const digits = fc
      .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^(0|[1-9]\d{0,30})(\.\d{1,25})?$/))
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(digits, digits, async (totalBalance, pendingBalance) => {
        control.changeAccount(id, { totalBalance, pendingBalance });
        expect(await readBalances()).toMatchObject([
          { total: { amount: totalBalance }, pending: { amount: pendingBalance } },
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
