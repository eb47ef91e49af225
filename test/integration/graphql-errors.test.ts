// What callers see if something is wrong: with their query, with a provider, or with the gateway.
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import { encodeAccountId, encodeBalanceId } from '../../src/domain/global-id.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  sub,
} from '../support/fake-provider.ts';

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  provider.balanceRecord.push(
    aBalance(master, 'BANKING', 'USD'),
    aBalance(master, 'ISSUING', 'USD'),
    aBalance(master, 'PAYMENT', 'USD'),
  );
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

const failing = (part: string, failure: Error) => {
  provider.failWith = (call) => (call.includes(part) ? failure : null);
};
const limited = new Failure('UPSTREAM_RATE_LIMITED', 'The provider limits calls.', { retryAfterSeconds: 7 });

describe('one ledger down', () => {
  test('keeps the other ledgers, and is named in errors and sources', async () => {
    failing('ISSUING', limited);
    const { data, errors } = await executor.run(
      `{ mine: balances { nodes { ledger } totalCount pageInfo { hasNextPage }
           sources { provider ledger providerAccountId state code retryAfterSeconds } } }`,
    );
    const ok = {
      provider: 'UQPAY',
      providerAccountId: null,
      state: 'OK',
      code: null,
      retryAfterSeconds: null,
    };
    expect(data).toEqual({
      mine: {
        nodes: [{ ledger: 'BANKING' }, { ledger: 'PAYMENT' }],
        totalCount: null,
        pageInfo: { hasNextPage: false },
        sources: [
          { ...ok, ledger: 'BANKING' },
          { ...ok, ledger: 'ISSUING', state: 'FAILED', code: 'UPSTREAM_RATE_LIMITED', retryAfterSeconds: 7 },
          { ...ok, ledger: 'PAYMENT' },
        ],
      },
    });
    expect(errors).toEqual([
      {
        message: 'The provider limits calls.',
        locations: [{ line: 1, column: 3 }],
        path: ['mine'],
        extensions: {
          code: 'UPSTREAM_RATE_LIMITED',
          provider: 'UQPAY',
          ledger: 'ISSUING',
          retryable: true,
          retryAfterSeconds: 7,
          requestId: 'request-1',
        },
      },
    ]);
  });

  test('does the same for transactions', async () => {
    provider.transactionRecord.push(aTransaction(master, 'BANKING', 't-1', 1000));
    failing('ISSUING', limited);
    const { data, errors } = await executor.run(
      '{ transactions { nodes { providerTransactionId } sources { ledger state code } } }',
    );
    expect(at(data, 'transactions', 'nodes')).toEqual([{ providerTransactionId: 't-1' }]);
    expect(at(data, 'transactions', 'sources')).toContainEqual({
      ledger: 'ISSUING',
      state: 'FAILED',
      code: 'UPSTREAM_RATE_LIMITED',
    });
    expect(errors).toMatchObject([
      { path: ['transactions'], extensions: { code: 'UPSTREAM_RATE_LIMITED', ledger: 'ISSUING' } },
    ]);
  });

  test('nulls single fields of that ledger only', async () => {
    failing('ISSUING', limited);
    const { data, errors } = await executor.run(
      '{ a: balance(currency: "USD") { ledger } b: balance(ledger: ISSUING, currency: "USD") { ledger } }',
    );
    expect(data).toEqual({ a: { ledger: 'BANKING' }, b: null });
    expect(errors).toMatchObject([
      { path: ['b'], extensions: { code: 'UPSTREAM_RATE_LIMITED', requestId: 'request-1' } },
    ]);
  });
});

describe('everything down', () => {
  test.each([
    ['balances', ['BANKING', 'ISSUING', 'PAYMENT']],
    ['transactions', ['BANKING', 'ISSUING']],
    ['transactions(last: 5)', ['BANKING', 'ISSUING']],
  ])('makes %s null and names every ledger, each asked once', async (list, ledgers) => {
    provider.failWith = () => limited;
    const { data, errors } = await executor.run(`{ list: ${list} { nodes { id } } viewer { subject } }`);
    expect(data).toEqual({ list: null, viewer: { subject: 'anonymous' } });
    expect(errors).toMatchObject(
      ledgers.map((ledger) => ({
        path: ['list'],
        extensions: { code: 'UPSTREAM_RATE_LIMITED', provider: 'UQPAY', ledger, retryAfterSeconds: 7 },
      })),
    );
    expect(provider.calls).toHaveLength(ledgers.length);
  });

  test('keeps what is known about the accounts from the credentials', async () => {
    provider.failWith = () => limited;
    const { data, errors } = await executor.run(
      '{ accounts { nodes { isMaster } totalCount sources { state code } } }',
    );
    expect(data).toEqual({
      accounts: {
        nodes: [{ isMaster: true }],
        totalCount: null,
        sources: [{ state: 'PARTIAL', code: 'UPSTREAM_RATE_LIMITED' }],
      },
    });
    expect(errors).toMatchObject([{ path: ['accounts'] }]);
  });
});

