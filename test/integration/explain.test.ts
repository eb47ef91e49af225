// `explain` over HTTP: its plans for operations at three providers, compared with the calls that the sandboxes count.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

interface Step {
  readonly id: string;
  readonly provider: string;
  readonly ledger: string | null;
  readonly method: string;
  readonly path: string;
  readonly accountCount: number;
  readonly calls: number;
  readonly remembered: number;
  readonly after: readonly string[];
  readonly serves: readonly string[];
  readonly because: string;
}

interface Plan {
  readonly calls: number;
  readonly callsNow: number;
  readonly callsAtMost: number;
  readonly cost: number;
  readonly admitted: boolean;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly steps: readonly Step[];
  readonly budgets: readonly { provider: string; callsPerMinute: number; callsLeft: number }[];
}

const query = `query ($document: String!, $variables: JSON, $operationName: String) {
  plan: explain(document: $document, variables: $variables, operationName: $operationName) {
    calls callsNow callsAtMost cost admitted refusal { code message }
    steps { id provider ledger method path accountCount calls remembered after serves because }
    budgets { provider callsPerMinute callsLeft }
  }
}`;
const anew = { 'cache-control': 'no-cache' };

let three: ThreeProviders;
beforeAll(async () => {
  three = await startThreeProviders({
    uqpay: { seed: 'demo' },
    env: { UQPAY_RATE_LIMIT_PER_MINUTE: '1000' },
  });
});
afterAll(() => three.close());

function callCount(asked = three): number {
  const { UQPAY, IBANERA, NOAH } = asked.dataCalls();
  return UQPAY + IBANERA + NOAH;
}

/** A plan, made without any call, tokens included. */
async function planOf(document: string, more: object = {}, headers = {}, asked = three): Promise<Plan> {
  asked.resetCalls();
  const { data, errors } = await asked.ask(query, { document, ...more }, headers);
  expect([errors, callCount(asked), asked.uqpay.calls()]).toEqual([[], 0, []]);
  return (data as { plan: Plan }).plan;
}

async function refusalOf(variables: object) {
  const { data, errors } = await three.ask(query, variables);
  expect(data).toBeNull();
  return errors[0] as unknown as { message: string; extensions: { code: string } };
}

const operations: readonly string[] = [
  '{ balance(ledger: BANKING, currency: "USD") { id } }',
  '{ usd: balance(ledger: BANKING, currency: "USD") { id } eur: balance(ledger: BANKING, currency: "EUR") { id } }',
  '{ balances { nodes { id } } }',
  '{ balances(filter: { ledgers: [BANKING] }) { nodes { transactions(first: 5) { nodes { id } } } } }',
  `{ accounts(first: 10, filter: { providers: [UQPAY] }) { nodes { name
     balances(filter: { ledgers: [BANKING] }) { nodes { id } } } } }`,
  '{ transactions(first: 20) { nodes { id balance { id } account { name } } } }',
  '{ transactions(first: 20, filter: { ledgers: [BANKING] }) { nodes { id balance { id } } } }',
  '{ transactions(first: 100, filter: { ledgers: [BANKING] }) { nodes { id } } }',
  `{ few: transactions(first: 5, filter: { ledgers: [BANKING] }) { nodes { id } }
     more: transactions(first: 50, filter: { ledgers: [BANKING] }) { nodes { id } } }`,
  `{ balance(ledger: BANKING, currency: "USD") { transactions(first: 5) { nodes { id } }
     more: transactions(first: 100) { nodes { id } } } }`,
  '{ transactions(last: 20, filter: { ledgers: [BANKING] }) { nodes { id } } }',
  '{ transactions(filter: { ledgers: [BANKING], types: [DEPOSIT, PAYOUT] }) { totalCount nodes { id } } }',
  '{ transactions(filter: { providers: [NOAH] }) { nodes { id } } }',
  '{ balanceTotals(convertTo: "SGD") { converted { available { amount } } } }',
  '{ viewer { subject } }',
];

