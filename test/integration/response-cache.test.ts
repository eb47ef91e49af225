// Repeated queries: when the cached response may be sent, over HTTP, with the sandbox as the upstream.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bankingBalances, openAccounts, type Rig, startRig } from '../faults/gateway.fixture.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const keys = { one: 'key-of-one-caller-0123456789', other: 'key-of-another-caller-012345' };

let rig: Rig;
let accounts: string[] = [];
let query = '';

async function start(env: Record<string, string> = {}) {
  rig = await startRig(env);
  accounts = openAccounts(rig.control, 2);
  query = bankingBalances(accounts[0] as string);
}

beforeEach(() => start());
afterEach(() => rig.close());

const amountOf = (data: unknown) => JSON.stringify(data).match(/"amount":"([^"]+)"/)?.[1];

test('after one caller refuses cached reads, the response cached from the old read is not sent again', async () => {
  const before = await rig.ask(query);
  expect((await rig.ask(query)).data).toEqual(before.data);
  const insisted = await rig.ask(query, { 'cache-control': 'no-cache' });
  expect(insisted.data).not.toEqual(before.data);
  expect((await rig.ask(query)).data).toEqual(insisted.data);
  expect(rig.dataCalls()).toHaveLength(2);
});

test('a caller who limits the age of an answer, or asks for its cost, gets a new one', async () => {
  await rig.ask(query);
  await rig.ask(query);
  const report = {
    upstream: { UQPAY: expect.objectContaining({ calls: 0, fromMemory: 1 }) },
    upstreamSteps: [expect.objectContaining({ path: '/v1/balances', calls: 0, remembered: 1 })],
  };
  expect((await rig.ask(query, { 'x-upstream-report': '1' })).extensions).toEqual(report);
  expect((await rig.ask(query)).extensions).toBeNull();
  await rig.ask(query, { 'cache-control': 'max-age=0' });
  expect(rig.dataCalls()).toHaveLength(2);
});

test('an answer with an error is not cached', async () => {
  rig.control.inject({ match: { path: '/v1/balances' }, kind: 'status', status: 403, shape: 'A', times: 1 });
  expect((await rig.ask(query)).errors).toHaveLength(1);
  expect((await rig.ask(query)).errors).toHaveLength(0);
});

test('a response to one caller is not sent to another who may not read it', async () => {
  await rig.close();
  const caller = (name: 'one' | 'other', granted: string[]) => ({
    ...{ subject: name, sha256: sha256(keys[name]), accounts: granted },
    scopes: ['accounts:read', 'balances:read', 'transactions:read'],
  });
  await start({
    AUTH: 'keys',
    AUTH_KEYS: JSON.stringify([caller('one', ['*']), caller('other', ['UQPAY/master'])]),
  });
  const as = (name: 'one' | 'other') => ({ authorization: `Bearer ${keys[name]}` });
  for (let turn = 0; turn < 2; turn++) {
    expect(amountOf((await rig.ask(query, as('one'))).data)).toBe('0.00');
    const { data, errors } = await rig.ask(query, as('other'));
    expect([amountOf(data), errors[0]?.extensions.code]).toEqual([undefined, 'ACCOUNT_OUT_OF_SCOPE']);
  }
  expect((await rig.ask(query)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
