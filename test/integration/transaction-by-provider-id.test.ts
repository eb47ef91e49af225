// One transaction by the provider's own identifier, over a list that has to be searched.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../src/domain/caller.ts';
import { Failure } from '../../src/domain/failure.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { type Executor, startExecutor } from '../support/execute.ts';
import {
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  sub,
} from '../support/fake-provider.ts';

const executors: Executor[] = [];
let provider: FakeProvider;

beforeEach(() => {
  provider = createFakeProvider({ pageSizeMax: 10 });
  provider.connected.push(anAccount('a-1'), anAccount('a-2'));
  // Three rows a second, t-0 the newest.
  for (let index = 0; index < 60; index++) {
    provider.transactionRecord.push(
      aTransaction(master, 'BANKING', `t-${index}`, 10_000 - Math.floor(index / 3)),
    );
  }
  provider.transactionRecord.push(aTransaction(sub('a-1'), 'BANKING', 'of-a-1', 10_000));
});
afterEach(async () => {
  for (const executor of executors.splice(0)) await executor.stop();
});

async function run(query: string, variables: Record<string, unknown> = {}, callsMax = 100, caller?: Caller) {
  const options = { upstreamCallsPerOperationMax: callsMax, ...(caller === undefined ? {} : { caller }) };
  const executor = await startExecutor({ providers: [provider], ...options });
  executors.push(executor);
  return executor.run(query, variables);
}

const field = (args: string) => `transactionByProviderId(ledger: BANKING, ${args}) { providerTransactionId }`;
const one = (id: string, more = '') => `{ tx: ${field(`providerTransactionId: "${id}" ${more}`)} }`;
const at = (second: number) => new Date(second * 1_000).toISOString();

