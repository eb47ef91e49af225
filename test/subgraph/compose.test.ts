// The subgraph with a neighbour, through both public composers.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { composeServices as composeByApollo } from '@apollo/composition';
import { describe, expect, test } from '@jest/globals';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { createSchema, printSdl } from '../../src/graphql/schema.ts';
import { neighbourSdl } from './neighbour.fixture.ts';

const ours = createSchema();
const services = [
  { name: 'balances', url: 'http://balances.example/graphql', typeDefs: parse(printSdl(ours)) },
  { name: 'alerts', url: 'http://alerts.example/graphql', typeDefs: parse(neighbourSdl(ours)) },
];

test('npm run schema prints the SDL that _service gives', () => {
  const file = join(import.meta.dirname, '../../src/app/print-schema.ts');
  const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  expect(printed.trim()).toBe(printSdl(ours).trim());
  expect(printed).toContain('type Balance implements Node @key(fields: "id")');
});

describe.each([
  ['@apollo/composition', () => composeByApollo(services)],
  ['@theguild/federation-composition', () => composeByTheGuild(services)],
])('%s', (_composer, compose) => {
  const result = compose();
  const supergraph = result.supergraphSdl ?? '';

  test('composes them without an error', () => {
    expect(result.errors ?? []).toEqual([]);
    expect(supergraph).not.toBe('');
  });

  test('joins accounts by their second key and balances by id', () => {
    expect(supergraph).toMatch(
      /type Account[^{]*@join__type\(graph: ALERTS, key: "providerCode providerAccountId"/s,
    );
    expect(supergraph).toMatch(/type Balance[^{]*@join__type\(graph: ALERTS, key: "id"/s);
    expect(supergraph).toMatch(/type Balance[^{]*@join__type\(graph: BALANCES, key: "id"/s);
  });

  test('keeps the sizes of lists and the weights for the router, and node hidden', () => {
    expect(supergraph).toContain('@listSize(');
    expect(supergraph).toMatch(/@cost\(weight: 5\)/);
    expect(supergraph).toMatch(/node\([^)]*\): Node[^\n]*@inaccessible/s);
  });
});
