// Operations that ask for too much are refused over HTTP, before any call to UQPAY.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let door: TestGateway;

beforeAll(async () => {
  door = await startTestGateway({
    MAX_QUERY_TOKENS: '300',
    MAX_QUERY_ALIASES: '5',
    MAX_QUERY_DEPTH: '6',
    MAX_QUERY_COST: '200',
  });
});
afterAll(() => door.close());
beforeEach(() => door.sandbox.control.resetCalls());

const accept = { accept: 'application/graphql-response+json' };
const usd = 'balance(ledger: BANKING, currency: "USD") { currency }';
const sized = 'query ($n: Int!) { balances(first: $n) { nodes { available { amount } } } }';

const inner = 'balance(ledger: BANKING, currency: "USD") { account { INNER } }';
const deepQuery = ['name', inner, inner, inner].reduce((below, field) => field.replace('INNER', below));

test.each<[string, { query: string; variables?: object }, object]>([
  ['tokens', { query: `{ ${'providers { code } '.repeat(100)} }` }, { maximum: 300 }],
  [
    'aliases',
    { query: `{ ${[1, 2, 3, 4, 5, 6].map((n) => `a${n}: ${usd}`).join(' ')} }` },
    { maximum: 5, value: 6 },
  ],
  ['depth', { query: `{ ${deepQuery} }` }, { maximum: 6 }],
  ['cost', { query: sized, variables: { n: 100 } }, { maximum: 200, value: 201 }],
])('%s: QUERY_TOO_COMPLEX with measure and maximum, and no upstream call', async (measure, body, limit) => {
  const { status, answer } = await door.post(body, accept);
  expect(answer.data).toBeUndefined();
  expect(answer.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', measure, ...limit } }]);
  expect(answer.errors?.[0]?.message).toContain(`MAX_QUERY_${measure.toUpperCase()}`);
  expect(answer.errors?.[0]?.extensions).toHaveProperty('requestId');
  expect(status).toBe(400);
  expect((await door.post(body)).status).toBe(200);
  expect(door.sandbox.control.callCount()).toBe(0);
});

test('the same operations just within the limits are answered', async () => {
  const { status, answer } = await door.post({ query: sized, variables: { n: 99 } }, accept);
  expect(answer.errors).toBeUndefined();
  expect(status).toBe(200);
  expect(door.sandbox.control.callCount()).toBeGreaterThan(0);
});

test('an operation that was parsed before is checked again for each set of variables', async () => {
  const ask = async (n: number) => (await door.post({ query: sized, variables: { n } }, accept)).status;
  expect([await ask(10), await ask(100), await ask(10), await ask(100)]).toEqual([200, 400, 200, 400]);
});

describe('mistakes keep their helpful messages', () => {
  test('a syntax error is a syntax error', async () => {
    const { status, answer } = await door.post({ query: '{ balances(' }, accept);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
    expect(status).toBe(400);
  });

  test('an invalid variable is reported by execution, not by the limits', async () => {
    const { answer } = await door.post({ query: sized, variables: { n: 'many' } }, accept);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(door.sandbox.control.callCount()).toBe(0);
  });

  test('an operation name that is not in the document is refused', async () => {
    const { status, answer } = await door.post(
      { query: 'query A { providers { code } } query B { providers { name } }', operationName: 'C' },
      accept,
    );
    expect(answer.errors?.[0]?.message).toContain('"C"');
    expect(status).toBe(400);
  });
});

describe('hostile documents', () => {
  let roomy: TestGateway;
  beforeAll(async () => {
    roomy = await startTestGateway();
  });
  afterAll(() => roomy.close());

  test.each([
    ['brackets without end', `{ balances(filter: { currencies: ${'['.repeat(3_900)}] }) { totalCount } }`],
    ['fields without end', `${'{a'.repeat(1_900)}${'}'.repeat(1_900)}`],
  ])('%s: a syntax error in plain words', async (_what, query) => {
    const { status, answer } = await roomy.post({ query }, accept);
    expect(answer.errors).toMatchObject([
      {
        message: 'Syntax Error: The document nests too deeply to be read.',
        extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      },
    ]);
    expect(status).toBe(400);
  });

  test('a long value is not echoed in full', async () => {
    const { text, answer } = await roomy.post({
      query: `{ balance(currency: "${'A'.repeat(40_000)}") { id } }`,
    });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(text.length).toBeLessThan(2_000);
  });

  test('a persisted query cannot be registered under the hash of another', async () => {
    const persistedQuery = { version: 1, sha256Hash: '0'.repeat(64) };
    const { status, answer } = await roomy.post({ query: '{ __typename }', extensions: { persistedQuery } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(status).toBe(400);
    const later = await roomy.post({ extensions: { persistedQuery } });
    expect(later.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  test('a refused operation is not stored under its hash', async () => {
    const query = `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: __typename`).join(' ')} }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const refused = await roomy.post({ query, extensions });
    expect(refused.answer.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    const later = await roomy.post({ extensions });
    expect(later.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  test('a text that is not a query is refused without a log entry', async () => {
    const { answer } = await roomy.post({ query: 'subscription { x }' });
    expect(answer.errors).toMatchObject([
      { extensions: { code: expect.stringMatching(/^(BAD_REQUEST|GRAPHQL_VALIDATION_FAILED)$/) } },
    ]);
    expect(roomy.logText()).not.toContain('unexpected error');
  });
});

test('an array of operations is refused, whatever is in it', async () => {
  const one = { query: '{ providers { code } }' };
  for (const batch of [[one, one], [one], []]) {
    const { status, answer } = await door.post(batch, accept);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
    expect(status).toBe(400);
  }
});
