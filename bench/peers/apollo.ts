// A peer: Apollo Server as its documentation starts it, with resolvers that read one object at a time, without a
// dataloader.
//   node bench/peers/apollo.ts <upstream base URL>
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { issueToken } from '../limit/source.ts';
import { createUndiciSource } from '../limit/undici-source.ts';
import { createReads } from './reads.ts';
import { type PeerContext, resolvers } from './resolvers.ts';
import { typeDefs } from './type-defs.ts';

const [baseUrl = ''] = process.argv.slice(2);
const reads = createReads(createUndiciSource(baseUrl, await issueToken(baseUrl)));

const { url } = await startStandaloneServer(new ApolloServer<PeerContext>({ typeDefs, resolvers }), {
  context: async () => ({ reads }),
  listen: { port: 0, host: '127.0.0.1' },
});
process.stdout.write(`ready ${url}\n`);
