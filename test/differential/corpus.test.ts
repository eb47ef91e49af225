// Every operation that the gateway's tests send (recorded in operations.jsonl), run by graphql-js and by compiled
// code: the whole response must be the same, whatever the outcome of the reads behind it.
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

/** Those that read a provider; the others have the same response in every world. */
const reading: Sent[] = [];

let both: Both;
beforeAll(async () => {
  both = await startBoth();
});
afterAll(() => both.stop());

test.each(Object.entries(worlds))(
  'both executors return the same response if %s',
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

test('most of these operations are compiled, so that the tests above are meaningful', () => {
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
