import { beforeEach, describe, expect, test } from '@jest/globals';
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema, isObjectType, parse } from 'graphql';
import {
  createOperationExecutor,
  type ExecutionOptions,
  loadCompiler,
  settleLists,
} from '../../../../src/graphql/execution/index.ts';

const text = `
  scalar _Any
  input Place { x: Int = 7 y: Int words: [String!] }
  type Query {
    "Who runs the operation."
    by: String!
    echo(text: String = "nothing", any: _Any, place: Place): String
    numbers(late: Boolean!): [Int]
    box: Box
    boxes: [Box!]!
    broken: String!
  }
  type Box { size: Int by: String by_box: String box: Box box_by: Box bad: Int! worse: Int! }
`;

type Resolvers = Readonly<Record<string, Readonly<Record<string, GraphQLFieldResolver<unknown, unknown>>>>>;

/** graphql-js gives resolvers the type at each step of a path; graphql-jit does not. */
const by: GraphQLFieldResolver<unknown, unknown> = (_source, _args, _context, { path }) =>
  'typename' in path ? 'graphql-js' : 'compiled code';

const resolvers: Resolvers = {
  Query: {
    by,
    echo: (_source, args) => JSON.stringify(args),
    numbers: (_source, { late }) => [
      new Promise((_resolve, reject) => {
        const fail = () => reject(new Error('no number'));
        if (late) setImmediate(fail);
        else fail();
      }),
      Promise.resolve(1),
      2,
    ],
    box: () => ({ size: 1 }),
    boxes: () => [{ size: 1 }, { size: 2 }],
    broken: () => null,
  },
  Box: {
    by: (_source, _args, _context, info) => info.fieldNodes.map(({ loc }) => loc?.start).join(),
    by_box: (_source, _args, _context, info) => info.fieldNodes.map(({ loc }) => loc?.start).join(),
    box: () => ({ size: 1 }),
    box_by: () => ({ size: 1 }),
    bad: async () => Promise.reject(new Error('bad')),
    worse: async () => Promise.reject(new Error('worse')),
  },
};

function createTestSchema(): GraphQLSchema {
  const schema = buildSchema(text);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = resolvers[type.name]?.[field.name];
      if (resolve !== undefined) field.resolve = resolve;
    }
  }
  return settleLists(schema);
}

let schema: GraphQLSchema;
beforeEach(() => {
  schema = createTestSchema();
});

const compileOperation = await loadCompiler();
const compiler = () => compileOperation;
const atOnce = { compiler, runsBeforeCompiling: 0 };
const interpreted = {};

/** Runs a document several times and returns the answers as parsed JSON. */
async function ask(
  query: string,
  variables: Record<string, unknown> = {},
  options: ExecutionOptions & { times?: number } = atOnce,
): Promise<unknown[]> {
  const { execute } = createOperationExecutor(schema, options);
  const document = parse(query);
  const answers: unknown[] = [];
  for (let time = 0; time < (options.times ?? 1); time += 1) {
    const asked = { document, operationName: undefined, variables, context: {} };
    answers.push(JSON.parse(JSON.stringify(await execute(asked))));
  }
  return answers;
}

