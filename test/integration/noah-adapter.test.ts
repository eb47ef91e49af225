import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parseDecimal } from '../../src/domain/decimal.ts';
import { createNoah } from '../../src/providers/noah/index.ts';
import fc from '../support/fast-check.ts';
import { master, readAll, startNoahAdapter } from './noah-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start(...args: Parameters<typeof startNoahAdapter>) {
  const adapter = await startNoahAdapter(...args);
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
      ledgers: ['CURRENT'],
    });
    expect(await readAll(provider.accounts.connected(context))).toEqual([]);
    expect(control.callCount()).toBe(0);
  });
});

describe('balances', () => {
  test('have the asset’s code unchanged, and amounts in canonical form', async () => {
    const { readBalances, control, context } = await start({ seed: 'demo' });
    const rows = await readBalances();
    expect(rows[0]).toEqual({
      account: master,
      ledger: 'CURRENT',
      currency: 'USDC_TEST',
      providerBalanceId: null,
      distinguishingId: null,
      available: { amount: '940.5', currency: 'USDC_TEST' },
      total: { amount: '1000.00', currency: 'USDC_TEST' },
      pending: null,
      ...{ payable: null, reserved: null, frozen: null, margin: null, prepaid: null },
      ...{ status: null, statusRaw: null, createdAt: null, lastTradeAt: null },
    });
    expect(rows.map(({ available, total }) => [available?.amount, total?.amount])).toEqual([
      ['940.5', '1000.00'],
      ['0.25', '0.25'],
      ['5', '5.000000000000000001'],
    ]);
    expect(control.calls().map(({ path, query }) => [path, query])).toEqual([
      ['/v1/balances', { PageSize: '100' }],
    ]);
    expect(context.meter.calls).toBe(1);
  });

  test('of an undocumented account type are not mixed with those of Current', async () => {
    const { readBalances, control } = await start();
    control.setBalance('BTC_TEST', { Total: '1' });
    control.setBalance('BTC_TEST', { AccountType: 'Reserve', Total: '2' });
    expect((await readBalances()).map((row) => [row.distinguishingId, row.total?.amount])).toEqual([
      [null, '1'],
      ['Reserve', '2'],
    ]);
  });

  test('without an amount show null', async () => {
    const { readBalances, control } = await start();
    control.setBalance('BTC_TEST', { Total: '1' });
    control.inject({ kind: 'shape', match: {}, field: 'Items.0.Available', value: null });
    expect(await readBalances()).toMatchObject([{ available: null, total: { amount: '1' } }]);
  });

  test.each([
    { lastPageToken: 'absent', emptyPages: false },
    { lastPageToken: 'empty', emptyPages: false },
    { lastPageToken: 'absent', emptyPages: true },
    { lastPageToken: 'empty', emptyPages: true, pageTokenPosition: 'offset' },
  ] as const)('are read to the last page, each call with a new signature (%j)', async (behaviour) => {
    const { readBalances, control } = await start({
      behaviour: { ...behaviour, pageSizeMax: 2, pageSizeTooLarge: 'clamped' },
    });
    const currencies = Array.from({ length: 7 }, (_, index) => `A${index}_TEST`);
    for (const currency of currencies) control.setBalance(currency);
    expect((await readBalances()).map(({ currency }) => currency)).toEqual(currencies);
    const calls = control.calls();
    expect(calls.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(calls.map(({ signature }) => signature)).size).toBe(calls.length);
    expect(calls).toHaveLength(behaviour.emptyPages ? 7 : 4);
  });

  test('that are on a page twice are refused', async () => {
    const { readBalances, control } = await start();
    control.setBalance('A0_TEST');
    control.setBalance('A1_TEST');
    control.inject({ kind: 'shape', match: {}, field: 'Items.1.CryptoCurrency', value: 'A0_TEST' });
    await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
    expect(control.callCount()).toBe(1);
  });

  test('keep any digits, in every spelling the grammar allows', async () => {
    const { readBalances, control } = await start();
    const amount = fc
      .stringMatching(/^[+]?([.]\d{1,20}|\d{1,18}[.]?\d{0,18})$/)
      .filter((text) => text.length <= 38);
    await fc.assert(
      fc.asyncProperty(amount, amount, async (Available, Total) => {
        control.setBalance('USDC_TEST', { Available, Total });
        const [row] = await readBalances();
        expect([row?.available?.amount, row?.total?.amount]).toEqual([
          parseDecimal(Available),
          parseDecimal(Total),
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('signatures', () => {
  test('by a P-256 key are ES256; a SEC 1 key works too', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const signingKeyPem = pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const { readBalances } = await start({ publicKeyPem }, { signingKeyPem });
    expect(await readBalances()).toEqual([]);
  });

  test('are not created for a key without a signing key', async () => {
    const { readBalances, control } = await start({ publicKeyPem: null });
    expect(await readBalances()).toEqual([]);
    expect(control.calls()).toMatchObject([{ signature: null }]);
  });

  test('by another key are refused once, with a message that says what to check, without a secret', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const signingKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { readBalances, control, sandbox } = await start({}, { signingKeyPem });
    const error = await readBalances().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'UPSTREAM_AUTH',
      message: expect.stringContaining('NOAH_SIGNING_KEY'),
      details: { provider: 'NOAH', ledger: 'CURRENT', retryable: false },
    });
    expect(control.callCount()).toBe(1);
    expect(JSON.stringify([String(error), error])).not.toContain(sandbox.apiKey);
    expect(String(error)).not.toContain('does not fit');
  });

  test.each([
    ['no key', 'nonsense'],
    ['an RSA key', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ])('need a usable key: %s is a TypeError that names NOAH_SIGNING_KEY', (_name, key) => {
    const signingKeyPem =
      typeof key === 'string' ? key : key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const config = {
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'k',
      signingKeyPem,
      environment: 'SANDBOX',
    } as const;
    const parts = {} as Parameters<typeof createNoah>[1];
    expect(() => createNoah(config, { ...parts, clock: { now: () => 0, sleep: async () => {} } })).toThrow(
      /^NOAH_SIGNING_KEY/,
    );
  });

  test('are new for each retry', async () => {
    const { readBalances, control } = await start();
    control.inject({ kind: 'status', status: 500, body: 'own', match: {}, times: 2 });
    expect(await readBalances()).toEqual([]);
    const calls = control.calls();
    expect(calls.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(new Set(calls.map(({ signature }) => signature)).size).toBe(3);
  });
});

describe('transactions', () => {
  test('come from either end, every row once, with the same values', async () => {
    const { readTransactions, control } = await start({ seed: 'demo' });
    const ids = control.transactions().map(({ ID }) => ID);
    const newestFirst = await readTransactions('newest-first');
    expect(newestFirst.map(({ providerTransactionId }) => providerTransactionId)).toEqual(ids);
    expect(control.callCount()).toBe(3);
    const oldestFirst = await readTransactions('oldest-first');
    expect(oldestFirst.toReversed()).toEqual(newestFirst);
    expect(control.calls().map(({ query }) => query.SortDirection)).toEqual([
      ...Array(3).fill('DESC'),
      ...Array(3).fill('ASC'),
    ]);
  });

  test('have what NOAH reports and no more', async () => {
    const { readTransactions, control } = await start();
    const insert = (row: Parameters<typeof control.insertTransaction>[0]) =>
      control.insertTransaction(row).ID;
    insert({
      Created: '2026-01-20T09:30:00.5Z',
      Direction: 'Out',
      Amount: '59.5',
      ExternalID: 'inv-1',
      CustomerID: 'cust-secret',
    });
    insert({ Created: '2026-01-20T09:29:00Z', Status: 'Pending' });
    insert({
      Created: '2026-01-20T09:28:00Z',
      Status: 'Failed',
      FiatPayment: { Amount: '1', FiatCurrency: 'USD' },
    });
    insert({ Created: '2026-01-20T09:27:00Z', Status: 'Frozen', Direction: 'Sideways' });
    insert({ Created: '2026-01-20T09:26:00Z', AdjustmentFor: { Reason: 'x' }, FiatPayment: { Amount: '1' } });
    insert({ Created: '2026-01-20T09:25:00Z', Status: 'SETTLED', Direction: 'out' });
    insert({ Created: '2026-01-20T09:24:00Z', Status: 'constructor', Direction: 'constructor' });
    const rows = await readTransactions('newest-first');
    expect(rows[0]).toEqual({
      account: master,
      ledger: 'CURRENT',
      providerTransactionId: expect.any(String),
      distinguishingId: null,
      shortId: null,
      currency: 'USDC_TEST',
      providerBalanceId: null,
      ...{
        type: 'TRANSFER_OUT',
        typeRaw: 'Out',
        status: 'COMPLETED',
        statusRaw: 'Settled',
        direction: 'DEBIT',
      },
      amount: { amount: '59.5', currency: 'USDC_TEST' },
      ...{ fee: null, counterAmount: null, exchangeRate: null },
      endingBalance: null,
      createdAt: { second: Date.UTC(2026, 0, 20, 9, 30) / 1_000, nano: 500_000_000 },
      completedAt: null,
      ...{ referenceId: 'inv-1', channel: null, network: 'BaseTestSepolia', description: null },
    });
    expect(
      rows.slice(1).map((row) => [row.type, row.typeRaw, row.status, row.direction, row.amount]),
    ).toEqual([
      ['TRANSFER_IN', 'In', 'PENDING', 'CREDIT', null],
      ['CONVERSION', 'FiatPayment', 'FAILED', 'CREDIT', null],
      ['UNRECOGNIZED', 'Sideways', 'UNRECOGNIZED', 'UNSPECIFIED', null],
      ['ADJUSTMENT', 'AdjustmentFor', 'COMPLETED', 'CREDIT', null],
      ['TRANSFER_OUT', 'out', 'COMPLETED', 'DEBIT', null],
      ['UNRECOGNIZED', 'constructor', 'UNRECOGNIZED', 'UNSPECIFIED', null],
    ]);
    expect(JSON.stringify(rows)).not.toContain('cust-secret');
  });

  test('have the fee and the other side of an exchange, with every digit, each in its own currency', async () => {
    const { readTransactions, control } = await start();
    const payment = {
      Amount: '61.05',
      FeeAmount: '1.50',
      FiatCurrency: 'USD',
      Rate: '1.0008403361344537815',
    };
    const rowsNewestFirst = [
      { NetworkFee: '+.000000000000000001' },
      { FiatPayment: payment },
      { FiatPayment: payment, NetworkFee: '0.02' },
      { FiatPayment: payment, NetworkFee: '0.00' },
      { NetworkFee: '0.00' },
      { FiatPayment: { Amount: '61.05', FeeAmount: '1.50' } },
      {},
    ];
    for (const [index, fields] of rowsNewestFirst.entries()) {
      const Created = new Date(Date.UTC(2026, 0, 20, 9, 30) - index * 1_000).toISOString();
      control.insertTransaction({ Created, Amount: '59.5', ...fields } as object);
    }
    const usd = (amount: string) => ({ amount, currency: 'USD' });
    const usdc = (amount: string) => ({ amount, currency: 'USDC_TEST' });
    const rows = await readTransactions('newest-first');
    expect(rows.map(({ fee, counterAmount, exchangeRate }) => [fee, counterAmount, exchangeRate])).toEqual([
      [usdc('0.000000000000000001'), null, null],
      [usd('1.50'), usd('61.05'), payment.Rate],
      [usdc('0.02'), usd('61.05'), payment.Rate],
      [usd('1.50'), usd('61.05'), payment.Rate],
      [usdc('0.00'), null, null],
      [null, null, null],
      [null, null, null],
    ]);
    control.insertTransaction({ NetworkFee: 'about 2' });
    await expect(readTransactions('newest-first')).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('Items[0].NetworkFee'),
    });
  });

  test('by id cost one call; an unknown one is null; an invalid id is never sent', async () => {
    const { tokenBook, context, control } = await start();
    const { ID } = control.insertTransaction({ Amount: '7' });
    expect((await tokenBook.one?.(master, ID, context))?.value).toMatchObject({ amount: { amount: '7' } });
    const other = '00000000-0000-4000-8000-000000000000';
    expect((await tokenBook.one?.(master, other, context))?.value).toBeNull();
    expect((await tokenBook.one?.(master, '../balances', context))?.value).toBeNull();
    expect(control.callCount()).toBe(2);
  });

  test('with a token that has expired, or is for the other direction: CURSOR_INVALID', async () => {
    const { tokenBook, context, clock, control } = await start({
      seed: 'demo',
      behaviour: { pageTokenLifetimeSeconds: 60 },
    });
    const { nextPageToken } = (await tokenBook.page(master, 'newest-first', null, context)).value;
    const refused = { code: 'CURSOR_INVALID', details: { provider: 'NOAH', retryable: false } };
    await expect(tokenBook.page(master, 'oldest-first', nextPageToken, context)).rejects.toMatchObject(
      refused,
    );
    clock.advance(60_000);
    await expect(tokenBook.page(master, 'newest-first', nextPageToken, context)).rejects.toMatchObject(
      refused,
    );
    expect(control.callCount()).toBe(3);
  });

  test('with a token that leads back to itself: UPSTREAM_SHAPE', async () => {
    const { tokenBook, context, control } = await start({ seed: 'demo' });
    const { nextPageToken } = (await tokenBook.page(master, 'newest-first', null, context)).value;
    control.inject({ kind: 'shape', match: {}, field: 'PageToken', value: nextPageToken });
    await expect(tokenBook.page(master, 'newest-first', nextPageToken, context)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('PageToken'),
    });
  });

  test('of an unknown account are not requested', async () => {
    const { tokenBook, context, control } = await start();
    const other = { provider: 'NOAH', providerAccountId: 'x' } as const;
    await expect(tokenBook.page(other, 'newest-first', null, context)).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
    expect(control.callCount()).toBe(0);
  });
});
