// Input is bounded before it costs anything: one error that names the first thing that is too large.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let door: TestGateway;
let interpreting: TestGateway;
beforeAll(async () => {
  door = await startTestGateway();
  interpreting = await startTestGateway({ COMPILED_EXECUTION: 'off' });
});
afterAll(async () => {
  await door.close();
  await interpreting.close();
});
beforeEach(() => door.sandbox.control.resetCalls());

const byAccount = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
const byTransaction = 'query ($f: TransactionFilter) { transactions(filter: $f) { totalCount } }';
const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]));

function nested(levels: number): unknown {
  let value: unknown = 'innermost';
  for (let level = 0; level < levels; level += 1) value = { __typename: value };
  return value;
}

describe('a document', () => {
  test.each([
    ['comment', `{ __typename } # ${'x'.repeat(999_000)}`],
    ['text', `{ balance(currency: "${'A'.repeat(999_000)}") { id } }`],
    ['name', `{ ${'a'.repeat(999_000)} }`],
  ])('of a million characters in one %s is refused by its length', async (_what, query) => {
    const { answer } = await door.post({ query });
    expect(answer).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /^The operation's length comes to \d+; MAX_QUERY_LENGTH allows 50000\. /,
          ),
          extensions: expect.objectContaining({
            code: 'QUERY_TOO_COMPLEX',
            measure: 'length',
            maximum: 50_000,
            value: query.length,
            requestId: expect.any(String),
          }),
        },
      ],
    });
  });

  test('with whitespace and comments up to the limit is answered', async () => {
    const query = `{ __typename } #${'x'.repeat(49_984)}`;
    expect(query).toHaveLength(50_000);
    expect((await door.post({ query })).answer).toEqual({ data: { __typename: 'Query' } });
    expect((await door.post({ query: `${query} ` })).answer.data).toBeUndefined();
  });

  test.each([
    ['a field', `{ __typename ${'@include(if: true) '.repeat(60)} }`],
    ['a field that nobody knows', `{ nope ${'@nope '.repeat(60)} }`],
    ['a fragment', `{ ... ${'@skip(if: false) '.repeat(60)} { __typename } }`],
    ['an operation', `query ${'@nope '.repeat(60)} { __typename }`],
  ])('with 60 directives on %s is refused with one error, each time', async (_what, query) => {
    for (const _time of [1, 2]) {
      const { answer } = await door.post({ query });
      expect(answer.errors).toMatchObject([
        {
          extensions: { code: 'QUERY_TOO_COMPLEX', measure: 'directivesPerLocation', maximum: 5, value: 60 },
        },
      ]);
      expect(answer.data).toBeUndefined();
    }
  });
});

describe('variables', () => {
  test.each<[string, string, Record<string, unknown>, RegExp]>([
    ['3,000 fields', byAccount, { f: fields(3_000) }, /^Variable "\$f" holds an object that has 3000 fields/],
    ['a long name', byAccount, { f: { ['k'.repeat(900_000)]: 1 } }, /a name of 900000 characters/],
    [
      'a long text',
      byAccount,
      { f: { statuses: 'A'.repeat(900_000) } },
      /^Variable "\$f" has a text of 900000/,
    ],
    ['many variables', '{ __typename }', fields(3_000), /^The request has 3000 variables/],
    [
      'many values',
      '{ __typename }',
      fieldsOf(['a', 'b', 'c', 'd'], Array(500).fill([1, 2, 3, 4])),
      /10000 values/,
    ],
    ['deep values', '{ __typename }', { v: nested(40) }, /^Variable "\$v" nests deeper than 16 levels/],
  ])(
    'with %s are refused with one error before they are coerced',
    async (_what, query, variables, message) => {
      const { status, text, answer } = await door.post({ query, variables });
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors?.[0]?.message).toMatch(message);
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', retryable: false });
      expect(answer.data).toBeUndefined();
      expect(status).toBe(200);
      expect(text.length).toBeLessThan(400);
      expect(door.sandbox.control.callCount()).toBe(0);
    },
  );

  test('with a long list are refused for its length, whatever it contains', async () => {
    for (const wrong of [null, 1, 'TRANSFE', {}]) {
      const variables = { f: { accountIds: Array(15_000).fill(wrong) } };
      const { answer } = await door.post({ query: byTransaction, variables });
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'QUERY_TOO_COMPLEX', measure: 'listItems', value: 15_000 } },
      ]);
    }
  });

  test('with many mistakes are reported five times, compiled and interpreted', async () => {
    const variables = { f: { types: ['x'.repeat(5_000), ...Array(900).fill('TRANSFE')] } };
    const good = { query: byTransaction, variables: { f: { types: ['TRANSFER'] } } };
    // By now the operation is compiled, if compilation is on.
    for (let run = 0; run < 12; run += 1) expect((await door.post(good)).answer.errors).toBeUndefined();
    const [compiled, interpreted] = await Promise.all(
      [door, interpreting].map(async ({ post }) => (await post({ query: byTransaction, variables })).answer),
    );
    const messages = compiled?.errors?.map(({ message }) => message) ?? [];
    expect(interpreted?.errors?.map(({ message }) => message)).toEqual(messages);
    expect(messages).toHaveLength(5);
    const shown = `Variable "$f" got invalid value "${'x'.repeat(99)}... at "f.types[0]"; Value "xxx`;
    expect(messages[0]?.startsWith(shown)).toBe(true);
    expect(messages[1]).toMatch(/"TRANSFE" at "f.types\[1\]"; .* Did you mean the enum value "TRANSFER"/);
  });
});

