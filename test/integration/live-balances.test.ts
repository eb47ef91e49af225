import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type LiveRig,
  multipartAccept,
  openLiveRig,
  openStream,
  type ReadStream,
  type StreamEvent,
} from './live.fixture.ts';

const watch = `subscription Watch($filter: BalanceFilter) {
  balancesChanged(filter: $filter) {
    trigger
    asOf
    nextLookSeconds
    balances { ledger currency available { amount } }
    sources { ledger state code }
  }
}`;
const banking = { filter: { ledgers: ['BANKING'] } };
/** Longer than a read may be cached. */
const intervalMs = 5_000;

let rig: LiveRig;
const open: ReadStream[] = [];

async function subscribe(...[query, request]: [string?, Parameters<typeof openStream>[2]?]) {
  const stream = await openStream(rig.gateway, query ?? watch, request ?? { variables: banking });
  open.push(stream);
  return stream;
}

const changeOf = (event: StreamEvent | null) => event?.data?.balancesChanged;

function setBalance(currency: string, amount: string): void {
  const { control, masterAccountId } = rig.sandbox;
  control.setBalance('banking', masterAccountId, currency, { available_balance: amount });
}

/** Until the sandbox has received this many calls for balances. */
async function untilCalls(count: number): Promise<void> {
  while (rig.balanceCalls() < count) await new Promise((resolve) => setTimeout(resolve, 5));
}

