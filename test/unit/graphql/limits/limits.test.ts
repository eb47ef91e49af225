// The limits over the real schema: what each measure counts, and that variables count like literals.
import { describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { Failure } from '../../../../src/domain/failure.ts';
import { tooComplex } from '../../../../src/graphql/limits/check-limit.ts';
import {
  checkDocument,
  createOperationLimiter,
  type QueryLimits,
  queryLimitsDefault,
} from '../../../../src/graphql/limits/index.ts';
import { createSchema } from '../../../../src/graphql/schema.ts';
import fc from '../../../support/fast-check.ts';

const schema = createSchema();
const roomy: QueryLimits = {
  length: 1e6,
  tokens: 1e6,
  fragments: 1e6,
  directives: 1e6,
  directivesPerLocation: 1e6,
  aliases: 1e6,
  depth: 1e6,
  breadth: 1e6,
  fields: 1e6,
  listItems: 1e6,
  cost: 1e9,
};

/** The refusal of an operation; null if it is accepted. */
function refusal(query: string, limits: Partial<QueryLimits>, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('one operation is expected');
  try {
    checkDocument(document, { ...roomy, ...limits });
    createOperationLimiter({ ...roomy, ...limits }).check({ schema, document, operation, variables });
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).toBe('QUERY_TOO_COMPLEX');
    return error.details.limit ?? null;
  }
}

/** The cost of an operation: the smallest maximum that accepts it. */
function costOf(query: string, variables: Record<string, unknown> = {}): number {
  return refusal(query, { cost: -1 }, variables)?.value ?? Number.NaN;
}

describe('cost', () => {
  test.each([
    ['{ viewer { subject scopes } }', 1],
    ['{ __typename }', 0],
    ['{ balances(first: 7) { nodes { currency } } }', 1 + 7],
    ['{ balances(first: 7) { nodes { available { amount } } } }', 1 + 7 * 2],
    ['{ balances(last: 7) { edges { node { currency } } } }', 1 + 7 * 2],
    ['{ balances { nodes { currency } } }', 1 + 20],
    ['{ balances(first: 7) { pageInfo { endCursor } totalCount } }', 1 + 1],
    ['{ transactions(first: 3) { nodes { type } } }', 5 + 3],
    [
      '{ accounts(first: 4) { nodes { transactions(first: 5) { nodes { amount { amount } } } } } }',
      1 + 4 * (1 + 5 + 5 * 2),
    ],
    ['{ nodes(ids: ["a"]) { id } }', 100],
    ['{ providers { code } }', 10],
  ])('%s costs %i', (query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('a page size in a variable, its default or null counts like a literal', () => {
    const body = '{ balances(first: $n) { nodes { available { amount } } } }';
    expect(costOf(`query ($n: Int) ${body}`, { n: 90 })).toBe(181);
    expect(costOf(`query ($n: Int = 90) ${body}`)).toBe(181);
    expect(costOf(`query ($n: Int = 90) ${body}`, { n: null })).toBe(41);
    expect(costOf(`query ($n: Int) ${body}`)).toBe(41);
  });

  test('the most expensive member of an abstract type counts', () => {
    const account = '... on Account { provider { code } }';
    const balance = '... on Balance { available { amount } provider { code } }';
    expect(costOf(`{ node(id: "x") { ${account} ${balance} } }`)).toBe(1 + 2);
  });

  test('an entity counts once for each representation', () => {
    const query =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Balance { available { amount } } } }';
    expect(costOf(query, { r: Array(50).fill({ __typename: 'Balance', id: 'x' }) })).toBe(100);
  });

  test('fields that execution merges count once, skipped ones not at all', () => {
    const once = costOf('{ balances(first: 9) { nodes { available { amount } } } }');
    const merged =
      '{ ...a ...b balances(first: 9) { nodes { available { amount } } } } fragment a on Query { balances(first: 9) { nodes { available { currency } } } } fragment b on Query { ...a }';
    expect(costOf(merged)).toBe(once);
    expect(costOf('{ providers { code } balances @include(if: false) { nodes { id } } }')).toBe(10);
    expect(
      costOf(
        'query ($no: Boolean!) { providers { code } ... @skip(if: $no) { balances { nodes { id } } } }',
        {
          no: true,
        },
      ),
    ).toBe(10);
  });

  test('two aliases of one list cost twice as much; a variable never costs less than its literal', () => {
    return fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 8 }), (first, nameCount) => {
        const fields = Array.from(
          { length: nameCount },
          (_, index) => `f${index}: balances(first: SIZE) { nodes { id } }`,
        ).join(' ');
        const literal = costOf(`{ ${fields.replaceAll('SIZE', String(first))} }`);
        const variable = costOf(`query ($n: Int!) { ${fields.replaceAll('SIZE', '$n')} }`, { n: first });
        expect(literal).toBe(nameCount * (1 + first));
        expect(variable).toBe(literal);
      }),
    );
  });
});

