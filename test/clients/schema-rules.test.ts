// Checks schema.graphql against the rules of GraphQL ESLint: its recommended ones and Relay's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { expect, jest, test } from '@jest/globals';
import { ESLint, type Linter } from 'eslint';
import { buildClientSchema, introspectionFromSchema, printSchema } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';

jest.setTimeout(30_000);

const root = join(import.meta.dirname, '../..');
const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphqlPlugin.configs;

/** Rules whose options differ from those in the sets, and why. */
const adapted: Linter.RulesRecord = {
  // Both styles are in use: one line where the text fits, a block where it does not.
  '@graphql-eslint/description-style': 'off',
  // Connections have `nodes` too, for clients that need no cursor for each item; lists that cannot grow are plain.
  '@graphql-eslint/relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
  // An id is for objects that can be refetched. These are parts of another object, or have a key with another name.
  '@graphql-eslint/strict-id-in-types': [
    'error',
    {
      acceptedIdNames: ['id'],
      acceptedIdTypes: ['ID'],
      exceptions: {
        types: [
          ...['Money', 'PageCursor', 'PageCursors', 'PageInfo', 'Provider', 'SourceReport', 'Viewer'],
          ...['BalanceTotals', 'ConversionLine', 'ExchangeRate', 'ExchangeRateList'],
          ...['ActivityPoint', 'ActivitySeries'],
          ...['BalanceHistory', 'BalancePoint', 'BalanceStatement', 'StatementEntry', 'BalanceCheck'],
          ...['BalancesChanged', 'TransactionsChanged'],
          ...['UpstreamPlan', 'PlanRefusal', 'PlannedBudget'],
        ],
        suffixes: ['Connection', 'Edge', 'Total'],
      },
    },
  ],
};

async function lint(sdl: string): Promise<string[]> {
  // The plugin cannot build a subgraph's schema by itself (@apollo/subgraph 2.15), so it gets the built one.
  const schema = printSchema(buildClientSchema(introspectionFromSchema(createSchema())));
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      languageOptions: {
        parser: graphqlPlugin.parser,
        parserOptions: { graphQLConfig: { schema } },
      },
      // The two packages disagree on the type of a rule's documentation.
      plugins: { '@graphql-eslint': graphqlPlugin as unknown as ESLint.Plugin },
      rules: { ...recommended.rules, ...relay.rules, ...adapted },
    },
  });
  const [result] = await eslint.lintText(sdl, { filePath: join(root, 'schema.graphql') });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const text = readFileSync(join(root, 'schema.graphql'), 'utf8');

test('schema.graphql keeps the recommended rules and those of Relay', async () => {
  expect(await lint(text)).toEqual([
    // Used only by directives on types, which the rule does not examine.
    '@graphql-eslint/no-unreachable-types: Directive `cacheControl` is unreachable.',
    '@graphql-eslint/no-unreachable-types: Enum type `CacheControlScope` is unreachable.',
    // An entry of a statement is a transaction and the balance after it; the transaction is the node to fetch again.
    "@graphql-eslint/relay-edge-types: Edge type's field `node` must implement `Node` interface.",
  ]);
});

test('control: the rules find a violation', async () => {
  const broken = text
    .replace('type TransactionEdge {', 'type TransactionEdge {\n  total_count: Int')
    .replace('  "Position of the page."\n  pageInfo: PageInfo!\n', '');
  expect(await lint(broken)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/naming-convention: .*total_count/),
      expect.stringMatching(/relay-connection-types: .*pageInfo/),
    ]),
  );
});