test.each(operations)('the calls made by %s are within the plan', async (document) => {
  const cold = await planOf(document, {}, anew);
  three.resetCalls();
  await three.ask(document, {}, anew);
  const made = callCount();
  const told = { document, made, ...cold };
  expect([told, cold.callsNow <= made && made <= cold.calls && cold.calls <= 2 * made]).toEqual([told, true]);
  expect([told, cold.calls <= cold.callsAtMost]).toEqual([told, true]);
  expect(cold.steps.reduce((sum, { calls }) => sum + calls, 0)).toBe(cold.calls);
  const warm = await planOf(document);
  expect(warm.calls).toBe(cold.calls);
  three.resetCalls();
  await three.ask(document);
  expect(warm.callsNow).toBeLessThanOrEqual(callCount());
  // Everything just read is cached, if it could be read.
  expect(warm.steps.filter(({ remembered, calls }) => remembered > calls)).toEqual([]);
});

test('a plan gives each step’s route, order, fields and reason', async () => {
  const { steps } = await planOf(
    `{ mine: accounts(first: 4, filter: { providers: [UQPAY] }) { nodes {
       usd: balance(ledger: BANKING, currency: "USD") { id } eur: balance(ledger: BANKING, currency: "EUR") { id } } }
       sgd: balance(ledger: PAYMENT, currency: "SGD") { id } }`,
    {},
    anew,
  );
  const [list, payment, balances] = steps;
  expect(steps).toHaveLength(3);
  expect(list).toMatchObject({
    method: 'GET',
    path: '/v1/accounts',
    ledger: null,
    calls: 1,
    after: [],
    serves: ['mine'],
  });
  expect(payment).toMatchObject({
    ...{ path: '/v2/payment/balances/{currency}', ledger: 'PAYMENT', calls: 1, accountCount: 1, after: [] },
    ...{ serves: ['sgd'], because: 'one balance that is wanted alone' },
  });
  expect(balances).toMatchObject({
    ...{ path: '/v1/balances', ledger: 'BANKING', calls: 4, accountCount: 4, after: [list?.id] },
    ...{ serves: ['mine.nodes.usd', 'mine.nodes.eur'], because: 'one list in place of 2 single balances' },
  });
});

test('cached reads that this caller accepts are subtracted, and others are not', async () => {
  const document = '{ balance(ledger: ISSUING, currency: "USD") { available { amount } } }';
  await three.ask(document, {}, anew);
  const { callsNow, calls, steps, budgets } = await planOf(document);
  expect([callsNow, calls, steps[0]?.remembered]).toEqual([0, 1, 1]);
  expect(budgets).toEqual([{ provider: 'UQPAY', callsPerMinute: 1000, callsLeft: expect.any(Number) }]);
  expect((await planOf(document, {}, anew)).callsNow).toBe(1);
});

test('the balance of one transaction is planned in the way it is read', async () => {
  const list = await three.ask('{ transactions(first: 1, filter: { ledgers: [BANKING] }) { nodes { id } } }');
  const [row] = (list.data as { transactions: { nodes: readonly { id: string }[] } }).transactions.nodes;
  const document = 'query ($id: ID!) { transaction(id: $id) { balance { id } } }';
  const { steps } = await planOf(document, { variables: { id: row?.id } }, anew);
  three.resetCalls();
  await three.ask(document, { id: row?.id }, anew);
  expect(steps.map(({ path }) => path)).toEqual(['/v1/balances/transactions', '/v1/balances/{currency}']);
  const paths = three.uqpay.calls().map(({ path }) => path);
  expect(paths).toEqual([
    expect.stringContaining('/v1/balances/transactions'),
    expect.stringMatching(/\/v1\/balances\/[A-Z]{3}$/),
  ]);
});