describe('a transaction by the provider’s identifier', () => {
  test('is found on the first page for one call, further down for a few, and is the same row as by its id', async () => {
    const newest = await run(
      '{ tx: transactionByProviderId(ledger: BANKING, providerTransactionId: "t-2") { id ledger createdAt } }',
    );
    expect([newest.calls, newest.errors]).toEqual([1, []]);
    const { id } = (newest.data as { tx: { id: string } }).tx;
    const again = await run('query ($id: ID!) { tx: transaction(id: $id) { id ledger createdAt } }', { id });
    expect(again.data).toEqual(newest.data);
    const deep = await run(one('t-45'));
    expect(deep.data).toEqual({ tx: { providerTransactionId: 't-45' } });
    expect(deep.calls).toBeLessThanOrEqual(8);
  });

  test('that does not exist is null once the whole list was read', async () => {
    const { data, errors, calls } = await run(one('t-60'));
    expect([data, errors]).toEqual([{ tx: null }, []]);
    expect(calls).toBeGreaterThan(5);
  });

  test('is searched for only within createdAt: one call, and null for another time', async () => {
    const within = (from: number, to: number) => `createdAt: { from: "${at(from)}", to: "${at(to)}" }`;
    const found = await run(one('t-45', within(9_985, 9_986)));
    expect([found.data, found.calls]).toEqual([{ tx: { providerTransactionId: 't-45' } }, 1]);
    const other = await run(one('t-45', within(9_986, 9_988)));
    expect([other.data, other.errors, other.calls]).toEqual([{ tx: null }, [], 1]);
  });

  test('beyond the reach of the calls is an error that names the remedy, and never only null', async () => {
    const plain = await run(one('t-59'), {}, 3);
    expect([plain.data, plain.calls]).toEqual([{ tx: null }, 3]);
    expect(plain.errors).toMatchObject([
      {
        message: expect.stringMatching(
          /MAX_UPSTREAM_CALLS_PER_OPERATION allows 3.*Give the argument "createdAt"/,
        ),
        path: ['tx'],
        extensions: { code: 'BAD_USER_INPUT', provider: 'UQPAY', ledger: 'BANKING', retryable: false },
      },
    ]);
    const narrowed = await run(one('t-59', `createdAt: { to: "${at(10_001)}" }`), {}, 3);
    expect(narrowed.errors).toMatchObject([
      { message: expect.stringContaining('Narrow the argument "createdAt"') },
    ]);
  });

  test('shares its search with others of the ledger, each with its own outcome', async () => {
    const alone = (await run(one('t-30'))).calls;
    const { data, calls } = await run(
      `{ a: ${field('providerTransactionId: "t-30"')} b: ${field('providerTransactionId: "t-3"')}
         c: ${field('providerTransactionId: "t-30"')} }`,
    );
    expect(data).toMatchObject({ a: { providerTransactionId: 't-30' }, b: { providerTransactionId: 't-3' } });
    expect(calls).toBeLessThanOrEqual(alone);
    const partly = await run(
      `{ a: ${field('providerTransactionId: "t-3"')} b: ${field('providerTransactionId: "t-59"')} }`,
      {},
      3,
    );
    expect(partly.data).toEqual({ a: { providerTransactionId: 't-3' }, b: null });
    expect(partly.errors).toMatchObject([{ path: ['b'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('whose list fails is null with its error', async () => {
    provider.failWith = () => new Failure('UPSTREAM_TIMEOUT', 'Too slow.');
    const { data, errors } = await run(one('t-1'));
    expect(data).toEqual({ tx: null });
    expect(errors).toMatchObject([
      { path: ['tx'], extensions: { code: 'UPSTREAM_TIMEOUT', provider: 'UQPAY', ledger: 'BANKING' } },
    ]);
  });

  test.each([
    ['ledger: PAYMENT, providerTransactionId: "t-1"', 'for UQPAY it may be BANKING or ISSUING'],
    ['provider: NOAH, ledger: CURRENT, providerTransactionId: "t-1"', 'NOAH is asked for none'],
    [
      `provider: NOAH, ledger: CURRENT, providerTransactionId: "t-1", accountId: "${encodeAccountId(master)}"`,
      'must be an account of NOAH',
    ],
    [
      'ledger: BANKING, providerTransactionId: "t-1", createdAt: { from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }',
      'later than its "to"',
    ],
  ])('refuses %s', async (args, message) => {
    const { data, errors, calls } = await run(`{ tx: transactionByProviderId(${args}) { id } }`);
    expect([data, calls]).toEqual([{ tx: null }, 0]);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('that is impossible is null without a call', async () => {
    for (const id of ['', '\\u0000', 'x'.repeat(600)]) {
      const { data, errors, calls } = await run(one(id));
      expect([data, errors, calls]).toEqual([{ tx: null }, [], 0]);
    }
  });
});

describe('the account that is searched', () => {
  const ofA1 = `accountId: "${encodeAccountId(sub('a-1'))}"`;
  const callerOf = (account: typeof master, scopes: Caller['scopes']): Caller => ({
    ...{ subject: 'reader', scopes },
    grants: [{ provider: 'UQPAY', account }],
  });

  test('is the master account, or the one named', async () => {
    expect((await run(one('of-a-1'))).data).toEqual({ tx: null });
    expect((await run(one('of-a-1', ofA1))).data).toEqual({ tx: { providerTransactionId: 'of-a-1' } });
  });

  test('is one that the caller may read: others count as missing, and no call is made', async () => {
    const caller = callerOf(sub('a-2'), ['transactions:read']);
    const other = await run(one('of-a-1', ofA1), {}, 100, caller);
    expect([other.data, other.errors, other.calls]).toEqual([{ tx: null }, [], 0]);
    const unnamed = await run(one('t-1'), {}, 100, caller);
    expect([unnamed.data, unnamed.calls]).toEqual([{ tx: null }, 0]);
    expect(unnamed.errors).toMatchObject([
      {
        message: expect.stringContaining('Without "accountId"'),
        extensions: { code: 'ACCOUNT_OUT_OF_SCOPE' },
      },
    ]);
  });

  test('is not read for a caller without the scope', async () => {
    const { errors, calls } = await run(one('t-1'), {}, 100, callerOf(master, ['balances:read']));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(calls).toBe(0);
  });

  test('does not return a row that names another account, which the caller may not read', async () => {
    const foreign = aTransaction(sub('a-1'), 'BANKING', 'foreign', 10_001);
    const book = provider.transactions.get('BANKING');
    if (book?.kind !== 'page-number') throw new Error('The fake is read by page number.');
    Object.assign(book, {
      one: async () => ({ value: foreign, asOfMs: provider.nowMs, staleBecause: null }),
    });
    expect((await run(one('foreign'))).data).toEqual({ tx: { providerTransactionId: 'foreign' } });
    const caller = callerOf(master, ['transactions:read']);
    expect((await run(one('foreign'), {}, 100, caller)).data).toEqual({ tx: null });
  });
});
