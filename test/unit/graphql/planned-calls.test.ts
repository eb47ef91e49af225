// The calls of an operation are planned before the first one, and an operation that fits is never refused.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getOperationAST, parse, validate } from 'graphql';
import { createTransactionPaginator } from '../../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../../src/data/pagination/signed-cursor.ts';
import { anonymous } from '../../../src/domain/caller.ts';
import { encodeAccountId, encodeBalanceId, encodeTransactionId } from '../../../src/domain/global-id.ts';
import { createContextFactory } from '../../../src/graphql/context.ts';
import { coerceVariables } from '../../../src/graphql/limits/index.ts';
import { planOperation } from '../../../src/graphql/plan/index.ts';
import { fieldPlans } from '../../../src/graphql/resolvers/plans.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { randomOperations } from '../../differential/random-operations.fixture.ts';
import { type Executor, startExecutor } from '../../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  fakeNowMs,
  master,
  sub,
} from '../../support/fake-provider.ts';
import fc from '../../support/fast-check.ts';

const executors: Executor[] = [];
let provider: FakeProvider;

beforeEach(() => {
  provider = createFakeProvider();
});
afterEach(async () => {
  for (const executor of executors.splice(0)) await executor.stop();
});

async function start(upstreamCallsPerOperationMax: number, ofProvider = provider) {
  const executor = await startExecutor({ providers: [ofProvider], upstreamCallsPerOperationMax });
  executors.push(executor);
  return executor;
}

/** The planned number of calls, from the refusal if only one is allowed; null if the operation is not refused. */
async function planOf(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const { data, errors, calls } = await (await start(1)).run(query, variables);
  if (data !== null) return null;
  expect(calls).toBe(0);
  expect(provider.calls).toEqual([]);
  expect(errors).toMatchObject([{ extensions: { code: 'CALLS_EXCEEDED', measure: 'calls', maximum: 1 } }]);
  return errors[0]?.extensions?.value;
}

const accountId = (id: string) => encodeAccountId(sub(id));
const balanceId = (id: string, currency: string) =>
  encodeBalanceId({ account: sub(id), ledger: 'BANKING', currency, distinguishingId: null });
const transactionId = (createdSecond: number, id: string) =>
  encodeTransactionId({
    ...{ account: sub('a-1'), ledger: 'BANKING', createdSecond },
    ...{ hasFraction: false, providerTransactionId: id, distinguishingId: null },
  });
const both = 'balances { nodes { currency } } transactions { nodes { id } }';

