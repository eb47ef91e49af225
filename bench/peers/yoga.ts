// A peer: GraphQL Yoga on node:http, with dataloaders. Its caches of parsed and validated documents are on, as they are
// by default.
//   node bench/peers/yoga.ts fresh|cached <upstream base URL>
// `cached` also caches whole answers, with Yoga's own plugin.
import { createServer } from 'node:http';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { issueToken } from '../limit/source.ts';
import { createUndiciSource } from '../limit/undici-source.ts';
import { type BalanceKey, type BalancesKey, createReads, type Reads } from './reads.ts';
import { type PeerContext, resolvers } from './resolvers.ts';
import { typeDefs } from './type-defs.ts';

const [kind = 'fresh', baseUrl = ''] = process.argv.slice(2);
const reads = createReads(createUndiciSource(baseUrl, await issueToken(baseUrl)));

const yoga = createYoga<object, PeerContext>({
  schema: createSchema<PeerContext>({ typeDefs, resolvers }),
  context: () => ({ reads: withLoaders(reads) }),
  graphiql: false,
  // All callers may get every answer, as at the measured gateway.
  plugins: kind === 'cached' ? [useResponseCache({ session: () => null })] : [],
});

/** The same reads, in batches; for one request. */
function withLoaders(plain: Reads): Reads {
  const lists = new DataLoader(
    (keys: readonly BalancesKey[]) => Promise.all(keys.map((key) => plain.balances(key))),
    { cacheKeyFn: ({ ledger, account }) => `${ledger} ${account}` },
  );
  const balances = new DataLoader(
    async (keys: readonly BalanceKey[]) => {
      const [only] = keys;
      // A single balance has its own route, with a shorter reply.
      if (keys.length === 1 && only !== undefined) return [await plain.balance(only)];
      return Promise.all(
        keys.map(async (key) => {
          const { data } = await lists.load(key);
          return (
            data.find(({ currency }) => currency === key.currency) ?? new Error('There is no such balance.')
          );
        }),
      );
    },
    { cacheKeyFn: ({ ledger, account, currency }) => `${ledger} ${account} ${currency}` },
  );
  return { ...plain, balance: (key) => balances.load(key), balances: (key) => lists.load(key) };
}

const server = createServer((request, response) => void yoga(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' ? address?.port : null}\n`);
});