describe('when to compile', () => {
  test('the compiler may be loaded later: until then nothing is compiled, and no run counts', async () => {
    let loaded: ReturnType<typeof compiler> | null = null;
    const { execute } = createOperationExecutor(schema, { compiler: () => loaded, runsBeforeCompiling: 1 });
    const asked = { document: parse('{ by }'), operationName: null, variables: {}, context: {} };
    const runner = async () => (await execute(asked)).data?.by;
    for (let time = 0; time < 3; time += 1) expect(await runner()).toBe('graphql-js');
    loaded = compileOperation;
    expect(await runner()).toBe('graphql-js');
    expect(await runner()).toBe('compiled code');
  });

  test('an evicted document that is parsed again finds what was compiled for its text', async () => {
    let compiledCount = 0;
    const counting: typeof compileOperation = (...given) => {
      compiledCount += 1;
      return compileOperation(...given);
    };
    const { execute } = createOperationExecutor(schema, { compiler: () => counting, runsBeforeCompiling: 1 });
    const runners: unknown[] = [];
    for (let time = 0; time < 5; time += 1) {
      const document = parse('query A { by } query B { by echo }');
      for (const operationName of ['A', 'A', 'B']) {
        const { data } = await execute({ document, operationName, variables: {}, context: {} });
        runners.push(`${operationName}${data?.echo === undefined ? '' : ' echo'}: ${data?.by}`);
      }
    }
    expect(runners.slice(0, 3)).toEqual(['A: graphql-js', 'A: compiled code', 'B echo: graphql-js']);
    expect(runners.slice(3, 6)).toEqual(['A: compiled code', 'A: compiled code', 'B echo: graphql-js']);
    expect(compiledCount).toBe(1);
  });

  test('an operation is compiled once it has run often enough, each set of fields separately', async () => {
    const executor = createOperationExecutor(schema, { compiler, runsBeforeCompiling: 1 });
    const document = parse(
      'query A($on: Boolean!) { by size: box @include(if: $on) { size } } query B { by }',
    );
    const runnerOf = async (operationName: string, variables = {}) => {
      const { data } = await executor.execute({ document, operationName, variables, context: {} });
      return data?.by;
    };
    expect(await runnerOf('A', { on: true })).toBe('graphql-js');
    expect(await runnerOf('A', { on: false })).toBe('graphql-js');
    expect(await runnerOf('B')).toBe('graphql-js');
    expect(await runnerOf('A', { on: true })).toBe('compiled code');
    expect(await runnerOf('B')).toBe('compiled code');
  });

  test('an operation name that the document lacks is reported, even after its only operation has run', async () => {
    const { execute } = createOperationExecutor(schema, { compiler, runsBeforeCompiling: 0 });
    const document = parse('query A { by }');
    for (const operationName of [undefined, null, 'A']) {
      const answer = await execute({ document, operationName, variables: {}, context: {} });
      expect(answer).toEqual({ data: { by: 'compiled code' } });
    }
    for (const operationName of ['', 'B']) {
      const answer = await execute({ document, operationName, variables: {}, context: {} });
      expect(answer.errors).toMatchObject([{ message: `Unknown operation named "${operationName}".` }]);
    }
  });

  test('the same text in another document is compiled again: only the document store caches by text', async () => {
    const { execute } = createOperationExecutor(schema, { compiler, runsBeforeCompiling: 1 });
    for (let time = 0; time < 3; time += 1) {
      const asked = { document: parse('{ by }'), operationName: null, variables: {}, context: {} };
      expect(await execute(asked)).toEqual({ data: { by: 'graphql-js' } });
    }
  });

  test('the least recently used is evicted if the total is too large', async () => {
    const { execute } = createOperationExecutor(schema, {
      compiler,
      runsBeforeCompiling: 1,
      fieldsKeptMax: 3,
    });
    const two = parse('{ by box { size } }');
    const one = parse('{ by }');
    const runnerOf = async (document: typeof one) =>
      (await execute({ document, operationName: null, variables: {}, context: {} })).data?.by;
    for (const document of [two, two, one]) await runnerOf(document);
    expect(await runnerOf(two)).toBe('compiled code');
    expect(await runnerOf(one)).toBe('compiled code');
    expect(await runnerOf(two)).toBe('graphql-js');
  });

  test.each([
    ['the schema', '{ by __schema { queryType { name } } }'],
    [
      'fragments that spread each other twice, sixty times over',
      `{ by ...F0 } ${Array.from({ length: 60 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')}
       fragment F60 on Query { box { size } }`,
    ],
    ['a name that is none in an object literal', '{ by __proto__: box { size } }'],
    ['paths that join to the same name', '{ by box { by_q: by } q_box: box { by } }'],
    [
      'too many conditions',
      `query(${['a', 'b', 'c', 'd', 'e'].map((n) => `$${n}: Boolean!`)}) { by
       ${['a', 'b', 'c', 'd', 'e'].map((n) => `${n}: box @skip(if: $${n}) { size }`).join(' ')} }`,
    ],
    ['too many fields', `{ by ${Array.from({ length: 300 }, (_, i) => `f${i}: by`).join(' ')} }`],
  ])('%s stays with graphql-js', async (_what, query) => {
    const variables = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, false]));
    const [compiled] = await ask(query, variables);
    expect(compiled).toEqual((await ask(query, variables, interpreted))[0]);
    expect(compiled).toMatchObject({ data: { by: 'graphql-js' } });
  });

  test('a schema without a scalar that accepts anything is interpreted', async () => {
    schema = buildSchema('type Query { by: String! }');
    const field = schema.getQueryType()?.getFields().by;
    if (field !== undefined) field.resolve = by;
    expect(await ask('{ by }')).toEqual([{ data: { by: 'graphql-js' } }]);
  });
});