test('an operation that would be refused is not admitted, with the same code', async () => {
  const document =
    '{ accounts(first: 100) { nodes { balances { nodes { id } } transactions { nodes { id } } } } }';
  const plan = await planOf(document);
  expect(plan).toMatchObject({ admitted: false, callsNow: 0, refusal: { code: 'CALLS_EXCEEDED' } });
  expect(plan.calls).toBeGreaterThan(100);
  const { errors } = await three.ask(document);
  expect(errors).toMatchObject([
    { message: plan.refusal?.message, extensions: { code: plan.refusal?.code } },
  ]);
  const rows = 'balances(first: 100) { nodes { transactions(first: 100) { nodes { id } } } }';
  const complex = `{ accounts(first: 100) { nodes { ${rows} } } }`;
  expect((await planOf(complex)).refusal?.code).toBe('QUERY_TOO_COMPLEX');
  expect((await three.ask(complex)).errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  const aliases = Array.from({ length: 101 }, (_, index) => `a${index}: __typename`).join(' ');
  expect((await planOf(`{ ${aliases} }`)).refusal?.code).toBe('QUERY_TOO_COMPLEX');
});

test('a gateway that has read nothing and allows few calls explains all the same', async () => {
  const fresh = await startThreeProviders({ env: { MAX_QUERY_COST: '100' } });
  try {
    const list = await planOf(
      '{ accounts(first: 4, filter: { providers: [UQPAY] }) { nodes { id } } }',
      {},
      {},
      fresh,
    );
    expect(list).toMatchObject({ calls: 1, callsNow: 1, admitted: true });
    const many = '{ accounts(first: 100) { nodes { provider { code } } } }';
    expect((await planOf(many, {}, {}, fresh)).refusal?.code).toBe('QUERY_TOO_COMPLEX');
    expect((await fresh.ask(many)).errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX');
  } finally {
    await fresh.close();
  }
});

test('a registered text may be named by its hash', async () => {
  const text = '{ balance(ledger: BANKING, currency: "HKD") { id } }';
  const sha256Hash = createHash('sha256').update(text).digest('hex');
  const { message, extensions } = await refusalOf({ document: sha256Hash });
  expect([extensions.code, message]).toEqual(['BAD_USER_INPUT', expect.stringContaining('hash')]);
  await fetch(three.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text, extensions: { persistedQuery: { version: 1, sha256Hash } } }),
  });
  expect((await planOf(sha256Hash)).calls).toBe(1);
});

describe('BAD_USER_INPUT with GraphQL’s message for', () => {
  const two = 'query A { viewer { subject } } query B { viewer { subject } }';
  const needs = 'query ($currency: CurrencyCode!) { balance(currency: $currency) { id } }';
  test.each<[string, object, string]>([
    [
      'a document that does not parse',
      { document: '{ viewer {' },
      'Syntax Error: Expected Name, found <EOF>.',
    ],
    ['an empty document', { document: '' }, 'Syntax Error: Unexpected <EOF>.'],
    ['a document that does not fit', { document: '{ nope }' }, 'Cannot query field "nope" on type "Query".'],
    ['no operation', { document: 'fragment F on Viewer { subject }' }, 'Fragment "F" is never used.'],
    [
      'several operations',
      { document: two },
      'Must provide operation name if query contains multiple operations.',
    ],
    ['an operation that is not there', { document: two, operationName: 'C' }, 'Unknown operation named "C".'],
    [
      'missing variables',
      { document: needs },
      'Variable "$currency" of required type "CurrencyCode!" was not provided.',
    ],
    [
      'unusable variables',
      { document: needs, variables: { currency: 5 } },
      'Variable "$currency" got invalid value 5; It must be a code',
    ],
    [
      'variables that are not an object',
      { document: needs, variables: [1] },
      'Argument "variables" must be an object with the operation\'s variables; it is a list.',
    ],
    ['a mutation', { document: 'mutation { __typename }' }, 'mutation'],
    [
      'a subscription',
      { document: 'subscription { balancesChanged { asOf } }' },
      'A subscription has no plan of its own',
    ],
  ])('%s', async (_what, asked, expected) => {
    const { message, extensions } = await refusalOf(asked);
    expect([extensions.code, message]).toEqual(['BAD_USER_INPUT', expect.stringContaining(expected)]);
  });
});

test('variables may be literals, the operation named, and `explain` itself explained', async () => {
  const { data, errors } = await three.ask(`{
    explain(document: "query A($c: CurrencyCode!) { balance(ledger: BANKING, currency: $c) { id } } query B { viewer { subject } }"
      variables: { c: "USD" } operationName: "A") { calls }
    inner: explain(document: "{ explain(document: \\"{ balances { nodes { id } } }\\") { calls } }") { calls callsNow }
  }`);
  expect([errors, data]).toEqual([[], { explain: { calls: 1 }, inner: { calls: 0, callsNow: 0 } }]);
});

test('one request may ask for ten plans', async () => {
  const plans = Array.from(
    { length: 11 },
    (_, index) => `p${index}: explain(document: "{ __typename }") { calls }`,
  );
  const { errors } = await three.ask(`{ ${plans.join(' ')} }`);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});
