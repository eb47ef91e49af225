// The subgraph with a second one, through both public composers.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices as composeByApollo } from '@apollo/composition';
import { describe, expect, test } from '@jest/globals';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  visit,
} from 'graphql';
import { createSchema, printSdl } from '../../src/graphql/schema.ts';
import { startTestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { neighbourSdl } from './neighbour.fixture.ts';

const ours = createSchema();
const servicesWith = (alertsSdl: string) => [
  { name: 'balances', url: 'http://balances.example/graphql', typeDefs: parse(printSdl()) },
  { name: 'alerts', url: 'http://alerts.example/graphql', typeDefs: parse(alertsSdl) },
];
const neighbour = neighbourSdl(ours);

test('npm run schema prints the text that a running gateway returns as _service { sdl }', async () => {
  const door = await startTestGateway();
  const { answer } = await door.post({ query: '{ _service { sdl } }' });
  await door.close();
  const file = join(import.meta.dirname, '../../src/app/print-schema.ts');
  const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  expect(printed.trim()).toBe(String(at(answer.data, '_service', 'sdl')).trim());
  expect(printed).toContain('type Balance implements Node @key(fields: "id")');
});

test('hides each field and argument of a hidden type individually, as the strictest composers require', () => {
  const document = parse(printSdl());
  const isHidden = ({ directives }: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) =>
    directives?.some(({ name }) => name.value === 'inaccessible') === true;
  const types = document.definitions.filter(isTypeDefinitionNode).filter(isHidden);
  const hiddenTypes = new Set(types.map(({ name }) => name.value));
  const shown: string[] = [];
  const check = (node: FieldDefinitionNode | InputValueDefinitionNode) => {
    let { type } = node;
    while (type.kind !== Kind.NAMED_TYPE) type = type.type;
    if (hiddenTypes.has(type.name.value) && !isHidden(node)) shown.push(node.name.value);
  };
  visit(document, { FieldDefinition: check, InputValueDefinition: check });
  expect(hiddenTypes).toContain('UpstreamPlan');
  expect(shown).toEqual([]);
});

describe.each([
  ['@apollo/composition', composeByApollo],
  ['@theguild/federation-composition', composeByTheGuild],
])('%s', (_composer, compose) => {
  const result = compose(servicesWith(neighbour));
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

  test('composes the subgraph that docs/federation.md shows', () => {
    const paper = readFileSync(join(import.meta.dirname, '../../docs/federation.md'), 'utf8');
    const shown = /```graphql\n([\s\S]*?)\n```/.exec(paper)?.[1] ?? '';
    expect(shown).toContain('type Alert');
    expect(compose(servicesWith(shown)).errors ?? []).toEqual([]);
  });

  test('lets another subgraph have its own Money and pages', () => {
    const shared = `
      type Money @shareable { amount: Decimal! currency: CurrencyCode! }
      type PageInfo @shareable {
        hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
      }
      scalar Decimal
      scalar CurrencyCode
      type Budget { limit: Money! pageInfo: PageInfo! }
      extend type Query { budget: Budget }
    `;
    const sdl = neighbour.replace('import: ["@key"]', 'import: ["@key", "@shareable"]') + shared;
    expect(compose(servicesWith(sdl)).errors ?? []).toEqual([]);
  });

  test('requires the same values of ProviderCode in both', () => {
    const sdl = neighbour.replace('enum ProviderCode {', 'enum ProviderCode { ACME');
    const codes = (compose(servicesWith(sdl)).errors ?? []).map(({ extensions }) => extensions.code);
    expect(codes).toContain('ENUM_VALUE_MISMATCH');
  });

  test('keeps list sizes and weights for the router, and node hidden', () => {
    expect(supergraph).toContain('@listSize(');
    expect(supergraph).toMatch(/@cost\(weight: 5\)/);
    expect(supergraph).toMatch(/node\([^)]*\): Node[^\n]*@inaccessible/s);
  });
});