describe('compiled code returns what graphql-js does', () => {
  test.each([
    ['default values', '{ echo }'],
    ['a literal', '{ echo(text: "a\\"b") }'],
    ['a block string', '{ echo(text: """\n  a\n    b\n""") }'],
    ['an object with a default within', '{ echo(place: { y: 2, words: "one" }) }'],
    ['variables within an object', 'query($y: Int, $w: [String!]) { echo(place: { y: $y, words: $w }) }'],
    ['a variable that was not given', 'query($t: String, $n: Int) { echo(text: $t, place: { x: $n }) }'],
    ['a variable with a default', 'query($t: String = "d") { echo(text: $t) }'],
    [
      'variables within a value without a type',
      'query($y: Int) { echo(any: { a: [$y], b: null, c: 1.50, d: ON }) }',
    ],
    ['a variable that does not fit', 'query($y: String!) { echo(text: $y) }'],
    ['a value that may not be null', '{ by broken }'],
    ['two of them in one object', '{ box { size bad worse } boxes { size } }'],
    [
      'a fragment left out once and included once',
      'query($y: Int) { box { ...F @skip(if: true) ...F } } fragment F on Box { size }',
    ],
    ['a rejected member', '{ numbers(late: false) }'],
    ['a member rejected late', '{ numbers(late: true) }'],
    ['nothing left', '{ box { size @skip(if: true) } }'],
  ])('%s', async (_what, query) => {
    const variables = { y: 2, w: ['a'] };
    const [compiled] = await ask(query, variables);
    expect(compiled).toEqual((await ask(query, variables, interpreted))[0]);
  });

  test('a rejected member of a list is null at its own index', async () => {
    expect(await ask('{ by numbers(late: true) }')).toEqual([
      {
        data: { by: 'compiled code', numbers: [null, 1, 2] },
        errors: [{ message: 'no number', locations: [{ line: 1, column: 6 }], path: ['numbers', 0] }],
      },
    ]);
  });

  test('each resolver gets its own fields, under names of any form', async () => {
    const query = '{ by box { by_box } boxes { by } }';
    const [compiled] = await ask(query);
    expect(compiled).toMatchObject({ data: { by: 'compiled code', box: { by_box: '11' } } });
  });
});

test('no text of a caller becomes code', async () => {
  const magic = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d globalThis.wasRun = true ';
  const quoted = JSON.stringify(magic);
  const [answer] = await ask(
    `query($t: String = ${quoted}, $a: _Any) { by a: echo(text: ${quoted}) b: echo(text: $t)
       c: echo(any: { ${'x'}: ${quoted} }) d: echo(any: $a) e: echo(place: { words: [${quoted}] }) }`,
    { a: { x: magic } },
  );
  expect(answer).toMatchObject({ data: { by: 'compiled code', a: JSON.stringify({ text: magic }) } });
  expect(Reflect.has(globalThis, 'wasRun')).toBe(false);
});
