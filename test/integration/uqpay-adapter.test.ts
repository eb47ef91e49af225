import { afterEach, describe, expect, test } from '@jest/globals';
import type { UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import fc from '../support/fast-check.ts';
import { type Adapter, firstPage, master, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

let running: Adapter | undefined;

async function start(options?: UqpaySandboxOptions): Promise<Adapter> {
  running = await startAdapter(options);
  return running;
}

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const subAccount = (providerAccountId: string) => ({ provider: 'UQPAY', providerAccountId }) as const;

test('a list of several pages that grows or shrinks while it is read loses no row that stayed', async () => {
  const { control, sandbox, payment, context, dataCalls } = await start();
  const codes = Array.from({ length: 250 }, (_, n) => `X${String(n).padStart(3, '0')}`);
  for (const code of codes) control.setBalance('payment', sandbox.masterAccountId, code);
  const whole = await readAll(payment.list(master, context));
  expect(whole.map(({ currency }) => currency).sort()).toEqual(codes);
  expect(dataCalls()).toHaveLength(3);

  for (const goneAt of [1, 2]) {
    const gone = codes[goneAt * 7] as string;
    let callCount = 0;
    control.beforeEachCall(() => {
      if (callCount++ === goneAt) control.removeBalance('payment', sandbox.masterAccountId, gone);
    });
    const rows = await readAll(payment.list(master, context));
    control.beforeEachCall(null);
    control.setBalance('payment', sandbox.masterAccountId, gone);
    const stayed = codes.filter((code) => code !== gone);
    expect(rows.map(({ currency }) => currency)).toEqual(expect.arrayContaining(stayed));
    expect(new Set(rows.map(({ currency }) => currency)).size).toBe(rows.length);
  }
});

describe('balances', () => {
  test('of all three lines are complete, with every digit, in one call each', async () => {
    const { control, sandbox, banking, issuing, payment, context, meter, dataCalls } = await start();
    const id = sandbox.masterAccountId;
    control.setBalance('banking', id, 'EUR', { available_balance: '-0.01', frozen_balance: '5000.10' });
    control.setBalance('banking', id, 'JPY', { available_balance: '12345678901234567890' });
    control.setBalance('issuing', id, 'SGD', {
      available_balance: '2353.250',
      margin_balance: '0.12345678901234567890',
    });
    control.setBalance('payment', id, 'USD', { payable_balance: '7.70', reserved_balance: '1' });
    const rows = (
      await Promise.all([banking, issuing, payment].map((book) => readAll(book.list(master, context))))
    ).flat();
    expect(rows.map(({ ledger, currency }) => [ledger, currency])).toEqual([
      ['BANKING', 'EUR'],
      ['BANKING', 'JPY'],
      ['ISSUING', 'SGD'],
      ['PAYMENT', 'USD'],
    ]);
    expect(rows[0]).toMatchObject({
      available: { amount: '-0.01', currency: 'EUR' },
      frozen: { amount: '5000.10' },
    });
    expect(rows[1]).toMatchObject({ available: { amount: '12345678901234567890' }, status: 'ACTIVE' });
    expect(rows[2]).toMatchObject({
      available: { amount: '2353.250' },
      margin: { amount: '0.12345678901234567890' },
      prepaid: null,
    });
    expect(rows[3]).toMatchObject({
      payable: { amount: '7.70' },
      reserved: { amount: '1' },
      status: null,
      prepaid: null,
    });
    expect([meter.calls, dataCalls().length, control.mintCount()]).toEqual([3, 3, 1]);
  });

  test('of one currency cost one call on each line; a currency without one is null', async () => {
    const { control, sandbox, banking, issuing, payment, context, dataCalls } = await start();
    const lines = { banking, issuing, payment };
    for (const line of ['banking', 'issuing', 'payment'] as const) {
      control.setBalance(line, sandbox.masterAccountId, 'USD', { available_balance: '10.50' });
      expect((await lines[line].one?.(master, 'USD', context))?.value).toMatchObject({
        available: { amount: '10.50' },
      });
      expect((await lines[line].one?.(master, 'XXX', context))?.value).toBeNull();
    }
    expect(dataCalls().map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...['GET /v1/balances/USD', 'GET /v1/balances/XXX'],
      ...['POST /v1/issuing/balances', 'POST /v1/issuing/balances'],
      ...['GET /v2/payment/balances/USD', 'GET /v2/payment/balances/XXX'],
    ]);
  });

  test('a refusal that may have another reason is UNSURE', async () => {
    const { banking, issuing, payment, context } = await start({
      behaviour: { unknownCurrencyBalance: 'invalid' },
    });
    for (const book of [banking, issuing, payment]) {
      expect((await book.one?.(master, 'XXX', context))?.value).toBe('UNSURE');
    }
  });

  test('a text that is not a currency code is never put into a path', async () => {
    const { banking, context, dataCalls } = await start();
    for (const text of ['transactions', '..', 'U/D', 'EUR?x=1', 'a\r\nb', '']) {
      expect((await banking.one?.(master, text, context))?.value).toBe('UNSURE');
    }
    expect(dataCalls()).toHaveLength(0);
  });

  test('a list of more than 100 is read page by page, and only as far as needed', async () => {
    const { control, sandbox, banking, context, dataCalls } = await start();
    const currencies = Array.from({ length: 205 }, (_, index) => `C${String(index).padStart(3, '0')}`);
    for (const currency of currencies) control.setBalance('banking', sandbox.masterAccountId, currency);
    for await (const { value } of banking.list(master, context)) {
      expect([value.rows.length, value.rowCount, value.hasMore]).toEqual([100, 205, true]);
      break;
    }
    expect(dataCalls()).toHaveLength(1);
    expect((await readAll(banking.list(master, context))).map(({ currency }) => currency).sort()).toEqual(
      currencies,
    );
    expect(
      dataCalls()
        .slice(1)
        .map(({ query }) => query),
    ).toEqual(['1', '2', '3'].map((page_number) => ({ page_number, page_size: '100' })));
  });

  test.each(['empty', 'refused', 'last-page'] as const)(
    'a full last page is the end (past it: %s)',
    async (pageBeyondEnd) => {
      const { control, sandbox, banking, context, dataCalls } = await start({ behaviour: { pageBeyondEnd } });
      for (let index = 0; index < 100; index += 1)
        control.setBalance('banking', sandbox.masterAccountId, `C${index}`);
      expect(await readAll(banking.list(master, context))).toHaveLength(100);
      expect(dataCalls()).toHaveLength(1);
    },
  );

  test('every amount is returned as it is in the ledger, as a number and as a string', async () => {
    const { control, sandbox, issuing, issuingRows, context } = await start();
    const id = sandbox.masterAccountId;
    const amount = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.stringMatching(/^(0|[1-9]\d{0,37})$/),
        fc.stringMatching(/^(\.\d{1,20})?$/),
      )
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(
        amount,
        amount,
        fc.constantFrom('number', 'string'),
        async (available, moved, form) => {
          control.setBehaviour({ issuingAmountsAs: form as 'number' | 'string' });
          control.setBalance('issuing', id, 'USD', { available_balance: available });
          const row = control.insertTransaction('issuing', { amount: moved, ending_balance: available });
          const [balance] = await readAll(issuing.list(master, context));
          const page = await issuingRows.page(firstPage(master), context);
          control.deleteTransaction(row.transaction_id);
          expect(balance?.available?.amount).toBe(available);
          expect(page.value.rows[0]?.amount?.amount).toBe(moved);
          expect(page.value.rows[0]?.endingBalance?.amount).toBe(available);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('sub-accounts', () => {
  test('are read with their own id, and every account gets its own rows', async () => {
    const { control, banking, bankingRows, context, dataCalls } = await start();
    const [one, two] = [control.addAccount(), control.addAccount()];
    control.setBalance('banking', one.account_id, 'USD', { available_balance: '1.00' });
    control.setBalance('banking', two.account_id, 'USD', { available_balance: '2.00' });
    control.insertTransaction('banking', { account_id: two.account_id, amount: '3.00' });
    const read = async (id: string) => (await readAll(banking.list(subAccount(id), context)))[0];
    expect((await read(one.account_id))?.available?.amount).toBe('1.00');
    expect(await read(two.account_id)).toMatchObject({
      available: { amount: '2.00' },
      account: subAccount(two.account_id),
    });
    const page = await bankingRows.page(firstPage(subAccount(two.account_id)), context);
    expect(page.value).toMatchObject({ rowCount: 1, rows: [{ account: subAccount(two.account_id) }] });
    expect(dataCalls().map(({ onBehalfOf }) => onBehalfOf)).toEqual([
      one.account_id,
      two.account_id,
      two.account_id,
    ]);
  });

  test('that are unknown, closed, or without the line are ACCOUNT_NOT_FOUND', async () => {
    const { control, issuing, context } = await start();
    const closed = control.addAccount({ status: 'CLOSED' });
    const bankingOnly = control.addAccount({ business_code: ['BANKING'] });
    const unknown = '11111111-1111-4111-8111-111111111111';
    for (const id of [closed.account_id, bankingOnly.account_id, unknown]) {
      await expect(readAll(issuing.list(subAccount(id), context))).rejects.toMatchObject({
        code: 'ACCOUNT_NOT_FOUND',
        details: { provider: 'UQPAY', ledger: 'ISSUING', retryable: false },
      });
    }
  });

  test.each(['', 'a\r\nx-auth-token: b', 'a b', 'a\u0000', 'konto-ä', '.', '..', 'a'.repeat(129)])(
    '%j cannot be sent: refused before any call',
    async (id) => {
      const { banking, bankingRows, provider, context, control } = await start();
      const reads = [
        readAll(banking.list(subAccount(id), context)),
        banking.one?.(subAccount(id), 'USD', context),
        bankingRows.page(firstPage(subAccount(id)), context),
      ];
      for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
      expect((await provider.accounts.one?.(id, context))?.value).toBeNull();
      expect(control.callCount()).toBe(0);
    },
  );

  test('a row that names another account fails the read and leaks nothing', async () => {
    const { control, bankingRows, context, sandbox } = await start();
    const { account_id } = control.addAccount();
    for (let index = 0; index < 3; index += 1)
      control.insertTransaction('banking', { account_id, amount: '77.77' });
    control.inject({ match: {}, kind: 'shape', field: 'data.1.account_id', value: sandbox.masterAccountId });
    const read = bankingRows.page(firstPage(subAccount(account_id)), context);
    await expect(read).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringMatching(/data\[1\]\.account_id: is a row of another account/),
    });
    await expect(read).rejects.not.toMatchObject({
      message: expect.stringContaining(sandbox.masterAccountId),
    });
  });
});

describe('accounts', () => {
  test('the master account is known from the token and costs no data call; the others are listed without it', async () => {
    const { provider, control, sandbox, context, dataCalls } = await start({
      behaviour: { masterListed: true },
    });
    const added = Array.from({ length: 120 }, () => control.addAccount().account_id);
    expect((await provider.accounts.master(context)).value).toMatchObject({
      ref: master,
      providerAccountId: sandbox.masterAccountId,
    });
    expect(dataCalls()).toHaveLength(0);
    const listed = await readAll(provider.accounts.connected(context));
    expect(listed.map(({ providerAccountId }) => providerAccountId).sort()).toEqual(added.sort());
    expect(dataCalls().map(({ onBehalfOf }) => onBehalfOf)).toEqual([null, null]);
  });

  test('contain no personal data', async () => {
    const { provider, control, context } = await start();
    const { account_id, email } = control.addAccount();
    const one = (await provider.accounts.one?.(account_id, context))?.value;
    const [listed] = await readAll(provider.accounts.connected(context));
    expect(one).toEqual(listed);
    expect(JSON.stringify([one, listed])).not.toContain(email);
    expect(Object.keys(listed ?? {}).sort()).toEqual(
      [
        'country',
        'ledgers',
        'name',
        'providerAccountId',
        'ref',
        'shortReference',
        'status',
        'statusRaw',
      ].sort(),
    );
  });

  test('one account is found by any of its lines; one that does not exist is null', async () => {
    const { provider, control, context } = await start();
    const { account_id } = control.addAccount({ business_code: ['ACQUIRING'] });
    const one = provider.accounts.one;
    expect((await one?.(account_id, context))?.value).toMatchObject({ ledgers: ['PAYMENT'] });
    expect((await one?.('11111111-1111-4111-8111-111111111111', context))?.value).toBeNull();
  });
});

describe('transactions', () => {
  test('are filtered by time, both ends included, and by the values of the route', async () => {
    const { control, bankingRows, context, dataCalls } = await start();
    const at = (second: number) => `2026-06-01T00:00:0${second}Z`;
    for (const second of [1, 2, 3, 4])
      control.insertTransaction('banking', { create_time: at(second), currency: 'EUR' });
    control.insertTransaction('banking', { create_time: at(3), currency: 'USD', transaction_type: 'PAYOUT' });
    const [fromSecond, toSecond] = [Date.parse(at(2)) / 1_000, Date.parse(at(3)) / 1_000];
    const range = { fromSecond, toSecond };
    expect((await bankingRows.page(firstPage(master, {}, range), context)).value.rowCount).toBe(3);
    const narrowed = await bankingRows.page(
      firstPage(master, { currency: 'USD', type: 'PAYOUT', status: 'COMPLETED' }, range),
      context,
    );
    expect(narrowed.value).toMatchObject({ rowCount: 1, rows: [{ type: 'PAYOUT', currency: 'USD' }] });
    expect(dataCalls()[1]?.query).toEqual({
      currency: 'USD',
      end_time: '2026-06-01T08:00:03+08:00',
      page_number: '1',
      page_size: '10',
      start_time: '2026-06-01T08:00:02+08:00',
      transaction_status: 'COMPLETED',
      transaction_type: 'PAYOUT',
    });
  });

  test('the route accepts every filter value that the feeds declare', async () => {
    const { bankingRows, issuingRows, context } = await start();
    for (const book of [bankingRows, issuingRows]) {
      for (const type of Object.values(book.typeMapping)) {
        expect((await book.page(firstPage(master, { type }), context)).value.rowCount).toBe(0);
      }
      for (const status of Object.values(book.statusMapping)) {
        expect((await book.page(firstPage(master, { status }), context)).value.rowCount).toBe(0);
      }
    }
  });

  test('issuing accepts the span that its feed declares, and not a second more', async () => {
    const { issuingRows, context, clock } = await start();
    const toSecond = clock.now() / 1_000;
    const page = (spanSeconds: number) =>
      issuingRows.page(firstPage(master, {}, { fromSecond: toSecond - spanSeconds, toSecond }), context);
    const span = issuingRows.spanSecondsMax ?? 0;
    expect((await page(span)).value.rowCount).toBe(0);
    await expect(page(span + 1)).rejects.toMatchObject({
      code: 'UPSTREAM_REJECTED',
      details: { upstreamStatus: 400 },
    });
  });

  test('payment has no list', async () => {
    const { provider } = await start();
    expect([...provider.transactions.keys()]).toEqual(['BANKING', 'ISSUING']);
    expect([...provider.balances.keys()]).toEqual(['BANKING', 'ISSUING', 'PAYMENT']);
  });
});

test('every attempt that needs an idempotency key has a new one, retries included', async () => {
  const { control, banking, payment, issuing, context, dataCalls } = await start();
  control.inject({
    match: { path: '/v2/payment/balances' },
    kind: 'status',
    status: 503,
    shape: 'A',
    times: 1,
  });
  await readAll(payment.list(master, context));
  await readAll(banking.list(master, context));
  await Promise.all([payment, issuing].map((book) => book.one?.(master, 'USD', context)));
  expect(dataCalls().find(({ path }) => path === '/v1/balances')?.idempotencyKey).toBeNull();
  const keys = dataCalls().flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(4);
  for (const key of keys)
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a changed balance is seen by the next read, however often it was unchanged before', async () => {
  const { control, sandbox, payment, context } = await start();
  for (const amount of ['1.00', '1.00', '1.00', '2.00', '1.00', '1.00', '1.00', '1.0']) {
    control.setBalance('payment', sandbox.masterAccountId, 'USD', { available_balance: amount });
    expect((await payment.one?.(master, 'USD', context))?.value).toMatchObject({ available: { amount } });
    const [row] = await readAll(payment.list(master, context));
    expect(row).toMatchObject({ available: { amount } });
  }
});

test('added and removed rows are seen by the next read, however often the page was unchanged before', async () => {
  const { control, bankingRows, context } = await start();
  const read = async () => {
    const { value } = await bankingRows.page(firstPage(master), context);
    return [value.rowCount, value.rows.map(({ amount }) => amount?.amount)];
  };
  control.insertTransaction('banking', { amount: '1.00' });
  for (let time = 0; time < 3; time++) expect(await read()).toEqual([1, ['1.00']]);
  const row = control.insertTransaction('banking', { amount: '2.00' });
  for (let time = 0; time < 3; time++) expect((await read())[0]).toBe(2);
  control.deleteTransaction(row.transaction_id);
  for (let time = 0; time < 3; time++) expect(await read()).toEqual([1, ['1.00']]);
});
