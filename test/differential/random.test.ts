// Random operations, run by graphql-js and by compiled code.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, validate } from 'graphql';
import { compileOperation } from '../../src/graphql/execution/compiled-operation.ts';
import { partOf } from '../../src/graphql/execution/operation-part.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import fc from '../support/fast-check.ts';
import { type Both, expectAlike, startBoth } from './both.fixture.ts';
import { randomOperations } from './random-operations.fixture.ts';
import { worlds } from './worlds.fixture.ts';

const runs = Number(process.env.OPERATIONS ?? 100);
const schema = createSchema();
const names = ['all is well', 'one ledger is down', 'rows are wrong', 'something unknown is thrown'];
let both: Both;

beforeAll(async () => {
  both = await startBoth();
});
afterAll(() => both.stop());

test('both executors return the same responses to random operations', async () => {
  const asks = names.flatMap((name) => worlds[name] ?? []).map((world) => both.in(world));
  await fc.assert(
    fc.asyncProperty(randomOperations(schema), fc.nat(names.length - 1), async (sent, worldIndex) => {
      const answers = await asks[worldIndex]?.(sent);
      if (answers === undefined) throw new Error('There is no such world.');
      const { interpreted, compiled } = answers;
      expectAlike(sent, interpreted, compiled);
    }),
    // Its counterexamples take minutes to shrink: give the printed seed and path here, without this.
    { numRuns: runs, endOnFailure: true },
  );
}, 1_800_000);

test('nearly all of them are valid, and most are compiled', () => {
  const sample = fc.sample(randomOperations(schema), { numRuns: 100, seed: 1 });
  const valid = sample
    .map(({ query }) => parse(query))
    .filter((document) => validate(schema, document).length === 0);
  const compiled = valid.filter((document) => {
    const part = partOf(document, null);
    return part !== null && compileOperation(schema, part, { p: true, q: false }, 300) !== null;
  });
  expect(valid.length).toBeGreaterThan(75);
  expect(compiled.length).toBeGreaterThan(60);
  expect(both.compiledCount()).toBeGreaterThan(runs / 4);
});
