// Who may subscribe, to how much and for how long, over HTTP.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  countOpen,
  type LiveRig,
  multipartAccept,
  openLiveRig,
  openStream,
  type ReadStream,
  tokenOf,
  until,
  withTokens,
} from './live.fixture.ts';

const watch = 'subscription { balancesChanged(filter: { ledgers: [BANKING] }) { trigger } }';

async function asCaller(token: string, rig: LiveRig, accept = 'text/event-stream', query = watch) {
  return openStream(rig.gateway, query, { accept, headers: { authorization: `Bearer ${token}` } });
}

const codeOf = async (stream: ReadStream) => (await stream.next())?.errors?.[0]?.extensions.code;

describe('with tokens', () => {
  let rig: LiveRig;
  beforeAll(async () => {
    rig = await openLiveRig({
      ...withTokens,
      ...{ MAX_SUBSCRIPTIONS: '3', MAX_SUBSCRIPTIONS_PER_CALLER: '2', METRICS: 'on' },
    });
  });
  afterAll(() => rig.close());

  const openSubscriptions = () => countOpen(rig);

  test.each([
    ['nobody', '', 401, 'UNAUTHENTICATED'],
    ['a caller without the scope', { scope: 'accounts:read' }, 400, 'FORBIDDEN'],
    ['a caller of other accounts', { accounts: ['UQPAY/a-1'] }, 400, 'ACCOUNT_OUT_OF_SCOPE'],
  ])('%s is refused before the stream begins, and nothing is read', async (_name, claims, status, code) => {
    const token = typeof claims === 'string' ? claims : await tokenOf('a', claims);
    const stream = await asCaller(token, rig);
    expect(stream.status).toBe(status);
    expect(await codeOf(stream)).toBe(code);
    expect(rig.balanceCalls()).toBe(0);
  });

  test('subscriptions are limited per caller and in total, and one that ends frees its slot', async () => {
    const [a, b] = [await tokenOf('a'), await tokenOf('b')];
    const streams = [await asCaller(a, rig), await asCaller(a, rig, multipartAccept)];
    const third = await asCaller(a, rig);
    expect([third.status, third.headers['retry-after'], await codeOf(third)]).toEqual([
      429,
      '5',
      'RATE_LIMITED',
    ]);
    streams.push(await asCaller(b, rig));
    const fourth = await asCaller(b, rig);
    expect([fourth.status, await codeOf(fourth)]).toEqual([503, 'OVERLOADED']);
    expect(await openSubscriptions()).toBe(3);
    for (const stream of streams) stream.leave();
    await until(async () => (await openSubscriptions()) === 0);
    const again = await asCaller(a, rig);
    expect(again.status).toBe(200);
    again.leave();
    await until(async () => (await openSubscriptions()) === 0);
  });

  test.each([
    ['a root field that is left out', 'subscription { balancesChanged @skip(if: true) { asOf } }'],
    [
      'root fields chosen by a variable',
      'subscription ($b: Boolean = true) { balancesChanged @include(if: $b) { asOf } ...T @skip(if: $b) } fragment T on Subscription { transactionsChanged { asOf } }',
    ],
    [
      'a fragment whose field is left out',
      'subscription { ...T } fragment T on Subscription { ... { balancesChanged @include(if: false) { asOf } } }',
    ],
  ])('%s: refused, and it holds no place', async (_name, query) => {
    const token = await tokenOf('c');
    for (let asked = 0; asked < 3; asked += 1) {
      const stream = await asCaller(token, rig, 'text/event-stream', query);
      expect([stream.status, await codeOf(stream)]).toEqual([400, 'BAD_USER_INPUT']);
    }
    const stream = await asCaller(token, rig);
    expect(stream.status).toBe(200);
    stream.leave();
    await until(async () => (await openSubscriptions()) === 0);
  });

  test.each(['text/event-stream', multipartAccept])(
    '%s: an open stream sends heartbeats, and ends with its token',
    async (accept) => {
      const stream = await asCaller(await tokenOf('a'), rig, accept);
      expect(await stream.next()).toMatchObject({ data: { balancesChanged: { trigger: 'START' } } });
      const before = stream.heartbeats();
      rig.clock.advance(10_000);
      await until(async () => stream.heartbeats() > before);
      rig.clock.advance(3_600_000);
      expect(await codeOf(stream)).toBe('UNAUTHENTICATED');
      expect(await stream.next()).toBeNull();
      await until(async () => (await openSubscriptions()) === 0);
    },
  );

  test('a gateway that stops completes its streams', async () => {
    const token = await tokenOf('a');
    const streams = [await asCaller(token, rig), await asCaller(token, rig, multipartAccept)];
    for (const stream of streams) await stream.next();
    const closed = rig.gateway.close();
    for (const stream of streams) expect(await stream.next()).toBeNull();
    await closed;
  });
});

