// Every operation that the tests of the gateway send (operations.jsonl, written down while they ran), answered by
// graphql-js and by compiled code: the whole answer must be the same, whatever becomes of the reads behind it.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { compileOperation } from '../../src/graphql/execution/compiled-operation.ts';
import { partOf } from '../../src/graphql/execution/operation-part.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { type Both, expectAlike, type Sent, startBoth } from './both.fixture.ts';
import { worlds } from './worlds.fixture.ts';

const operations: readonly Sent[] = readFileSync(new URL('operations.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Those that ask a provider something; the others answer alike wherever they are asked. */
const reading: Sent[] = [];

let both: Both;
beforeAll(async () => {
  both = await startBoth();
});
afterAll(() => both.stop());

test.each(Object.entries(worlds))(
  'both executors give the same answer where %s',
  async (_what, world) => {
    const ask = both.in(world);
    const isFirst = reading.length === 0;
    for (const sent of isFirst ? operations : reading) {
      const { interpreted, compiled } = await ask(sent);
      expectAlike(sent, interpreted, compiled);
      if (isFirst && interpreted.calls.length > 0) reading.push(sent);
    }
  },
  60_000,
);

test('most of these operations are compiled, so that the tests above compare something', () => {
  const schema = createSchema();
  const documents = [...new Set(operations.map(({ query }) => query))];
  const compiled = documents.filter((query) => {
    try {
      const part = partOf(parse(query), null);
      return part !== null && compileOperation(schema, part, { yes: true, no: false }, 300) !== null;
    } catch {
      return false;
    }
  });
  expect(compiled.length).toBeGreaterThan(100);
  expect(both.compiledCount()).toBeGreaterThan(100);
});