test('an account that lacks a ledger is not an error', async () => {
  provider.connected.push(anAccount('a-1'));
  provider.balanceRecord.push(aBalance(sub('a-1'), 'BANKING', 'USD'));
  failing('ISSUING', new Failure('ACCOUNT_NOT_FOUND', 'No such account.'));
  const accountId = encodeAccountId(sub('a-1'));
  const query = `query ($ids: [ID!]) { balances(filter: { accountIds: $ids }) {
    nodes { ledger } totalCount sources { ledger state } } }`;
  const { data, errors } = await executor.run(query, { ids: [accountId] });
  expect(errors).toEqual([]);
  expect(at(data, 'balances', 'totalCount')).toBe(1);
  expect(at(data, 'balances', 'sources', 1)).toEqual({ ledger: 'ISSUING', state: 'OK' });

  const unknown = await executor.run(query, { ids: [encodeAccountId(sub('nobody'))] });
  expect(unknown.data).toEqual({ balances: null });
  expect(unknown.errors).toHaveLength(3);
  expect(unknown.errors[0]).toMatchObject({ path: ['balances'], extensions: { code: 'ACCOUNT_NOT_FOUND' } });

  const both = await executor.run(query, { ids: [accountId, encodeAccountId(sub('nobody'))] });
  expect(at(both.data, 'balances', 'nodes')).toEqual([{ ledger: 'BANKING' }]);
  expect(at(both.data, 'balances', 'sources')).toMatchObject([
    ...[{ state: 'OK' }, { state: 'OK' }, { state: 'OK' }],
    ...[{ state: 'FAILED' }, { state: 'FAILED' }, { state: 'FAILED' }],
  ]);
  expect(both.errors).toHaveLength(3);
});

