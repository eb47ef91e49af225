// The log line of each request: what it contains, and what it never contains.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { readMetrics } from '../support/metrics.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway | null = null;

afterEach(async () => {
  await door?.close();
  door = null;
});

async function open() {
  door = await startTestGateway();
  return door;
}

type Line = Readonly<Record<string, unknown>>;

/** The lines of answered requests, once there are `count`: a line is written when its connection is released. */
async function lines({ logText }: TestGateway, count: number): Promise<Line[]> {
  for (;;) {
    const logged = JSON.parse(logText()) as [Line, string][];
    const found = logged.filter(([, message]) => message === 'request answered');
    if (found.length >= count) return found.map(([details]) => details);
    await delay(5);
  }
}

const anyMs = expect.any(Number);

test('an operation: its name, outcome and cost; no document, variable or credential', async () => {
  const opened = await open();
  const query = 'query Dashboard($c: CurrencyCode!) { balance(currency: $c) { available { amount } } }';
  const headers = { 'x-request-id': 'r-1', authorization: 'Bearer caller-secret' };
  await opened.post({ query, variables: { c: 'USD' } }, headers);
  expect(await lines(opened, 1)).toEqual([
    {
      requestId: 'r-1',
      client: '127.0.0.1',
      method: 'POST',
      path: '/graphql',
      status: 200,
      durationMs: anyMs,
      operation: 'Dashboard',
      type: 'query',
      outcome: 'COMPLETE',
      upstreamCalls: 1,
    },
  ]);
  const { apiKey, clientId } = opened.sandbox;
  for (const secret of ['caller-secret', 'USD', 'available', apiKey, clientId]) {
    expect(opened.logText()).not.toContain(secret);
  }
});

test('a refusal has its codes, a long name is cut, and what is not GraphQL has its path without the query', async () => {
  const opened = await open();
  await opened.post({ query: '{ nope }' });
  await opened.post({ query: `query ${'N'.repeat(500)} { __typename }` });
  await (await fetch(`${new URL(opened.gateway.url).origin}/livez?token=secret`)).text();
  expect(await lines(opened, 3)).toMatchObject([
    {
      operation: null,
      type: null,
      outcome: 'REFUSED',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      upstreamCalls: 0,
    },
    { operation: 'N'.repeat(64), outcome: 'COMPLETE' },
    { method: 'GET', path: '/livez', status: 200 },
  ]);
  expect(opened.logText()).not.toContain('secret');
});

test('a caller who disconnects has no status, in the log and in the metrics', async () => {
  const opened = await open();
  const { control } = opened.sandbox;
  control.inject({ match: { path: '/v1/balances.*' }, kind: 'slow', ms: 30_000 });
  const caller = new AbortController();
  const gone = fetch(opened.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ balance(currency: "USD") { id } }' }),
    signal: caller.signal,
  }).catch(() => 'gone');
  while (control.calls().length < 2) await delay(5);
  caller.abort();
  expect(await gone).toBe('gone');
  expect(await lines(opened, 1)).toEqual([
    {
      requestId: expect.any(String),
      client: '127.0.0.1',
      method: 'POST',
      path: '/graphql',
      status: null,
      durationMs: anyMs,
    },
  ]);
  const { sum } = await readMetrics(opened.gateway.url);
  expect(sum('http_requests_total', { route: '/graphql', status: 'none' })).toBe(1);
  expect(sum('http_requests_in_flight')).toBe(1);
});
