// Traces as a real collector receives them, and what they must never contain.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ReceivedSpan, startCollector } from '../support/otlp-collector.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

const someTraceId = '0af7651916cd43dd8448eb211c80319c';
let collector: Awaited<ReturnType<typeof startCollector>>;
let door: TestGateway | null = null;

beforeEach(async () => {
  collector = await startCollector();
});

afterEach(async () => {
  await door?.close();
  door = null;
  await collector.close();
});

async function open(env: Record<string, string> = {}) {
  door = await startTestGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  const { gateway } = door;
  return {
    ...door,
    /** All spans so far; closes the gateway, which sends them. */
    async spans() {
      await gateway.close();
      return collector.spans();
    },
  };
}

function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter((span) => span.name === name);
  expect([name, found.length]).toEqual([name, 1]);
  return found[0] as ReceivedSpan;
}

const query =
  'query Dashboard { balances(filter: { ledgers: [BANKING] }) { nodes { available { amount } } } }';

describe('a traced request', () => {
  test('continues the caller’s trace: request, operation, call and the token it waited for', async () => {
    const { post, spans, sandbox } = await open({ OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=money' });
    const parentSpanId = 'b7ad6b7169203331';
    const { headers } = await post({ query }, { traceparent: `00-${someTraceId}-${parentSpanId}-01` });
    const all = await spans();
    const request = named(all, 'POST /graphql');
    const operation = named(all, 'query Dashboard');
    const call = named(all, 'UQPAY balances BANKING');
    const token = named(all, 'UQPAY token');
    expect(all).toHaveLength(4);
    expect(new Set(all.map((span) => span.traceId))).toEqual(new Set([someTraceId]));
    expect(request).toMatchObject({
      kind: 2,
      parentSpanId,
      isError: false,
      resource: { 'service.name': 'balances-gateway', 'service.namespace': 'money' },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'gateway.request_id': headers.get('x-request-id'),
      },
    });
    expect(operation).toMatchObject({
      kind: 1,
      parentSpanId: request.spanId,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Dashboard',
        'gateway.outcome': 'COMPLETE',
        'gateway.upstream_calls': 1,
      },
    });
    expect(call).toMatchObject({ kind: 3, parentSpanId: operation.spanId, isError: false });
    expect(call.attributes).toEqual({
      'gateway.provider': 'UQPAY',
      'gateway.kind': 'balances',
      'gateway.ledger': 'BANKING',
      'gateway.waited_ms': expect.any(Number),
      'http.request.method': 'GET',
      'url.template': '/v1/balances',
      'http.response.status_code': 200,
    });
    expect(token).toMatchObject({ kind: 3, parentSpanId: call.spanId });
    expect(sandbox.control.calls()).toHaveLength(2);
  });

  test('shows which calls failed, each attempt separately, and how the operation ended', async () => {
    const { post, spans, sandbox } = await open();
    const status = { kind: 'status', status: 503, shape: 'A' } as const;
    sandbox.control.inject({ match: { path: '/v1/balances.*' }, ...status });
    await post({ query });
    const all = await spans();
    const calls = all.filter(({ name }) => name === 'UQPAY balances BANKING');
    expect(calls).toHaveLength(3);
    for (const { isError, attributes } of calls) {
      expect([isError, attributes['error.type'], attributes['http.response.status_code']]).toEqual([
        true,
        'UPSTREAM_UNAVAILABLE',
        503,
      ]);
    }
    expect(named(all, 'query Dashboard').attributes).toMatchObject({
      'gateway.upstream_calls': 3,
      'gateway.error_codes': ['UPSTREAM_UNAVAILABLE'],
    });
  });

  test('contains no token, key, account, variable, literal or query', async () => {
    const { post, spans, sandbox } = await open();
    const [account] = sandbox.control.accounts();
    const accountId = account?.account_id ?? '';
    await post({
      query: 'query Account($id: ID!) { node(id: $id) { id } }',
      variables: { id: 'c2VjcmV0LXZhcmlhYmxl' },
    });
    await post({ query: 'query Literal { balance(currency: "SEK") { available { amount } } }' });
    await post({
      query: '{ accounts(first: 5) { nodes { name balances { nodes { available { amount } } } } } }',
    });
    await fetch(`${door?.gateway.url}?query=query%20InTheUrl%20%7B__typename%7D&variables=%7B%22q%22%3A1%7D`);
    const all = await spans();
    expect(all.length).toBeGreaterThan(10);
    const text = collector.text();
    const secrets = [
      ...[sandbox.apiKey, sandbox.clientId, accountId, 'eyJ', 'SEK', 'c2VjcmV0'],
      ...['page_size', '127.0.0.1', 'available', 'variables', '%7B', 'authorization'],
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  test('a hostile caller does not name spans: after a hundred names they are "other"', async () => {
    const { post, spans } = await open({ OTEL_TRACES_SAMPLER: 'always_on' });
    for (let index = 0; index < 105; index += 1) await post({ query: `query Q${index} { __typename }` });
    const names = (await spans()).map(({ name }) => name).filter((name) => name.startsWith('query '));
    expect(names).toHaveLength(105);
    expect(names.filter((name) => name === 'query other')).toHaveLength(5);
  });
});

describe('what is not traced', () => {
  test('health and metrics', async () => {
    const { gateway, spans } = await open();
    const { origin } = new URL(gateway.url);
    for (const path of ['/livez', '/readyz', '/metrics', '/']) await (await fetch(origin + path)).text();
    expect(await spans()).toEqual([]);
  });

  test('what the caller did not sample, or the sampler leaves out', async () => {
    const unsampled = { traceparent: `00-${someTraceId}-b7ad6b7169203331-00` };
    const first = await open();
    await first.post({ query }, unsampled);
    expect(await first.spans()).toEqual([]);
    await door?.close();
    const second = await open({ OTEL_TRACES_SAMPLER: 'always_off' });
    await second.post({ query });
    expect(await second.spans()).toEqual([]);
  });

  test.each([
    ['not to be gone on with', { OTEL_PROPAGATORS: 'none' }, `00-${someTraceId}-b7ad6b7169203331-01`],
    ['no trace at all', {}, `00-${someTraceId}-zzz`],
  ])('the trace of a caller that is %s', async (_what, env: Record<string, string>, traceparent) => {
    const { post, spans } = await open(env);
    await post({ query }, { traceparent, tracestate: 'x'.repeat(9_000) });
    const all = await spans();
    expect(named(all, 'POST /graphql').parentSpanId).toBe('');
    expect(all.map(({ traceId }) => traceId)).not.toContain(someTraceId);
  });
});

test('no trace headers are sent to providers', async () => {
  const seen: string[] = [];
  const provider = createServer((request, response) => {
    seen.push(...Object.keys(request.headers));
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  const { post } = await open({ UQPAY_BASE_URL: `http://127.0.0.1:${port}/api` });
  await post({ query }, { traceparent: `00-${someTraceId}-b7ad6b7169203331-01` });
  expect(seen).toContain('x-client-id');
  expect(seen.filter((name) => /trace|baggage|b3/.test(name))).toEqual([]);
  provider.close();
  provider.closeAllConnections();
});

test('the calls of two concurrent operations are kept apart', async () => {
  const { post, spans } = await open({ BALANCE_MAX_AGE_SECONDS: '0' });
  const of = (name: string, currency: string) =>
    post({ query: `query ${name} { balance(currency: "${currency}") { available { amount } } }` });
  await Promise.all([of('One', 'USD'), of('Other', 'EUR')]);
  const all = await spans();
  const parents = all
    .filter(({ name }) => name === 'UQPAY balances BANKING')
    .map((span) => span.parentSpanId);
  expect(parents.sort()).toEqual([named(all, 'query One').spanId, named(all, 'query Other').spanId].sort());
});

describe('the connection to the collector', () => {
  test('has the configured headers and the path for traces', async () => {
    const { post, spans } = await open({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-key',
    });
    await post({ query });
    await spans();
    expect(collector.headers[0]).toMatchObject({
      ':path': '/v1/traces',
      'content-type': 'application/x-protobuf',
      authorization: 'Bearer collector-key',
    });
    expect(door?.logText()).not.toContain('collector-key');
  });

  test('is logged once if it fails, and delays no answer', async () => {
    collector.answerWith(401);
    const { post, spans, logText } = await open();
    const { status } = await post({ query });
    expect(status).toBe(200);
    await spans();
    expect(logText().match(/traces do not reach the collector/g)).toHaveLength(1);
    expect(logText()).toContain('"reason":"401"');
  });
});

test('the log names the trace', async () => {
  const { post, spans, logText } = await open();
  await post({ query });
  const all = await spans();
  expect(logText()).toContain(`"traceId":"${named(all, 'POST /graphql').traceId}"`);
});