describe('the plan of an operation counts', () => {
  test.each([
    ['three lists of balances', '{ balances { nodes { currency } } }', 3],
    ['two lists of transactions', '{ transactions { nodes { id } } }', 2],
    ['a short list of accounts', `{ accounts { nodes { ${both} } } }`, 1 + 10 * 5],
    ['as many accounts as requested', `{ accounts(first: 100) { nodes { ${both} } } }`, 1 + 100 * 5],
    [
      'what filters include',
      `{ accounts(first: 20, filter: { providers: [UQPAY] }) { nodes {
           balances(filter: { ledgers: [BANKING] }) { nodes { currency } }
           transactions(filter: { ledgers: [BANKING] }) { nodes { id } } } } }`,
      41,
    ],
    [
      'equal reads once',
      `{ a: accounts(first: 5) { nodes { balances { nodes { id } } } }
         b: accounts(first: 7) { edges { node { balances(first: 3) { edges { node { account { name } } } } } } } }`,
      1 + 7 * 3,
    ],
    [
      'a list for many currencies of a ledger',
      '{ a: balance(currency: "USD") { id } b: balance(currency: "EUR") { id } c: balance(ledger: ISSUING, currency: "EUR") { id } }',
      2,
    ],
    [
      'lists of transactions by filter and time',
      `{ a: transactions(filter: { ledgers: [BANKING], currencies: ["USD"] }) { nodes { id } }
         b: transactions(filter: { ledgers: [BANKING], currencies: ["EUR"] }) { nodes { id } }
         c: transactions(filter: { ledgers: [BANKING], createdAt: { from: "2026-01-01T00:00:00Z" } }) { nodes { id } }
         d: transactions(first: 3, filter: { ledgers: [BANKING], currencies: ["EUR"] }) { nodes { id } } }`,
      3,
    ],
    [
      'transactions of balances if every ledger has some',
      '{ balances(first: 30, filter: { ledgers: [BANKING, ISSUING] }) { nodes { transactions { nodes { id } } } } }',
      30,
    ],
    [
      'accounts and balances of the rows of a transaction list',
      `{ account(id: "${accountId('a-1')}") { transactions(filter: { ledgers: [BANKING] }) {
           nodes { balance { currency } account { name } } } } }`,
      3,
    ],
    [
      'nothing for rows that filters by direction and reference may exclude',
      `{ a: transactions(filter: { ledgers: [BANKING], directions: [DEBIT] }) { nodes { balance { currency } } }
         b: transactions(filter: { ledgers: [ISSUING], referenceIds: ["r"] }) { nodes { account { name } } }
         c: transactions(filter: { ledgers: [ISSUING], referenceIds: [] }) { nodes { id } } }`,
      2,
    ],
    [
      'the first page of each list that a transaction is searched in, whatever is selected',
      `{ a: transactionByProviderId(ledger: BANKING, providerTransactionId: "x") { account { name } }
         b: transactionByProviderId(ledger: BANKING, providerTransactionId: "y") { id }
         c: transactionByProviderId(ledger: ISSUING, providerTransactionId: "x") { balance { currency } }
         d: transactionByProviderId(ledger: PAYMENT, providerTransactionId: "x") { id }
         e: transactionByProviderId(ledger: ISSUING, providerTransactionId: "") { id }
         f: transactionByProviderId(ledger: ISSUING, providerTransactionId: "x", accountId: "${accountId('a-1')}") { id } }`,
      3,
    ],
    [
      'the lists behind totals, which balances share, and the rates once',
      `{ balances { nodes { currency } }
         a: balanceTotals { complete }
         b: balanceTotals(convertTo: "SGD") { complete }
         c: balanceTotals(convertTo: "EUR", rateSide: BUY, filter: { ledgers: [BANKING] }) { complete }
         d: balanceTotals(convertTo: "EUR", filter: { accountIds: [] }) { complete }
         e: exchangeRates { unavailable }
         f: exchangeRates(pairs: []) { unavailable } }`,
      3 + 1,
    ],
    [
      'totals of each account, and the rates once',
      `{ accounts(first: 5) { nodes {
           balanceTotals(convertTo: "SGD", filter: { ledgers: [ISSUING] }) { converted { currency } } } } }`,
      1 + 5 + 1,
    ],
    [
      'no rates for totals of nothing',
      '{ a: balanceTotals(convertTo: "SGD", filter: { providers: [] }) { complete } b: balances { totalCount } }',
      3,
    ],
    [
      'ids by their type',
      `{ nodes(ids: ["${accountId('a-1')}", "${accountId('a-2')}", "${balanceId('a-1', 'USD')}", "${balanceId('a-1', 'EUR')}", "${balanceId('a-2', 'USD')}",
           "${transactionId(5, 'x')}", "${transactionId(5, 'y')}", "${transactionId(6, 'z')}"]) { id } }`,
      1 + 2 + 2,
    ],
    [
      'pages',
      '{ transactions(first: 100, filter: { ledgers: [BANKING] }) { nodes { id } } x: viewer { subject } }',
      null,
    ],
  ])('%s', async (_what, query, planned) => {
    expect(await planOf(query)).toBe(planned);
  });

  test('references by either key, and their selections', async () => {
    const representations = [
      { __typename: 'Account', id: accountId('a-1') },
      { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: 'a-2' },
      { __typename: 'Balance', id: 'nonsense' },
    ];
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { ${both} } } }`;
    expect(await planOf(query, { r: representations })).toBe(1 + 2 * 5);
  });

  test('pages of one ledger', async () => {
    provider = createFakeProvider({ pageSizeMax: 10 });
    const query =
      'query ($n: Int) { transactions(first: $n, filter: { ledgers: [BANKING] }) { nodes { id } } }';
    expect(await planOf(query, { n: 35 })).toBe(4);
    expect(await planOf(query, { n: 10 })).toBeNull();
  });
});

test.each(['accounts', 'balances', 'transactions'])(
  'an invalid cursor of %s, which costs no calls',
  async (list) => {
    const { errors, calls } = await (await start(1)).run(`{ ${list}(after: "nonsense") { totalCount } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
    expect(calls).toBe(0);
  },
);

test('a list that is known to be short, with its real length', async () => {
  provider.connected.push(anAccount('a-1'));
  const executor = await start(20);
  const query = `{ accounts(first: 100) { nodes { ${both} } } }`;
  const refused = await executor.run(query);
  expect(refused.errors).toMatchObject([{ extensions: { code: 'CALLS_EXCEEDED', value: 501, maximum: 20 } }]);
  expect(provider.calls).toEqual([]);
  await executor.run('{ accounts(first: 1) { nodes { id } } }');
  const answered = await executor.run(query);
  expect(answered.errors).toEqual([]);
  expect(answered.calls).toBe(11);
});

test('an operation that cost little for one caller is planned again for other accounts', async () => {
  const { run } = await start(4);
  const query = `query ($id: ID!) { node(id: $id) { id ... on Account { ${both} } } }`;
  const ofTransaction = await run(query, { id: transactionId(5, 'x') });
  expect(ofTransaction.errors).toEqual([]);
  const ofAccount = await run(query, { id: accountId('a-1') });
  expect(ofAccount.errors).toMatchObject([{ extensions: { code: 'CALLS_EXCEEDED', value: 6, maximum: 4 } }]);
  const again = await run(query, { id: transactionId(5, 'y') });
  expect(again.errors).toEqual([]);
  const paged = await start(4, createFakeProvider({ pageSizeMax: 10 }));
  const page = 'query ($n: Int) { transactions(first: $n, filter: { ledgers: [BANKING] }) { nodes { id } } }';
  expect((await paged.run(page, { n: 40 })).errors).toEqual([]);
  const { errors } = await paged.run(page, { n: 41 });
  expect(errors).toMatchObject([{ extensions: { value: 5, maximum: 4 } }]);
});

test('fields that the caller may not read cost nothing', async () => {
  const caller = {
    subject: 'reader',
    scopes: ['accounts:read', 'balances:read'] as const,
    grants: [
      { provider: 'UQPAY', account: sub('a-1') },
      { provider: 'UQPAY', account: sub('a-2') },
    ] as const,
  };
  const executor = await startExecutor({ providers: [provider], upstreamCallsPerOperationMax: 2, caller });
  executors.push(executor);
  const { errors } = await executor.run(`{ accounts(first: 100) { nodes { ${both} } } }`);
  expect(errors).toMatchObject([{ extensions: { value: 1 + 2 * 3 } }]);
});

describe('an operation that fits is not refused', () => {
  const rowsMax = 40;
  const schema = createSchema();

  function fill(filled: FakeProvider): FakeProvider {
    filled.connected.push(anAccount('a-1'), anAccount('a-2'), anAccount('nobody'));
    for (let index = 3; index <= 22; index++) filled.connected.push(anAccount(`a-${index}`));
    const currencies = ['USD', 'EUR', 'XXX', ...Array.from({ length: 20 }, (_, index) => `C${index}`)];
    for (const account of [master, ...filled.connected.map(({ ref }) => ref)]) {
      for (const ledger of ['BANKING', 'ISSUING', 'PAYMENT'] as const) {
        for (const currency of currencies) filled.balanceRecord.push(aBalance(account, ledger, currency));
      }
    }
    for (const account of [master, ...filled.connected.map(({ ref }) => ref)]) {
      for (const ledger of ['BANKING', 'ISSUING'] as const) {
        for (let index = 0; index < rowsMax; index++) {
          const currency = ['USD', 'EUR', 'XXX'][index % 3] ?? 'USD';
          filled.transactionRecord.push(
            aTransaction(account, ledger, `${ledger}-${index}`, 999 + index, { currency }),
          );
        }
      }
    }
    return filled;
  }

  test('whatever the query: the plan never has more calls than are made', async () => {
    const worlds = await Promise.all(
      [100, 10].map(async (pageSizeMax) => {
        const filled = fill(createFakeProvider({ pageSizeMax }));
        return { filled, executor: await start(10_000, filled) };
      }),
    );
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(randomOperations(schema), fc.constantFrom(0, 1), async (sent, worldIndex) => {
        const world = worlds[worldIndex];
        if (world === undefined) throw new Error('There is no such world.');
        const document = parse(sent.query);
        const operation = getOperationAST(document);
        if (operation == null || validate(schema, document).length > 0) return;
        // Not all statuses occur among the accounts: such a list is shorter than requested.
        if (JSON.stringify(sent).includes('statuses')) return;
        const { calls, data } = await world.executor.run(sent.query, sent.variables ?? {});
        // A null in a non-null field ends an operation before its other fields are read.
        if (data == null) return;
        const { values } = coerceVariables(schema, operation, sent.variables ?? {});
        if (values === undefined) return;
        const context = await contextOver(world.filled);
        const asked = { schema, document, operation, variables: values };
        const { callsLeast: planned } = planOperation(asked, fieldPlans, context);
        context.end();
        expect(planned).toBeLessThanOrEqual(calls);
        if (planned > 1) checked += 1;
      }),
      { numRuns: Number(process.env.OPERATIONS ?? 100), endOnFailure: true },
    );
    expect(checked).toBeGreaterThan(2);
  }, 600_000);
});

/** A context before any list has been read. */
function contextOver(filled: FakeProvider) {
  const signer = createCursorSigner(Buffer.from('a secret for tests only'));
  const clock = { now: () => fakeNowMs, sleep: async () => {} };
  return createContextFactory({
    ...{ providers: [filled], signer, clock, requestTimeoutMs: 10_000, upstreamCallsPerOperationMax: 100 },
    paginator: createTransactionPaginator({ providers: [filled], signer, clock }),
  })({ requestId: 'request-1', caller: anonymous, signal: new AbortController().signal });
}
