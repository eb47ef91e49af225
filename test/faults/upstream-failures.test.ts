import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { UqpayFault } from '../../src/sandbox/uqpay/index.ts';
import {
  bankingBalances,
  dollarsOf,
  openAccounts,
  type Rig,
  startRig,
  wholeBalances,
} from './gateway.fixture.ts';

jest.setTimeout(30_000);

let rig: Rig;
afterEach(() => rig.close());

const noMemory = { BALANCE_MAX_AGE_SECONDS: '0', ACCOUNT_MAX_AGE_SECONDS: '0', STALE_MAX_AGE_SECONDS: '0' };
/** Every read is made again, but an earlier one may be served stale. */
const onlyStale = { BALANCE_MAX_AGE_SECONDS: '0' };
const noCache = { 'cache-control': 'no-cache' };
const data = { match: { path: /^\/v[12]\/(?!connect)/ } };

function inject(fault: UqpayFault) {
  rig.control.inject(fault);
}

test('a token revoked by another client during 100 parallel reads: one new token, no failed response', async () => {
  rig = await startRig(noMemory);
  const accountIds = openAccounts(rig.control, 100);
  await rig.ask(bankingBalances(accountIds[0] as string));
  expect(rig.control.mintCount()).toBe(1);
  rig.control.expireTokens();
  const answers = await Promise.all(accountIds.map((id) => rig.ask(bankingBalances(id))));
  for (const [index, answer] of answers.entries()) {
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject(wholeBalances(index));
  }
  expect(rig.control.mintCount()).toBe(2);
});