describe('bugs in the gateway', () => {
  test('are masked, and logged with the request id', async () => {
    failing('BANKING', new TypeError('secret-token is not a function'));
    const { data, errors } = await executor.run('{ balance(currency: "USD") { ledger } }');
    expect(data).toEqual({ balance: null });
    expect(errors).toEqual([
      {
        message: 'Internal error',
        locations: [{ line: 1, column: 3 }],
        path: ['balance'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'request-1' },
      },
    ]);
    expect(executor.log).toMatchObject([
      { level: 'error', details: { requestId: 'request-1', path: 'balance' }, message: 'unexpected error' },
    ]);
  });

  test('are masked even if they have their own code', async () => {
    failing(
      'BANKING',
      Object.assign(new Error('secret-token'), { extensions: { code: 'SECRET', body: 'secret' } }),
    );
    const { errors } = await executor.run('{ balance(currency: "USD") { ledger } }');
    expect(errors).toMatchObject([
      { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  test('are masked if they violate the schema', async () => {
    provider.balanceRecord[0] = aBalance(master, 'BANKING', 'USD', {
      available: { amount: null, currency: 'USD' } as never,
    });
    const { data, errors } = await executor.run(
      '{ balance(currency: "USD") { ledger available { amount } } }',
    );
    expect(data).toEqual({ balance: { ledger: 'BANKING', available: null } });
    expect(errors).toMatchObject([{ message: 'Internal error', path: ['balance', 'available', 'amount'] }]);
    expect(executor.log).toHaveLength(1);
  });
});

test('provider failures are logged without values from replies; mistakes of callers are not logged', async () => {
  failing(
    'BANKING',
    new Failure('UPSTREAM_SHAPE', 'Field data[0].currency is not text.', { upstreamStatus: 200 }),
  );
  await executor.run('{ balance(currency: "USD") { ledger } account(id: "x") { id } }');
  expect(executor.log).toEqual([
    {
      level: 'warn',
      details: {
        requestId: 'request-1',
        path: 'balance',
        code: 'UPSTREAM_SHAPE',
        provider: 'UQPAY',
        ledger: 'BANKING',
        upstreamStatus: 200,
      },
      message: 'Field data[0].currency is not text.',
    },
  ]);
});

describe('an operation that asks for too much', () => {
  test('gets what the limit allows, and CALLS_EXCEEDED for the rest', async () => {
    // The number of pages of a list becomes known while it is read.
    const paged = createFakeProvider({ pageSizeMax: 1 });
    for (const currency of ['EUR', 'SGD', 'USD']) {
      paged.balanceRecord.push(aBalance(master, 'BANKING', currency));
    }
    const capped = await startExecutor({ providers: [paged], upstreamCallsPerOperationMax: 2 });
    const { data, errors, calls } = await capped.run(
      '{ balances(filter: { ledgers: [BANKING] }) { nodes { currency } sources { state } } }',
    );
    expect(data).toEqual({
      balances: { nodes: [{ currency: 'EUR' }, { currency: 'SGD' }], sources: [{ state: 'PARTIAL' }] },
    });
    expect(errors).toMatchObject([{ extensions: { code: 'CALLS_EXCEEDED', retryable: false } }]);
    expect(errors[0]?.message).toContain('upstream call number 3; MAX_UPSTREAM_CALLS_PER_OPERATION allows 2');
    expect(calls).toBe(2);
    expect(paged.calls).toHaveLength(2);
    await capped.stop();
  });

  test('ends at the deadline, with what was read in time', async () => {
    const hurried = await startExecutor({ providers: [provider], requestTimeoutMs: 300 });
    const { accounts } = provider;
    Object.assign(accounts, {
      connected: (context: { signal: AbortSignal }) => ({
        async *[Symbol.asyncIterator]() {
          await new Promise((_resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(context.signal.reason));
          });
        },
      }),
    });
    const { data, errors } = await hurried.run(
      '{ accounts { nodes { isMaster } } balance(currency: "USD") { ledger } }',
    );
    expect(data).toEqual({ accounts: { nodes: [{ isMaster: true }] }, balance: { ledger: 'BANKING' } });
    expect(errors).toMatchObject([
      { path: ['accounts'], extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } },
    ]);
    await hurried.stop();
  });

  test('releases the caller once it is answered', async () => {
    const caller = new AbortController();
    await executor.run('{ balance(currency: "USD") { ledger } }', {}, caller.signal);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });

  test('ends when the caller disconnects', async () => {
    const caller = new AbortController();
    caller.abort();
    const { errors, calls } = await executor.run(
      '{ balance(currency: "USD") { ledger } }',
      {},
      caller.signal,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'CANCELLED' } }]);
    expect(calls).toBe(1);
  });
});

