import { describe, expect, test } from '@jest/globals';
import type { HttpReply, HttpRequest } from '../../../../src/ports/http.ts';
import type { ParsedReplyCache } from '../../../../src/ports/parsed-reply-cache.ts';
import type { ReadIdentity, UpstreamPort } from '../../../../src/ports/upstream.ts';
import { createUqpay, type UqpayConfig } from '../../../../src/providers/uqpay/index.ts';
import {
  createMemoryTokenStore,
  createParsedReplyCache,
  createUpstream,
  readKey,
} from '../../../../src/upstream/index.ts';
import { aReadContext } from '../../../support/read-context.ts';
import { createManualClock } from '../../upstream/manual-clock.ts';

const account = '2f6f2c1e-5a0e-4a53-9b7e-0a6f6f1c9d11';
const master = { provider: 'UQPAY', providerAccountId: null } as const;
const subAccount = { provider: 'UQPAY', providerAccountId: account } as const;
const pair = (name: string) => ({ clientId: `client-${name}`, apiKey: `key-${name}` });
const shared = { banking: pair('one'), issuing: pair('one'), payment: pair('one') };

/** The adapter with a transport and an upstream that record every request. Every list is empty, every balance EUR. */
function setUp(lines: UqpayConfig['lines'] = shared) {
  const clock = createManualClock();
  const sent: HttpRequest[] = [];
  const identities: ReadIdentity[] = [];
  const memory = createParsedReplyCache(8_000_000);
  const keptKeys: string[] = [];
  const replies: ParsedReplyCache = {
    read(key, reply, make) {
      keptKeys.push(key);
      return memory.read(key, reply, make);
    },
  };
  const http = {
    async send(request: HttpRequest): Promise<HttpReply> {
      sent.push(request);
      const isToken = request.url.endsWith('/connect/token');
      const single = /\/EUR$/.test(request.url) || request.method === 'POST';
      const body = isToken
        ? {
            auth_token: `token-of-${request.headers['x-client-id']}`,
            expired_at: clock.now() / 1_000 + 1_800,
          }
        : single
          ? { currency: 'EUR' }
          : { total_items: 0, data: [] };
      return {
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        text: JSON.stringify(body),
      };
    },
    close: () => undefined,
  };
  const actual = createUpstream({ clock });
  const upstream: UpstreamPort = {
    read(read, context) {
      identities.push(read.identity);
      return actual.read(read, context);
    },
  };
  const provider = createUqpay(
    { baseUrl: 'http://127.0.0.1/api', environment: 'SANDBOX', lines },
    {
      http,
      upstream,
      clock,
      tokens: createMemoryTokenStore({ clock }),
      replies,
    },
  );
  const context = aReadContext();
  const dataCalls = () => sent.filter(({ url }) => !url.endsWith('/connect/token'));
  return { provider, context, sent, dataCalls, identities, keptKeys };
}

async function readEverything(
  { provider, context }: ReturnType<typeof setUp>,
  ref: typeof master | typeof subAccount,
) {
  for (const book of provider.balances.values()) {
    await book.list(ref, context)[Symbol.asyncIterator]().next();
    await book.one?.(ref, 'EUR', context);
  }
  const range = { fromSecond: 0, toSecond: 1_790_000_000 };
  for (const book of provider.transactions.values())
    await book.page({ account: ref, query: {}, range, pageNumber: 2, pageSize: 10 }, context);
}