describe('many errors', () => {
  const all = (count: number, field: string) =>
    Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

  test('of unknown ids refuse the operation with the first of them', async () => {
    const ids = Array(100).fill('x');
    const query = `query ($ids: [ID!]!) { ${all(11, 'nodes(ids: $ids) { id }')} }`;
    const many = await door.post({ query, variables: { ids } });
    expect(many.answer.data).toBeUndefined();
    expect(many.answer.errors).toMatchObject([
      {
        message: expect.stringMatching(/^More than 1000 .* The first: Argument "ids" must be an ID/),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('of fields of many rows refuse the operation with the first of them, before anything is read', async () => {
    const wrong = all(90, 'balances(first: 0) { totalCount }');
    for (const query of [
      `{ accounts(first: 100) { nodes { ${wrong} } } }`,
      `{ transactions(first: 12) { nodes { account { ${wrong} } } } }`,
    ]) {
      const { answer } = await door.post({ query });
      expect(answer).toMatchObject({
        errors: [{ message: expect.stringMatching(/^More than 1000 .* must be from 1 to 100; it was 0\.$/) }],
      });
    }
  });

  test('found only by execution are reported up to a thousand, with their total', async () => {
    // A cursor of another list: only the list itself can detect it.
    const { answer } = await door.post({ query: '{ balances(first: 1) { pageInfo { endCursor } } }' });
    const { endCursor } = (answer.data as { balances: { pageInfo: { endCursor: string } } }).balances
      .pageInfo;
    const wrong = all(90, `balances(after: "${endCursor}") { totalCount }`);
    const query = `{ transactions(first: 12) { nodes { account { ${wrong} } } } }`;
    // By the last run the operation is compiled.
    for (let run = 0; run < 12; run += 1) {
      const errors = (await door.post({ query })).answer.errors ?? [];
      expect(errors).toHaveLength(1_001);
      expect(errors.at(-1)).toMatchObject({
        message: expect.stringMatching(/^The answer has 1080 errors; the first 1000 are listed\./),
        extensions: { code: 'QUERY_TOO_COMPLEX' },
      });
      expect(errors.at(-2)).toMatchObject({
        locations: [expect.anything()],
        extensions: { code: 'CURSOR_INVALID' },
      });
    }
  });

  test('the schema as text costs as much as introspection', async () => {
    const { answer } = await door.post({ query: `{ ${all(11, '_service { sdl }')} }` });
    expect(answer.errors).toMatchObject([{ extensions: { measure: 'cost', value: 22_000 } }]);
  });

  test('a filter lists at most 200 currencies, each counted once', async () => {
    const query = 'query ($c: [CurrencyCode!]) { balances(filter: { currencies: $c }) { totalCount } }';
    const codes = Array.from({ length: 201 }, (_, index) => `C${index}`);
    expect((await door.post({ query, variables: { c: codes } })).answer.errors).toMatchObject([
      { message: 'Argument "currencies" may list at most 200 codes; it lists 201.' },
    ]);
    const twice = [...codes.slice(1), ...codes.slice(1)];
    expect((await door.post({ query, variables: { c: twice } })).answer.errors).toBeUndefined();
  });
});

describe('a body', () => {
  const raw = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(door.gateway.url, { method: 'POST', headers, body });
    return { status: response.status, answer: JSON.parse(await response.text()) };
  };

  test.each([
    ['nests without end', '['.repeat(900_000), 'The request body nests deeper than 100 levels.'],
    [
      'nests in its variables',
      `{"query":"{ __typename }","variables":{"v":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`,
      'The request body nests deeper than 100 levels.',
    ],
    [
      'has names without end',
      JSON.stringify({ query: '{ __typename }', ...fields(50_000) }),
      'The request body has more than 20000 names, lists and objects.',
    ],
  ])('that %s is refused before it is parsed', async (_what, body, message) => {
    expect(await raw(body)).toMatchObject({
      status: 400,
      answer: { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] },
    });
  });

  test('with brackets and quotes in its strings is accepted', async () => {
    const noise = '[{":\\'.repeat(3_000);
    expect(await raw(JSON.stringify({ query: '{ __typename }', extensions: { noise } }))).toEqual({
      status: 200,
      answer: { data: { __typename: 'Query' } },
    });
  });
});

test('a hash that is a deeply nested list is answered like an unknown one', async () => {
  const hash = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  const search = `?extensions={"persistedQuery":{"version":1,"sha256Hash":${hash}}}`;
  const response = await fetch(`${door.gateway.url}${search}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
  });
  expect(door.logText()).not.toContain('Unexpected error');
});

/** An object of the same value under each name. */
function fieldsOf(names: readonly string[], value: unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
