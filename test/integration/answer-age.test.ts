// The age and cost that an answer reports, over HTTP, with the embedded sandbox as the upstream.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseRequestFreshness } from '../../src/graphql/reads/request-freshness.ts';
import { bankingBalances, openAccounts, type Rig, startRig } from '../faults/gateway.fixture.ts';
import { problemsOf } from '../unit/config/problems-of.ts';

let rig: Rig;
let query = '';
beforeEach(async () => {
  rig = await startRig();
  query = bankingBalances(openAccounts(rig.control, 1)[0] as string);
});
afterEach(() => rig.close());

const report = { 'x-upstream-report': '1' };

test('a cached answer costs no call, states its age, and is private to the caller', async () => {
  const first = await rig.ask(query, report);
  expect(first.headers.get('cache-control')).toBe('private, max-age=5');
  expect(Number(first.headers.get('age'))).toBeLessThan(5);
  expect(first.extensions).toEqual({
    upstream: {
      UQPAY: { calls: 1, fromMemory: 0, stale: 0, sharedFlights: 0, waitedMs: expect.any(Number) },
    },
    upstreamSteps: [
      {
        ...{
          provider: 'UQPAY',
          ledger: 'BANKING',
          method: 'GET',
          path: '/v1/balances',
          calls: 1,
          remembered: 0,
        },
        reads: [
          {
            ...{ origin: 'UPSTREAM', attempts: 1, status: 200, code: null },
            ...{ waitedMs: expect.any(Number), durationMs: expect.any(Number) },
          },
        ],
      },
    ],
  });
  const second = await rig.ask(query, report);
  expect(second.data).toEqual(first.data);
  expect(second.extensions).toMatchObject({
    upstream: { UQPAY: { calls: 0, fromMemory: 1 } },
    upstreamSteps: [{ calls: 0, remembered: 1, reads: [{ origin: 'MEMORY', attempts: 0, status: null }] }],
  });
  expect(rig.dataCalls()).toHaveLength(1);
});

test('with public caching, answers that report their cost stay private', async () => {
  const open = await startRig({ CACHE_CONTROL_SCOPE: 'public' });
  try {
    const asked = bankingBalances(openAccounts(open.control, 1)[0] as string);
    expect((await open.ask(asked)).headers.get('cache-control')).toBe('public, max-age=5');
    expect((await open.ask(asked, report)).headers.get('cache-control')).toBe('private, max-age=5');
  } finally {
    await open.close();
  }
});

test('a gateway that distinguishes callers does not start with public answers', () => {
  const keys = { AUTH: 'keys', AUTH_KEYS: '[]', CACHE_CONTROL_SCOPE: 'public' };
  expect(problemsOf(keys).CACHE_CONTROL_SCOPE).toContain(
    'must not be public where AUTH distinguishes callers',
  );
  expect(problemsOf({ AUTH: 'none', CACHE_CONTROL_SCOPE: 'public' })).toEqual({});
});

test.each(['no-cache', 'max-age=0', 'no-store', 'Max-Age=3600, No-Cache'])(
  'a caller who sends %s gets current data',
  async (cacheControl) => {
    const first = await rig.ask(query);
    const second = await rig.ask(query, { 'cache-control': cacheControl });
    expect(rig.dataCalls()).toHaveLength(2);
    expect(second.data).not.toEqual(first.data);
  },
);

test('equal concurrent queries share one call', async () => {
  rig.control.setLatency(50);
  const answers = await Promise.all(Array.from({ length: 30 }, () => rig.ask(query, report)));
  expect(rig.dataCalls()).toHaveLength(1);
  expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
});

test('the cost is reported only on request, and an answer without upstream data has no age', async () => {
  const { extensions, headers } = await rig.ask('{ viewer { subject } }');
  expect(extensions).toBeNull();
  expect([headers.get('cache-control'), headers.get('age')]).toEqual(['no-store', null]);
});

test('an answer with an error has no max-age', async () => {
  rig.control.inject({ match: { path: '/v1/balances' }, kind: 'status', status: 403, shape: 'A' });
  const { errors, headers } = await rig.ask(query);
  expect(errors).toHaveLength(1);
  expect([headers.get('cache-control'), headers.get('age')]).toEqual(['no-store', null]);
});

test.each([
  [undefined, { maxAgeSeconds: null, isFromNow: false }],
  ['max-age=7', { maxAgeSeconds: 7, isFromNow: false }],
  [' MAX-AGE="9" , max-age=8', { maxAgeSeconds: 8, isFromNow: false }],
  ['max-age=00', { maxAgeSeconds: null, isFromNow: true }],
  ['max-age=-1, max-stale, s-maxage=0, nocache', { maxAgeSeconds: null, isFromNow: false }],
])('Cache-Control: %s', (header, freshness) => {
  expect(parseRequestFreshness(header)).toEqual(freshness);
});

test('a list that was read serves later single reads of its rows, and of rows it does not have', async () => {
  const account = openAccounts(rig.control, 1)[0] as string;
  await rig.ask(bankingBalances(account));
  const calls = rig.dataCalls().length;
  const single = (currency: string) =>
    rig.ask(
      `{ balance(ledger: BANKING, currency: "${currency}", accountId: "${account}") { currency available { amount } } }`,
    );
  expect((await single('USD')).data).toMatchObject({ balance: { currency: 'USD' } });
  expect((await single('XXX')).data).toEqual({ balance: null });
  expect(rig.dataCalls()).toHaveLength(calls);
});