describe('other measures', () => {
  test.each<[keyof QueryLimits, number, string]>([
    ['aliases', 2, '{ a: __typename b: __typename c: __typename }'],
    ['directives', 1, '{ a: __typename @include(if: true) b: __typename @skip(if: false) }'],
    [
      'directivesPerLocation',
      1,
      '{ ...a @include(if: true) @skip(if: false) } fragment a on Query { __typename }',
    ],
    ['fragments', 1, '{ ...a ...b } fragment a on Query { __typename } fragment b on Query { __typename }'],
    ['depth', 3, '{ balances { nodes { available { amount } } } }'],
    ['breadth', 2, '{ viewer { subject } providers { code } __typename }'],
    ['fields', 3, '{ viewer { subject scopes } __typename }'],
    ['listItems', 1, '{ balances(filter: { currencies: ["USD", "EUR"] }) { totalCount } }'],
    ['cost', 40, '{ balances { nodes { available { amount } } } }'],
  ])('%s: one more than %i is refused, with the measure and the maximum', (measure, maximum, query) => {
    expect(refusal(query, { [measure]: maximum })).toMatchObject({ measure, maximum });
    expect(refusal(query, { [measure]: maximum + 1 })).toBeNull();
  });

  test('a list in a variable is counted, however deeply nested', () => {
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    let deep: unknown = ['a', 'b', 'c'];
    for (let level = 0; level < 10; level += 1) deep = { deep };
    const variables = { r: [{ __typename: 'Account', deep }] };
    expect(refusal(query, { listItems: 2 }, variables)).toMatchObject({ measure: 'listItems', value: 3 });
  });

  test('fragments that double at every step are rejected, not expanded', () => {
    const steps = Array.from({ length: 30 }, (_, step) => {
      const inner = step === 29 ? 'name' : `...f${step + 1}`;
      const field = `balance(ledger: BANKING, currency: "USD") { account { ${inner} } }`;
      return `fragment f${step} on Account { a: ${field} b: ${field} }`;
    });
    const query = `{ account(id: "x") { ...f0 } } ${steps.join(' ')}`;
    expect(refusal(query, { fields: 5_000 })).toMatchObject({ measure: 'fields', maximum: 5_000 });
  });
});

test('by default, the usual introspection and a full dashboard are accepted', () => {
  expect(
    refusal(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }), queryLimitsDefault),
  ).toBeNull();
  expect(
    refusal(
      '{ accounts(first: 100) { nodes { name balances(first: 50) { nodes { ledger available { amount currency } } } } } }',
      queryLimitsDefault,
    ),
  ).toBeNull();
  expect(
    refusal(
      '{ accounts(first: 100) { nodes { transactions(first: 100) { nodes { amount { amount } } } } } }',
      queryLimitsDefault,
    ),
  ).toMatchObject({ measure: 'cost', maximum: 20_000, value: 20_601 });
});

test('variables are checked only up to their sixth mistake, because a body can contain tens of thousands', () => {
  let looked = 0;
  const wrong = {
    *[Symbol.iterator]() {
      for (let index = 0; index < 1_000; index += 1) {
        looked += 1;
        yield '';
      }
    },
  };
  const query = 'query ($c: [CurrencyCode!]) { balances(filter: { currencies: $c }) { totalCount } }';
  expect(refusal(query, {}, { c: wrong })).toBeNull();
  expect(looked).toBe(6);
});

test('an operation accepted once is accepted again, but other variables are still checked', () => {
  const document = parse(
    `query ($n: Int, $on: Boolean!, $ids: [ID!]!, $filter: BalanceFilter) {
       balances(first: $n, filter: $filter) { nodes { account @include(if: $on) { name } } }
       nodes(ids: $ids) { id } }`,
  );
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('one operation is expected');
  const limits = { ...roomy, cost: 120, listItems: 2 };
  const variablesSent = fc.record({
    n: fc.constantFrom(1, 9, 10, 19, 20, null, undefined, 'ten'),
    on: fc.constantFrom(true, false, null),
    ids: fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c'], 'a', null),
    filter: fc.constantFrom(undefined, {}, { currencies: ['USD'] }, { currencies: ['A', 'B', 'C'] }),
  });
  const verdict = (
    limiter: ReturnType<typeof createOperationLimiter>,
    variables: Record<string, unknown>,
  ) => {
    try {
      limiter.check({ schema, document, operation, variables });
      return 'let through';
    } catch (error) {
      return String(error);
    }
  };
  return fc.assert(
    fc.property(fc.array(variablesSent, { minLength: 20, maxLength: 60 }), (sets) => {
      const remembering = createOperationLimiter(limits);
      for (const variables of sets) {
        expect(verdict(remembering, variables)).toBe(verdict(createOperationLimiter(limits), variables));
      }
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['cost', "The operation's cost comes to 3; MAX_QUERY_COST allows 2."],
  ['aliases', "The operation's aliases come to 3; MAX_QUERY_ALIASES allows 2."],
] as const)('too much of the %s is said in a sentence', (measure, sentence) => {
  expect(tooComplex(measure, 2, 3).message).toContain(sentence);
});