describe('ids', () => {
  const balanceId = encodeBalanceId({
    account: master,
    ledger: 'BANKING',
    currency: 'USD',
    distinguishingId: null,
  });

  test.each([
    ['account(id: "nonsense") { id }', 'account', 'Argument "id" must be an ID that this gateway gave out.'],
    ['node(id: "") { id }', 'node', 'Argument "id" must be an ID that this gateway gave out.'],
    [
      `account(id: "${balanceId}") { id }`,
      'account',
      'Argument "id" must be the ID of type Account; it is one of type Balance.',
    ],
    [
      `transaction(id: "${balanceId}") { id }`,
      'transaction',
      'Argument "id" must be the ID of type Transaction; it is one of type Balance.',
    ],
    [
      'balance(currency: "USD", accountId: "x") { id }',
      'balance',
      'Argument "accountId" must be an ID that this gateway gave out.',
    ],
    [
      'balances(filter: { accountIds: ["x"] }) { nodes { id } }',
      'balances',
      'Argument "accountIds[0]" must be an ID that this gateway gave out.',
    ],
    [
      'transactions(filter: { accountIds: ["x"] }) { nodes { id } }',
      'transactions',
      'Argument "accountIds[0]" must be an ID that this gateway gave out.',
    ],
  ])('that are not ours are refused by name: %s', async (field, path, message) => {
    const { data, errors, calls } = await executor.run(`{ ${field} }`);
    expect(data).toEqual({ [path]: null });
    expect(errors).toMatchObject([
      { message, path: [path], extensions: { code: 'BAD_USER_INPUT', retryable: false } },
    ]);
    expect(calls).toBe(0);
  });

  test('of an account at another provider than the requested one are refused', async () => {
    const accountId = encodeAccountId({ provider: 'NOAH', providerAccountId: null });
    const { data, errors } = await executor.run(
      'query ($accountId: ID!) { balance(currency: "USD", accountId: $accountId) { id } }',
      { accountId },
    );
    expect(data).toEqual({ balance: null });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"accountId"'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('that are valid but identify nothing are null', async () => {
    const ids = {
      account: encodeAccountId(sub('nobody')),
      otherProvider: encodeAccountId({ provider: 'NOAH', providerAccountId: null }),
      balance: encodeBalanceId({
        account: sub('nobody'),
        ledger: 'BANKING',
        currency: 'USD',
        distinguishingId: null,
      }),
      currency: encodeBalanceId({
        account: master,
        ledger: 'BANKING',
        currency: 'XXX',
        distinguishingId: null,
      }),
    };
    const { data, errors } = await executor.run(
      `query ($account: ID!, $otherProvider: ID!, $balance: ID!, $currency: ID!) {
        a: account(id: $account) { id } b: node(id: $otherProvider) { id } c: node(id: $balance) { id }
        d: node(id: $currency) { id } e: balance(currency: "XXX") { id }
        f: balance(currency: "USD", accountId: $account) { id } }`,
      ids,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ a: null, b: null, c: null, d: null, e: null, f: null });
  });

  test('one bad id among several is a separate error', async () => {
    const { data, errors } = await executor.run('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [balanceId, 'bad', balanceId],
    });
    expect(data).toEqual({ nodes: [{ id: balanceId }, null, { id: balanceId }] });
    expect(errors).toMatchObject([{ path: ['nodes', 1], message: expect.stringContaining('"ids[1]"') }]);
  });

  test('more than 100 at once are refused', async () => {
    const { data, errors, calls } = await executor.run('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }, () => balanceId),
    });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        message: 'Argument "ids" may list at most 100 IDs; it lists 101.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(calls).toBe(0);
  });
});

