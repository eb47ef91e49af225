import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, isEnumType, parse } from 'graphql';
import { anonymous } from '../../src/domain/caller.ts';
import { startHttpServer } from '../../src/server/http-server.ts';
import { openAdmission } from '../support/admission.ts';

/**
 * Another team's subgraph: alerts on balances, by `id`, and a risk score on accounts, by the second key. It repeats
 * the enum of that key, because composition requires the same values in both.
 */
export function neighbourSdl(ours: GraphQLSchema): string {
  const providerCode = ours.getType('ProviderCode');
  if (!isEnumType(providerCode)) throw new Error('The schema has no enum ProviderCode.');
  const codes = providerCode.getValues().map(({ name }) => name);
  return `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    enum ProviderCode { ${codes.join(' ')} }
    type Account @key(fields: "providerCode providerAccountId") {
      providerCode: ProviderCode!
      providerAccountId: ID!
      riskScore: Int
    }
    type Balance @key(fields: "id") { id: ID! alertBelow: String }
    type Alert { text: String! balance: Balance account: Account }
    type Query { alerts: [Alert!]! }
  `;
}

/** The result of `alerts`: references, by the keys of our subgraph. */
export interface AlertRow {
  readonly text: string;
  readonly balance?: { readonly id: string };
  readonly account?: { readonly providerCode: string; readonly providerAccountId: string };
}

export interface Neighbour {
  readonly url: string;
  close(): Promise<void>;
}

const quiet = { debug() {}, warn() {}, error() {} };

/** Starts it on a free port of this machine. */
export async function startNeighbour(
  ours: GraphQLSchema,
  alerts: () => readonly AlertRow[],
): Promise<Neighbour> {
  const resolvers = {
    Query: { alerts },
    Account: {
      riskScore: ({ providerAccountId }: { providerAccountId: string }) => providerAccountId.length,
    },
    Balance: { alertBelow: () => '100.00' },
  };
  const schema = buildSubgraphSchema([{ typeDefs: parse(neighbourSdl(ours)), resolvers }]);
  const apollo = new ApolloServer({
    schema,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  await apollo.start();
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    apollo,
    ...openAdmission(),
    authenticate: async () => anonymous,
    createContext: async () => ({}),
    log: quiet,
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      await apollo.stop();
    },
  };
}