describe('token endpoint down', () => {
  const down: UqpayFault = {
    match: { path: '/v1/connect/token' },
    kind: 'status',
    status: 503,
    shape: 'html',
  };

  test('an older read is served, marked as stale; a caller who refuses it gets the error', async () => {
    rig = await startRig(onlyStale);
    const [id = ''] = openAccounts(rig.control, 1);
    const first = await rig.ask(bankingBalances(id));
    rig.control.expireTokens();
    inject(down);
    const stale = await rig.ask(bankingBalances(id));
    expect(stale.errors).toEqual([]);
    expect(stale.data).toMatchObject({
      balances: {
        nodes: [{ available: { amount: dollarsOf(0) } }],
        sources: [{ state: 'STALE', code: 'UPSTREAM_UNAVAILABLE' }],
      },
    });
    expect(Reflect.get(Object(Reflect.get(Object(stale.data), 'balances')), 'asOf')).toBe(
      Reflect.get(Object(Reflect.get(Object(first.data), 'balances')), 'asOf'),
    );
    const insisting = await rig.ask(bankingBalances(id), noCache);
    expect(insisting.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  test('costs three token calls, however many callers there are', async () => {
    rig = await startRig(noMemory);
    const accountIds = openAccounts(rig.control, 20);
    inject(down);
    const answers = await Promise.all(accountIds.map((id) => rig.ask(bankingBalances(id))));
    for (const { errors } of answers)
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect([rig.tokenCalls().length, rig.dataCalls().length]).toEqual([3, 0]);
  });
});

test('429 storm: no calls for as long as the upstream asks', async () => {
  rig = await startRig(onlyStale);
  const accountIds = openAccounts(rig.control, 20);
  await rig.ask(bankingBalances(accountIds[0] as string));
  rig.control.resetCalls();
  inject({ ...data, kind: 'status', status: 429, shape: 'D', retryAfterSeconds: 40 });
  await Promise.all(accountIds.map((id) => rig.ask(bankingBalances(id))));
  const storm = rig.dataCalls().length;
  expect(storm).toBeLessThanOrEqual(20);
  const later = await Promise.all(accountIds.map((id) => rig.ask(bankingBalances(id))));
  expect(rig.dataCalls()).toHaveLength(storm);
  expect(later[0]?.data).toMatchObject({
    balances: { sources: [{ state: 'STALE', code: 'UPSTREAM_RATE_LIMITED' }] },
  });
  for (const { errors } of later.slice(1)) {
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_RATE_LIMITED' } }]);
    expect(errors[0]?.extensions.retryAfterSeconds).toBeGreaterThan(20);
  }
});

test('500s: reads that always fail cost a few calls, not one per caller', async () => {
  rig = await startRig(noMemory);
  const accountIds = openAccounts(rig.control, 60);
  inject({ match: { path: '/v1/balances.*' }, kind: 'status', status: 500, shape: 'A' });
  for (const id of accountIds) {
    const { errors } = await rig.ask(bankingBalances(id));
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', ledger: 'BANKING' } }]);
  }
  expect(rig.dataCalls().length).toBeLessThanOrEqual(30);
});

test('connection reset: the call is retried', async () => {
  rig = await startRig(noMemory);
  const [id = ''] = openAccounts(rig.control, 1);
  inject({ ...data, kind: 'reset', times: 1 });
  const { data: answered, errors } = await rig.ask(bankingBalances(id));
  expect(errors).toEqual([]);
  expect(answered).toMatchObject(wholeBalances(0));
  expect(rig.dataCalls()).toHaveLength(2);
});

test.each<[string, UqpayFault]>([
  ['truncated JSON', { match: { path: '/v1/balances.*' }, kind: 'truncated' }],
  ['wrong content type', { match: { path: '/v1/balances.*' }, kind: 'wrong-content-type' }],
])(
  '%s: the response names the missing ledger, has the others, and the failure is not cached',
  async (_name, fault) => {
    rig = await startRig();
    const [id = ''] = openAccounts(rig.control, 1);
    const query = `{ balances(filter: { accountIds: ["${id}"] }) { nodes { ledger } sources { ledger state code } } }`;
    inject(fault);
    const broken = await rig.ask(query);
    expect(broken.errors).toMatchObject([{ extensions: { ledger: 'BANKING' } }]);
    expect(broken.data).toMatchObject({
      balances: { nodes: [{ ledger: 'ISSUING' }, { ledger: 'PAYMENT' }] },
    });
    rig.control.clearFaults();
    const well = await rig.ask(query);
    expect(well.errors).toEqual([]);
    expect(well.data).toMatchObject({
      balances: { nodes: [{ ledger: 'BANKING' }, { ledger: 'ISSUING' }, { ledger: 'PAYMENT' }] },
    });
  },
);

test('slow body: an older read is served after the timeout', async () => {
  rig = await startRig({ ...onlyStale, REQUEST_TIMEOUT_MS: '1000' });
  const [id = ''] = openAccounts(rig.control, 1);
  await rig.ask(bankingBalances(id));
  inject({ ...data, kind: 'slow', ms: 20_000 });
  const { data: answered, errors } = await rig.ask(bankingBalances(id));
  expect(errors).toEqual([]);
  expect(answered).toMatchObject({
    balances: {
      nodes: [{ available: { amount: dollarsOf(0) } }],
      sources: [{ state: 'STALE', code: 'UPSTREAM_TIMEOUT' }],
    },
  });
});

test.each([
  ['ahead', 300_000],
  ['behind', -300_000],
])('clock 5 minutes off, the upstream %s: answers as ever, with one token', async (_name, offsetMs) => {
  rig = await startRig(noMemory, { now: () => Date.now() + offsetMs, tokenLifetimeSeconds: 240 });
  const [id = ''] = openAccounts(rig.control, 1);
  for (let round = 0; round < 5; round++) {
    const { data: answered, errors } = await rig.ask(bankingBalances(id));
    expect(errors).toEqual([]);
    expect(answered).toMatchObject(wholeBalances(0));
  }
  expect(rig.control.mintCount()).toBe(1);
});

test('one sub-account failing in a list of 40: the other 39 are returned, every time', async () => {
  rig = await startRig(noMemory);
  openAccounts(rig.control, 40);
  const broken = rig.control.accounts()[7]?.account_id ?? '';
  inject({ match: { onBehalfOf: broken }, kind: 'status', status: 500, shape: 'A' });
  for (let round = 0; round < 3; round++) {
    const { data: answered, errors } = await rig.ask(
      '{ accounts(first: 50) { nodes { isMaster providerAccountId balances(filter: { ledgers: [BANKING] }) { nodes { available { amount } } } } } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', ledger: 'BANKING' } }]);
    const nodes = Reflect.get(Object(Reflect.get(Object(answered), 'accounts')), 'nodes') as {
      isMaster: boolean;
      providerAccountId: string;
      balances: { nodes: unknown[] } | null;
    }[];
    const subs = nodes.filter(({ isMaster }) => !isMaster);
    expect(subs.filter(({ balances }) => balances?.nodes.length === 1)).toHaveLength(39);
    expect(subs.find(({ balances }) => balances === null)?.providerAccountId).toBe(broken);
  }
});
