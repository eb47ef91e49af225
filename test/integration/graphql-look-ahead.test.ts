// Reads that an operation is going to need are prefetched, never with more calls than reading in sequence.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import { type Answer, at, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  sub,
} from '../support/fake-provider.ts';
import { meeting } from '../support/meeting.ts';

let provider: FakeProvider;

beforeEach(() => {
  provider = createFakeProvider();
  provider.connected.push(anAccount('a-1'));
  for (const account of [master, sub('a-1')]) {
    provider.balanceRecord.push(aBalance(account, 'BANKING', 'USD'), aBalance(account, 'BANKING', 'EUR'));
    for (const ledger of ['BANKING', 'ISSUING'] satisfies Ledger[]) {
      provider.transactionRecord.push(
        aTransaction(account, ledger, `${ledger}-1`, 1000),
        aTransaction(account, ledger, `${ledger}-2`, 1001, { currency: 'EUR' }),
      );
    }
  }
});

const own = encodeAccountId(sub('a-1'));
const banking = 'filter: { ledgers: [BANKING] }';

describe.each([
  ['interpreted', Number.POSITIVE_INFINITY],
  ['compiled', 0],
])('%s', (_name, runsBeforeCompiling) => {
  async function run(
    query: string,
    options: { callsTogether?: number; after?: number; variables?: Record<string, unknown> } = {},
  ): Promise<Answer> {
    const met = meeting(provider, options.callsTogether ?? 0, options.after);
    const executor = await startExecutor({ providers: [met], runsBeforeCompiling });
    try {
      return await executor.run(query, options.variables);
    } finally {
      await executor.stop();
    }
  }

  test.each([
    ['nodes', `{ transactions(first: 5, ${banking}) { nodes { balance { available { amount } } } } }`],
    [
      'edges, aliases and fragments',
      `query ($yes: Boolean!) { list: transactions(${banking}) { ...Page } }
       fragment Page on TransactionConnection { rows: edges { ... { row: node { ...Row @include(if: $yes) } } } }
       fragment Row on Transaction { is: balance { available { amount } } }`,
    ],
  ])('transactions and the balances of their rows: two calls at once (%s)', async (_shape, query) => {
    const answer = await run(query, { callsTogether: 2, variables: { yes: true } });
    expect(answer.errors).toEqual([]);
    expect(JSON.stringify(answer.data).match(/"amount":"1.00"/g)).toHaveLength(2);
    expect(provider.calls).toHaveLength(2);
    expect(answer.calls).toBe(2);
  });

  test('in one currency, the balance is looked up on its own, concurrently', async () => {
    const { data, calls } = await run(
      '{ transactions(filter: { ledgers: [BANKING], currencies: ["EUR"] }) { nodes { balance { currency } } } }',
      { callsTogether: 2 },
    );
    expect(at(data, 'transactions', 'nodes')).toEqual([{ balance: { currency: 'EUR' } }]);
    expect(provider.calls).toContain('one BANKING master EUR');
    expect(calls).toBe(2);
  });

  test('the account of the rows is also prefetched if their balances are not selected', async () => {
    const { data, errors, calls } = await run(
      `query ($own: ID!) { transactions(filter: { ledgers: [BANKING], accountIds: [$own] }) {
         nodes { account { name } } } }`,
      { callsTogether: 2, variables: { own } },
    );
    expect(errors).toEqual([]);
    const row = { account: { name: 'Account a-1' } };
    expect(data).toEqual({ transactions: { nodes: [row, row] } });
    expect(calls).toBe(2);
  });

  test('an account, then its transactions and balances in parallel', async () => {
    const { errors, calls } = await run(
      `query ($own: ID!) { account(id: $own) { transactions(${banking}) { nodes { balance { currency } } } } }`,
      { callsTogether: 2, after: 1, variables: { own } },
    );
    expect(errors).toEqual([]);
    expect(calls).toBe(3);
    expect(provider.calls[0]).toBe('accounts page 1');
  });

  test('an empty list wastes one call, and nothing else', async () => {
    provider.transactionRecord.length = 0;
    const { data, errors, calls } = await run(
      `{ transactions(${banking}) { nodes { account { name } balance { currency } } } }`,
      { callsTogether: 2 },
    );
    expect({ data, errors, calls }).toEqual({ data: { transactions: { nodes: [] } }, errors: [], calls: 2 });
  });

  test('a failed prefetch is reported at the balance, and nowhere else', async () => {
    const broken = new Failure('UPSTREAM_TIMEOUT', 'The provider is slow.');
    provider.failWith = (call) => (call.startsWith('list') ? broken : null);
    const { data, errors, calls } = await run(
      `{ transactions(first: 1, ${banking}) { nodes { type balance { currency } } } }`,
    );
    expect(data).toEqual({ transactions: { nodes: [{ type: 'DEPOSIT', balance: null }] } });
    expect(errors).toMatchObject([
      { path: ['transactions', 'nodes', 0, 'balance'], extensions: { code: 'UPSTREAM_TIMEOUT' } },
    ]);
    expect(calls).toBe(2);

    provider.transactionRecord.length = 0;
    const empty = await run(`{ transactions(${banking}) { nodes { balance { currency } } } }`);
    expect(empty.errors).toEqual([]);
  });

  test.each([
    ['left out', `transactions(${banking}) { nodes { type balance @include(if: false) { currency } } }`, 1],
    ['not selected', `transactions(${banking}) { nodes { type } totalCount }`, 1],
    ['several ledgers', 'transactions { nodes { type } }', 2],
    ['a cursor that is none', `transactions(after: "x", ${banking}) { nodes { balance { currency } } }`, 0],
    [
      'looked up already',
      `balance(currency: "USD") { currency }
       transactions(${banking}) { nodes { balance { currency } } }`,
      2,
    ],
  ])('nothing is read ahead: %s', async (_why, fields, calls) => {
    provider.transactionRecord.length = 1;
    expect((await run(`{ ${fields} }`)).calls).toBe(calls);
  });

  test('a list known to have several pages is not prefetched: one row of it may be cheaper', async () => {
    const paged = createFakeProvider({ pageSizeMax: 1 });
    paged.balanceRecord.push(...provider.balanceRecord);
    paged.transactionRecord.push(aTransaction(master, 'BANKING', 't-1', 1000));
    const executor = await startExecutor({ providers: [paged], runsBeforeCompiling });
    const query = `{ transactions(first: 1, ${banking}) { nodes { balance { currency } } } }`;
    await executor.run(query);
    expect(paged.calls).toContain('list BANKING master page 1');
    paged.calls.length = 0;
    await executor.run(query);
    await executor.stop();
    expect(paged.calls.filter((call) => !call.startsWith('transactions'))).toEqual([
      'one BANKING master USD',
    ]);
  });

  test('a prefetch never takes the call that the page itself needs', async () => {
    const executor = await startExecutor({
      providers: [provider],
      runsBeforeCompiling,
      upstreamCallsPerOperationMax: 1,
    });
    const first = await executor.run(`{ transactions(first: 1, ${banking}) { pageInfo { endCursor } } }`);
    // It is unknown beforehand whether a page after a cursor has rows.
    const { data, errors } = await executor.run(
      `query ($after: String) {
         transactions(first: 1, after: $after, ${banking}) { nodes { type balance { currency } } }
       }`,
      { after: at(first.data, 'transactions', 'pageInfo', 'endCursor') },
    );
    await executor.stop();
    expect(data).toEqual({ transactions: { nodes: [{ type: 'DEPOSIT', balance: null }] } });
    expect(errors).toMatchObject([
      { path: ['transactions', 'nodes', 0, 'balance'], extensions: { code: 'CALLS_EXCEEDED' } },
    ]);
  });

  test('fragments that spread each other twice are examined once', async () => {
    const steps = Array.from(
      { length: 60 },
      (_, step) => `fragment F${step} on TransactionConnection { ...F${step + 1} ...F${step + 1} }`,
    );
    const { data } = await run(
      `{ transactions(${banking}) { ...F0 } } ${steps.join(' ')}
       fragment F60 on TransactionConnection { nodes { type } }`,
    );
    expect(at(data, 'transactions', 'nodes')).toHaveLength(2);
  });

  test('within a list nothing is prefetched: it would cost a call for each empty page', async () => {
    provider.transactionRecord.length = 0;
    const { calls } = await run(
      `{ accounts(first: 20) { nodes { transactions(${banking}) { nodes { balance { currency } } } } } }`,
    );
    expect(calls).toBe(3);
  });

  test('a caller without balances:read gets the error at the balance, and nothing is read for it', async () => {
    const executor = await startExecutor({
      providers: [provider],
      runsBeforeCompiling,
      caller: {
        subject: 'reader',
        scopes: ['transactions:read'],
        grants: [{ provider: null, account: 'ALL' }],
      },
    });
    const { errors, calls } = await executor.run(
      `{ transactions(first: 1, ${banking}) { nodes { balance { currency } account { name } } } }`,
    );
    await executor.stop();
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions?.code]).sort()).toEqual([
      ['account', 'FORBIDDEN'],
      ['balance', 'FORBIDDEN'],
    ]);
    expect(calls).toBe(1);
  });

  test('the lists of several accounts are read concurrently, after the accounts', async () => {
    // Of two accounts: three ledgers of balances and two of transactions.
    const { errors, calls } = await run(
      `{ accounts { nodes { balances { nodes { currency } } transactions { nodes { type } } } } }`,
      { callsTogether: 10, after: 1 },
    );
    expect(errors).toEqual([]);
    expect(calls).toBe(11);
  });
});