beforeAll(async () => {
  rig = await openLiveRig();
});
afterAll(() => rig.close());
beforeEach(() => rig.sandbox.control.resetCalls());
afterEach(async () => {
  for (const stream of open.splice(0)) stream.leave();
  rig.clock.advance(2 * intervalMs);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

describe.each([
  ['server-sent events over POST', { accept: 'text/event-stream' }],
  ['server-sent events over GET', { accept: 'text/event-stream', method: 'GET' as const }],
  ['multipart', { accept: multipartAccept }],
])('%s', (_name, request) => {
  test('send everything at once, then what changed, and nothing for what did not', async () => {
    setBalance('USD', '100.10');
    setBalance('EUR', '7.00');
    const stream = await subscribe(watch, { ...request, variables: banking });
    expect(stream.status).toBe(200);
    expect(stream.headers['x-accel-buffering']).toBe('no');
    const first = changeOf(await stream.next());
    expect(first).toMatchObject({
      trigger: 'START',
      sources: [{ ledger: 'BANKING', state: 'OK', code: null }],
    });
    expect(first?.balances).toContainEqual({
      ledger: 'BANKING',
      currency: 'USD',
      available: { amount: '100.10' },
    });
    setBalance('USD', '100.11');
    rig.clock.advance(intervalMs);
    expect(changeOf(await stream.next())).toMatchObject({
      trigger: 'POLL',
      balances: [{ ledger: 'BANKING', currency: 'USD', available: { amount: '100.11' } }],
    });
    rig.clock.advance(intervalMs);
    await untilCalls(3);
    setBalance('EUR', '8.00');
    rig.clock.advance(intervalMs);
    expect(changeOf(await stream.next())?.balances).toEqual([
      { ledger: 'BANKING', currency: 'EUR', available: { amount: '8.00' } },
    ]);
    expect(rig.balanceCalls()).toBe(4);
  });
});

test('a hundred subscribers cost the calls of one; without subscribers there are none', async () => {
  const beganMs = rig.clock.now();
  /**
   * What one subscriber costs: one call at the start, and one per interval. On a busy machine the test takes several.
   */
  const callsOfOne = () => 1 + Math.floor((rig.clock.now() - beganMs) / intervalMs);
  const streams = await Promise.all(Array.from({ length: 100 }, () => subscribe()));
  const firsts = await Promise.all(streams.map((stream) => stream.next()));
  expect(new Set(firsts.map((event) => changeOf(event)?.trigger))).toEqual(new Set(['START']));
  expect(rig.balanceCalls()).toBeLessThanOrEqual(callsOfOne());
  setBalance('USD', '200.01');
  rig.clock.advance(intervalMs);
  for (const event of await Promise.all(streams.map((stream) => stream.next()))) {
    expect(changeOf(event)?.balances).toMatchObject([{ currency: 'USD', available: { amount: '200.01' } }]);
  }
  expect(rig.balanceCalls()).toBeLessThanOrEqual(callsOfOne());
  for (const stream of streams) stream.leave();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const callCount = rig.balanceCalls();
  rig.clock.advance(10 * intervalMs);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(rig.balanceCalls()).toBe(callCount);
});

test('an event without balances reports that a source fails, and another that it recovered', async () => {
  const stream = await subscribe();
  await stream.next();
  setBalance('USD', '300.03');
  rig.sandbox.control.inject({ match: { path: '/v1/balances' }, kind: 'status', status: 403, shape: 'A' });
  rig.clock.advance(intervalMs);
  const failed = changeOf(await stream.next());
  expect(failed).toMatchObject({ balances: [], sources: [{ state: 'FAILED' }] });
  rig.sandbox.control.clearFaults();
  rig.clock.advance(intervalMs);
  expect(changeOf(await stream.next())).toMatchObject({
    balances: [{ currency: 'USD', available: { amount: '300.03' } }],
    sources: [{ state: 'OK' }],
  });
});

test('a currency outside the filter causes no event', async () => {
  const stream = await subscribe(watch, {
    variables: { filter: { ledgers: ['BANKING'], currencies: ['usd'] } },
  });
  expect(changeOf(await stream.next())?.balances).toHaveLength(1);
  setBalance('EUR', '9.99');
  rig.clock.advance(intervalMs);
  await untilCalls(2);
  setBalance('USD', '400.04');
  rig.clock.advance(intervalMs);
  expect(changeOf(await stream.next())?.balances).toMatchObject([{ currency: 'USD' }]);
});

test('a slow reader gets the newest state, not a queue', async () => {
  const currencies = Array.from({ length: 20 }, (_, index) => `X${String.fromCharCode(65 + index)}X`);
  for (const currency of currencies) setBalance(currency, '5.000');
  const ids = Array.from({ length: 90 }, (_, index) => `a${index}: id`).join(' ');
  const stream = await subscribe(
    `subscription { balancesChanged(filter: { ledgers: [BANKING] }) { balances { currency available { amount } ${ids} } } }`,
    {},
  );
  await stream.next();
  stream.pause();
  // More than the system buffers for a connection: some 0.1 MB each.
  const steps = 100;
  for (let step = 1; step <= steps; step += 1) {
    for (const currency of currencies) setBalance(currency, `5.${String(step).padStart(3, '0')}`);
    rig.clock.advance(intervalMs);
    await untilCalls(step + 1);
  }
  stream.resume();
  let eventCount = 0;
  for (let amount = ''; amount !== '5.100'; eventCount += 1) {
    const balances = changeOf(await stream.next())?.balances as { available: { amount: string } }[];
    expect(balances).toHaveLength(currencies.length);
    amount = balances[0]?.available.amount ?? '';
  }
  expect(eventCount).toBeLessThan(steps);
});

test('a query sent for a stream is one event and the end', async () => {
  const stream = await subscribe('{ viewer { subject } }', {});
  expect(await stream.next()).toEqual({ data: { viewer: { subject: 'anonymous' } } });
  expect(await stream.next()).toBeNull();
});

describe('refusals before the stream begins', () => {
  test.each([
    [
      'several root fields',
      'subscription { a: balancesChanged { asOf } b: balancesChanged { asOf } }',
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'an account nobody has',
      'subscription { balancesChanged(filter: { accountIds: ["VVFQQVk6bm9uZQ"] }) { asOf } }',
      400,
      'BAD_USER_INPUT',
    ],
    ['an unknown field', 'subscription { balancesChanged { nothing } }', 400, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s', async (_name, query, status, code) => {
    const stream = await subscribe(query, {});
    expect(stream.status).toBe(status);
    expect(stream.headers['content-type']).toContain('json');
    expect((await stream.next())?.errors?.[0]?.extensions.code).toBe(code);
    expect(rig.balanceCalls()).toBe(0);
  });

  test('a caller that accepts no stream gets an error that names the header', async () => {
    const stream = await subscribe(watch, { accept: 'application/json' });
    expect(stream.status).toBe(406);
    expect((await stream.next())?.errors?.[0]?.message).toContain('text/event-stream');
  });

  test('pages on another origin cannot subscribe with GET', async () => {
    const headers = { origin: 'https://elsewhere.example' };
    expect((await subscribe(watch, { method: 'GET', headers })).status).toBe(403);
    const site = { 'sec-fetch-site': 'cross-site' };
    expect((await subscribe(watch, { method: 'GET', headers: site })).status).toBe(403);
    expect(rig.balanceCalls()).toBe(0);
  });
});