describe('a provider that cannot be read', () => {
  let rig: LiveRig;
  beforeEach(async () => {
    rig = await openLiveRig({ METRICS: 'on' });
  });
  afterEach(() => rig.close());
  const transactions = 'subscription { transactionsChanged(filter: { ledgers: [BANKING] }) { trigger } }';

  test.each([
    ['is down', { status: 503 }, 503, 'UPSTREAM_UNAVAILABLE'],
    ['limits the rate', { status: 429, retryAfterSeconds: 17 }, 503, 'UPSTREAM_RATE_LIMITED'],
    ['refuses calls', { status: 403 }, 502, 'UPSTREAM_FORBIDDEN'],
    ['rejects calls', { status: 400 }, 502, 'UPSTREAM_REJECTED'],
  ])('%s: refused with a status that says so', async (_name, fault, ...expected) => {
    const match = { path: '/v1/balances.*' };
    rig.sandbox.control.inject({ match, kind: 'status', shape: 'A', ...fault });
    for (const [query, accept] of [
      [watch, 'text/event-stream'],
      [watch, multipartAccept],
      [transactions, 'multipart/mixed;subscriptionSpec=1.0,application/graphql-response+json'],
    ] as const) {
      const stream = await openStream(rig.gateway, query, { accept });
      expect(stream.headers['content-type']).toMatch(/json/);
      const error = (await stream.next())?.errors?.[0]?.extensions;
      expect([stream.status, error?.code]).toEqual(expected);
      expect(stream.headers['retry-after']).toBe(error?.retryAfterSeconds?.toString());
      if (fault.status === 429) expect(stream.headers['retry-after']).toBe('17');
    }
    expect(await countOpen(rig)).toBe(0);
  });
});

describe('an operation that costs too much', () => {
  let rig: LiveRig;
  beforeAll(async () => {
    rig = await openLiveRig({ MAX_UPSTREAM_CALLS_PER_OPERATION: '2' });
  });
  afterAll(() => rig.close());
  const ofBanking = (fields: string) =>
    `subscription { balancesChanged(filter: { ledgers: [BANKING] }) { balances { currency ${fields} } } }`;

  test.each([
    ['subscription { balancesChanged { asOf } }', 'CALLS_EXCEEDED'],
    [
      ofBanking(
        'transactions(first: 100) { nodes { balance { transactions(first: 100) { nodes { id } } } } }',
      ),
      'QUERY_TOO_COMPLEX',
    ],
  ])('%s is refused before anything is read', async (query, code) => {
    expect(await codeOf(await openStream(rig.gateway, query))).toBe(code);
    expect(rig.balanceCalls()).toBe(0);
  });

  test('selections below the balances of an event may make as many calls as an operation, for each event', async () => {
    const { control, masterAccountId } = rig.sandbox;
    const query = ofBanking('transactions(first: 1, filter: { types: [PAYIN] }) { nodes { id } }');
    const stream = await openStream(rig.gateway, query);
    const first = await stream.next();
    const balances = first?.data?.balancesChanged?.balances as { transactions: object | null }[];
    expect(balances.length).toBeGreaterThan(2);
    expect(balances.filter(({ transactions }) => transactions !== null)).toHaveLength(2);
    expect(first?.errors?.map(({ extensions }) => extensions.code)).toContain('CALLS_EXCEEDED');
    control.setBalance('banking', masterAccountId, 'USD', { available_balance: '1.01' });
    rig.clock.advance(5_000);
    const second = await stream.next();
    expect(second?.errors).toBeUndefined();
    expect(second?.data?.balancesChanged?.balances).toMatchObject([{ currency: 'USD', transactions: {} }]);
    stream.leave();
  });
});

describe('if only listed operations run', () => {
  let rig: LiveRig;
  let directory: string;
  const id = createHash('sha256').update(watch).digest('hex');
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'manifest-'));
    const path = join(directory, 'manifest.json');
    const operations = [{ id, name: null, type: 'subscription', body: watch }];
    writeFileSync(
      path,
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    );
    rig = await openLiveRig({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_MANIFEST: path });
  });
  afterAll(async () => {
    await rig?.close();
    rmSync(directory, { recursive: true });
  });

  test('a listed subscription runs, and another does not', async () => {
    const listed = await openStream(rig.gateway, watch);
    expect(await listed.next()).toMatchObject({ data: { balancesChanged: { trigger: 'START' } } });
    listed.leave();
    const other = await openStream(rig.gateway, `${watch} `);
    expect(await codeOf(other)).toBe('QUERY_NOT_IN_SAFELIST');
  });
});