describe('scalars', () => {
  test.each([
    ['balance(currency: "US D") { id }', 'currency'],
    ['balance(currency: "US\\nD") { id }', 'currency'],
    ['balance(currency: "") { id }', 'currency'],
    ['balance(currency: 840) { id }', 'currency'],
    ['balances(filter: { currencies: ["USD", "e u r"] }) { nodes { id } }', 'currencies'],
    ['transactions(filter: { createdAt: { from: "2026-01-01T00:00:00" } }) { nodes { id } }', 'from'],
    ['transactions(filter: { createdAt: { to: "2026-02-30T00:00:00Z" } }) { nodes { id } }', 'to'],
    ['transactions(filter: { createdAt: { to: 5 } }) { nodes { id } }', 'to'],
  ])('refuse literals by name: %s', async (field, argumentName) => {
    const { data, errors, calls } = await executor.run(`{ ${field} }`);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(
      new RegExp(`^Argument "${argumentName}" must be an? (code of|RFC 3339)`),
    );
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1' });
    expect(calls).toBe(0);
  });

  test.each([
    ['balances(first: 2147483648) { nodes { id } }', 'first', 'a whole number', '2147483648'],
    ['balances(last: -2147483649) { nodes { id } }', 'last', 'a whole number', '-2147483649'],
    ['balances(first: 1.5) { nodes { id } }', 'first', 'a whole number', '1.5'],
    ['balances(first: "10") { nodes { id } }', 'first', 'a whole number', '"10"'],
    ['account(id: true) { id }', 'id', 'an id in quotes', 'true'],
    ['accounts(after: 7) { nodes { id } }', 'after', 'text in quotes', '7'],
    ['nodes(ids: ["x", 1.5]) { id }', 'ids', 'an id in quotes', '1.5'],
  ])('GraphQL’s own refuse literals by name too: %s', async (field, argumentName, allowed, found) => {
    const { data, errors, calls } = await executor.run(`{ ${field} }`);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(
      RegExp(`^Argument "${argumentName}" must be ${allowed}.*; found ${found}\\.$`),
    );
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1' });
    expect(calls).toBe(0);
  });

  test.each([
    ['$value: CurrencyCode!', 'balance(currency: $value) { id }', 'US D'],
    ['$value: CurrencyCode!', 'balance(currency: $value) { id }', 'USD\r\nx-evil: 1'],
    [
      '$value: DateTime',
      'transactions(filter: { createdAt: { from: $value } }) { nodes { id } }',
      '2026-01-01',
    ],
    [
      '$value: DateTime',
      'transactions(filter: { createdAt: { from: $value } }) { nodes { id } }',
      1767225600,
    ],
  ])('refuse variables by name: %s %s', async (definition, field, value) => {
    const { errors, calls } = await executor.run(`query (${definition}) { ${field} }`, { value });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(
      /^Variable "\$value" got invalid value .* It must be an? (code of|RFC 3339)/s,
    );
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: 'request-1' });
    expect(calls).toBe(0);
  });

  test('a span that ends before it begins is refused; a single instant, with any offset, is not', async () => {
    const query =
      'query ($from: DateTime, $to: DateTime) { transactions(filter: { createdAt: { from: $from, to: $to } }) { nodes { id } } }';
    const from = '2026-01-01T08:00:00+08:00';
    expect((await executor.run(query, { from, to: '2026-01-01T00:00:00Z' })).errors).toEqual([]);
    const { errors } = await executor.run(query, { from, to: '2025-12-31T23:59:59.999999999Z' });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"createdAt"'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

describe('connection arguments', () => {
  const fields = ['accounts', 'balances', 'transactions'];
  const rules: [string, RegExp][] = [
    ['first: 0', /^Argument "first" must be from 1 to 100; it was 0\.$/],
    ['first: 101', /^Argument "first" must be from 1 to 100; it was 101\.$/],
    ['last: -1', /^Argument "last" must be from 1 to 100; it was -1\.$/],
    ['last: 101', /^Argument "last" must be from 1 to 100; it was 101\.$/],
    ['first: 1, last: 1', /^Argument "first" cannot be combined with "last"/],
    ['last: 1, before: ""', /^Argument "before" must be a cursor/],
  ];
  test.each(fields.flatMap((field) => rules.map(([args, message]) => [field, args, message] as const)))(
    '%s(%s) is refused',
    async (field, args, message) => {
      const { data, errors, calls } = await executor.run(`{ ${field}(${args}) { nodes { id } } }`);
      expect(data).toEqual({ [field]: null });
      expect(errors).toMatchObject([{ path: [field], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(errors[0]?.message).toMatch(message);
      expect(calls).toBe(0);
    },
  );

  test.each(fields)('%s(after) with a text that is not a cursor is CURSOR_INVALID', async (field) => {
    for (const cursor of ['nonsense', 'A'.repeat(10_000), '\u0000']) {
      const { data, errors } = await executor.run(
        `query ($cursor: String) { ${field}(after: $cursor) { nodes { id } } }`,
        { cursor },
      );
      expect(data).toEqual({ [field]: null });
      expect(errors).toMatchObject([{ path: [field], extensions: { code: 'CURSOR_INVALID' } }]);
    }
  });
});

describe('GraphQL itself', () => {
  test.each([
    ['{ nonsense', 'GRAPHQL_PARSE_FAILED'],
    ['{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ balance { id } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query ($currency: CurrencyCode!) { balance(currency: $currency) { id } }', 'BAD_USER_INPUT'],
    [
      'query ($ledger: Ledger! = BANKING, $provider: ProviderCode = UQPAY) { balance(currency: "USD", ledger: $ledger, provider: $provider) { id } }',
      null,
    ],
  ])('keeps its codes: %s', async (query, code) => {
    const { errors } = await executor.run(query);
    expect(errors[0]?.extensions?.code ?? null).toBe(code);
  });

  test('a required argument that a null variable makes null is the caller’s mistake', async () => {
    const { errors } = await executor.run(
      'query ($provider: ProviderCode = UQPAY) { balance(currency: "USD", provider: $provider) { id } }',
      { provider: null },
    );
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('"provider"') },
    ]);
  });

  test('hides suggestions when configured to', async () => {
    const query = '{ balanc(currency: "USD") { id } }';
    expect((await executor.run(query)).errors[0]?.message).toContain('Did you mean');
    const hiding = await startExecutor({ providers: [provider], hideSchemaDetails: true });
    expect((await hiding.run(query)).errors[0]?.message).not.toContain('Did you mean');
    await hiding.stop();
  });
});