describe('headers (reference section 2.1)', () => {
  test('of every read: token with Bearer, client id; a fresh idempotency key where it is documented', async () => {
    const set = setUp();
    await readEverything(set, subAccount);
    await set.provider.accounts.connected(set.context)[Symbol.asyncIterator]().next();
    expect(set.dataCalls()).toHaveLength(9);
    for (const { headers } of set.dataCalls()) {
      expect(headers).toMatchObject({
        accept: 'application/json',
        'x-auth-token': 'Bearer token-of-client-one',
        'x-client-id': 'client-one',
      });
      expect(headers).not.toHaveProperty('x-api-key');
    }
    const keyed = set.dataCalls().filter(({ headers }) => headers['x-idempotency-key'] !== undefined);
    expect(keyed.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'POST /api/v1/issuing/balances',
      'GET /api/v2/payment/balances',
      'GET /api/v2/payment/balances/EUR',
    ]);
    const keys = keyed.map(({ headers }) => headers['x-idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('x-on-behalf-of names the sub-account, is absent for the master, and never goes to accounts', async () => {
    const sub = setUp();
    await readEverything(sub, subAccount);
    expect(new Set(sub.dataCalls().map(({ headers }) => headers['x-on-behalf-of']))).toEqual(
      new Set([account]),
    );
    const main = setUp();
    await readEverything(main, master);
    await main.provider.accounts.connected(main.context)[Symbol.asyncIterator]().next();
    for (const { headers } of main.sent) expect(headers).not.toHaveProperty('x-on-behalf-of');
  });

  test('the token call has no idempotency key, no token and no account', async () => {
    const set = setUp();
    await readEverything(set, subAccount);
    const [tokenCall] = set.sent;
    expect(tokenCall?.url).toBe('http://127.0.0.1/api/v1/connect/token');
    for (const name of ['x-idempotency-key', 'x-auth-token', 'x-on-behalf-of']) {
      expect(tokenCall?.headers).not.toHaveProperty(name);
    }
  });
});

test('requests are as documented (reference sections 3.1, 4.1, 5.2, 5.3), percent-encoded', async () => {
  const set = setUp();
  await readEverything(set, master);
  await set.provider.accounts.connected(set.context)[Symbol.asyncIterator]().next();
  const times = 'start_time=1970-01-01T08%3A00%3A00%2B08%3A00&end_time=2026-09-21T22%3A13%3A20%2B08%3A00';
  expect(
    set.dataCalls().map(({ method, url, body }) => [method, url.replace('http://127.0.0.1/api', ''), body]),
  ).toEqual([
    ['GET', '/v1/balances?page_number=1&page_size=100', undefined],
    ['GET', '/v1/balances/EUR', undefined],
    ['GET', '/v1/issuing/balances?page_number=1&page_size=100', undefined],
    ['POST', '/v1/issuing/balances', '{"currency":"EUR"}'],
    ['GET', '/v2/payment/balances?page_number=1&page_size=100', undefined],
    ['GET', '/v2/payment/balances/EUR', undefined],
    ['GET', `/v1/balances/transactions?page_number=2&page_size=10&${times}`, undefined],
    ['GET', `/v1/issuing/balances/transactions?page_number=2&page_size=10&${times}`, undefined],
    ['GET', '/v1/accounts?page_number=1&page_size=100', undefined],
  ]);
});

describe('credentials', () => {
  test('shared by the lines share one token and one digest', async () => {
    const set = setUp();
    await readEverything(set, master);
    expect(set.sent.length - set.dataCalls().length).toBe(1);
    expect(new Set(set.identities.map(({ credential }) => credential)).size).toBe(1);
  });

  test('for one line give it its own token and digest; accounts use those of banking', async () => {
    const set = setUp({ banking: pair('b'), issuing: pair('i'), payment: pair('i') });
    await readEverything(set, master);
    await set.provider.accounts.connected(set.context)[Symbol.asyncIterator]().next();
    const clientOf = (part: string) =>
      new Set(
        set
          .dataCalls()
          .filter(({ url }) => url.includes(part))
          .map(({ headers }) => headers['x-auth-token']),
      );
    expect(set.sent.length - set.dataCalls().length).toBe(2);
    expect(clientOf('/v1/balances')).toEqual(new Set(['Bearer token-of-client-b']));
    expect(clientOf('/v1/accounts')).toEqual(new Set(['Bearer token-of-client-b']));
    expect(clientOf('/issuing/')).toEqual(new Set(['Bearer token-of-client-i']));
    expect(clientOf('/payment/')).toEqual(new Set(['Bearer token-of-client-i']));
    expect(new Set(set.identities.map(({ credential }) => credential)).size).toBe(2);
  });

  test('missing for a line leave the line out; none at all are refused', async () => {
    const { provider } = setUp({ issuing: pair('i') });
    expect(provider.ledgers).toEqual(['ISSUING']);
    expect([...provider.balances.keys(), ...provider.transactions.keys()]).toEqual(['ISSUING', 'ISSUING']);
    expect(() => setUp({})).toThrow(TypeError);
  });
});

test('no two different reads have the same key, and no key contains a secret', async () => {
  const set = setUp();
  await readEverything(set, master);
  await readEverything(set, subAccount);
  const keys = set.identities.map(readKey);
  expect(new Set(keys).size).toBe(16);
  for (const key of keys) expect(key).not.toMatch(/key-one|client-one|token-of/);
});

test('accounts whose replies have the same text keep their own balances', async () => {
  const set = setUp({ ...shared, issuing: pair('two') });
  const refs = [subAccount, master, { ...subAccount, providerAccountId: account.replace('2f', '3f') }];
  for (let time = 0; time < 4; time++) {
    for (const [ledger, book] of set.provider.balances) {
      for (const ref of refs) {
        const reading = await book.one?.(ref, 'EUR', aReadContext({ maxAgeSeconds: 0 }));
        expect(reading?.value).toMatchObject({ account: ref, ledger });
      }
    }
  }
});

test('replies about accounts are not cached, and no entry serves two credentials', async () => {
  const set = setUp({ ...shared, payment: pair('two') });
  await readEverything(set, subAccount);
  await set.provider.accounts.connected(set.context)[Symbol.asyncIterator]().next();
  expect(set.keptKeys.filter((key) => key.includes('/accounts'))).toEqual([]);
  // One issuing balance is read by POST, so its currency is not in the URL.
  expect(set.keptKeys.filter((key) => key.endsWith('/v1/issuing/balances'))).toEqual([]);
  expect(new Set(set.keptKeys.map((key) => key.split(' ')[0])).size).toBe(2);
  expect(new Set(set.keptKeys.map((key) => key.split(' ')[1]))).toEqual(new Set([account]));
});
