// A firewall, a proxy or a sign-in page replies instead of the provider to a token call, a login or a single read.
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import { loginPath, startIbaneraAdapter, stepMs } from './ibanera-adapter.fixture.ts';
import { master as noahMaster, startNoahAdapter } from './noah-adapter.fixture.ts';
import { master, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start<Adapter extends { close(): Promise<void> }>(
  starting: Promise<Adapter>,
): Promise<Adapter> {
  const adapter = await starting;
  closers.push(adapter.close);
  return adapter;
}

async function failureOf(read: Promise<unknown>): Promise<Failure> {
  const error = await read.then(
    () => new Error('was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  return error;
}

const page = (path: string, status: number, times?: number) => ({
  ...({ match: { path }, kind: 'page', status, page: 'html' } as const),
  ...(times === undefined ? {} : { times }),
});
const unavailable = (provider: string) => ({
  code: 'UPSTREAM_UNAVAILABLE',
  message: expect.stringContaining(`something between here and ${provider} answered (text/html)`),
  details: { retryable: true },
});

describe('UQPAY', () => {
  const tokenPath = '/v1/connect/token';

  test.each([401, 403, 503, 200])(
    'a page with %i on the token call does not blame the credentials',
    async (status) => {
      const { control, banking, context } = await start(startAdapter());
      control.inject(page(tokenPath, status));
      const failure = await failureOf(readAll(banking.list(master, context)));
      expect(failure).toMatchObject(unavailable('UQPAY'));
      expect(failure.message).not.toMatch(/credential|UQPAY_/);
      expect([control.mintCount(), control.callCount()]).toEqual([0, 3]);
    },
  );

  test('a temporary one costs one more token call', async () => {
    const { control, banking, context } = await start(startAdapter());
    control.inject(page(tokenPath, 403, 1));
    expect(await readAll(banking.list(master, context))).toEqual([]);
    expect([control.mintCount(), control.callCount()]).toEqual([1, 3]);
  });

  test('a refusal of the token call by UQPAY itself does blame them', async () => {
    const { control, banking, context } = await start(startAdapter());
    for (const shape of ['B', 'C'] as const) {
      control.inject({ match: { path: tokenPath }, kind: 'status', status: 403, shape });
      const failure = await failureOf(readAll(banking.list(master, context)));
      expect(failure).toMatchObject({ code: 'UPSTREAM_AUTH', details: { retryable: false } });
    }
  });

  test.each([401, 403])('a page with %i on the accounts does not affect the live token', async (status) => {
    const { control, provider, banking, context } = await start(startAdapter());
    await readAll(banking.list(master, context));
    const live = control.liveTokens();
    control.inject(page('/v1/accounts', status));
    expect(await failureOf(readAll(provider.accounts.connected(context)))).toMatchObject(
      unavailable('UQPAY'),
    );
    expect([control.mintCount(), control.liveTokens()]).toEqual([1, live]);
  });

  test('a page with 404 in place of an account does not make it unknown', async () => {
    const { control, provider, context } = await start(startAdapter());
    const { account_id: id } = control.addAccount();
    control.inject(page('/v1/accounts/.*', 404));
    const failure = await failureOf(Promise.resolve(provider.accounts.one?.(id, context)));
    expect(failure.message).toContain("by something that is not UQPAY's API. Check UQPAY_BASE_URL.");
  });
});

describe('Ibanera', () => {
  test.each([401, 403])('a page with %i on the login is not a refused login', async (status) => {
    const { control, readBalances, clock, logins } = await start(startIbaneraAdapter());
    control.inject(page(loginPath, status, 2));
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const failure = await failureOf(readBalances());
      expect(failure).toMatchObject(unavailable('Ibanera'));
      expect(logins()).toHaveLength(attempt);
      clock.advance(stepMs);
    }
    // After a second refused login there would be none for ten minutes.
    expect(await readBalances()).toEqual([]);
  });
});

describe('NOAH', () => {
  test('a page with 404 in place of a transaction does not make it unknown', async () => {
    const { control, provider, context } = await start(startNoahAdapter());
    const { ID } = control.insertTransaction();
    control.inject(page('/v1/transactions/.*', 404));
    const book = provider.transactions.get('CURRENT');
    const failure = await failureOf(book?.one?.(noahMaster, ID, context) ?? Promise.resolve());
    expect(failure.message).toContain("by something that is not NOAH's API. Check NOAH_BASE_URL.");
    control.clearFaults();
    control.deleteTransaction(ID);
    expect((await book?.one?.(noahMaster, ID, context))?.value).toBeNull();
  });
});

test('no connection failure names host or port to callers; the log does', async () => {
  const [uqpay, ibanera, noah] = await Promise.all([
    start(startAdapter()),
    start(startIbaneraAdapter()),
    start(startNoahAdapter()),
  ]);
  for (const kind of ['reset', 'cut'] as const) {
    for (const { control } of [uqpay, ibanera, noah]) {
      control.clearFaults();
      control.inject({ match: { path: /balances/ }, kind });
    }
    const failures = await Promise.all([
      failureOf(readAll(uqpay.banking.list(master, uqpay.context))),
      failureOf(ibanera.readBalances()),
      failureOf(noah.readBalances()),
    ]);
    expect(failures.map(({ message }) => message)).toEqual(
      ['UQPAY GET /v1/balances', 'Ibanera GET /api/v1/customer/accounts/balances', 'NOAH GET /balances'].map(
        (name) =>
          expect.stringMatching(
            `^${name} could not be read: the connection closed before the reply was complete \\(`,
          ),
      ),
    );
    for (const { message } of failures) expect(message).not.toMatch(/127\.0\.0\.1|:\d{4,5}/);
    const { baseUrl } = uqpay.sandbox;
    expect(failures[0]?.details.upstreamHost).toBe(new URL(baseUrl).host);
  }
});
