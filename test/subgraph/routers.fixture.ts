import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices as composeByApollo } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { buildHTTPExecutor } from '@graphql-tools/executor-http';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, parse } from 'graphql';
import { anonymous } from '../../src/domain/caller.ts';
import { printSdl } from '../../src/graphql/schema.ts';
import { startHttpServer } from '../../src/server/http-server.ts';
import { openAdmission } from '../support/admission.ts';
import { neighbourSdl } from './neighbour.fixture.ts';

/** One subgraph, as composers need it. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** A router's response, as a client parses it. */
export interface RouterAnswer {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphQLFormattedError[];
}

/** A router that listens on a free port of this machine and forwards `Authorization`. */
export interface Router {
  /** Its GraphQL endpoint. */
  readonly url: string;
  ask(query: string, authorization?: string): Promise<RouterAnswer>;
  close(): Promise<void>;
}

/** A router on npm, and how routers differ for the same responses of the gateway. */
export interface RouterKind {
  readonly name: string;
  /** Composes the services and starts the router in front of them. */
  start(services: Service[]): Promise<Router>;
  /** Whether a reference that is null, below which a non-null field was requested, comes with an error. */
  readonly reportsNullReference: boolean;
  /** Whether an error always survives if its field has data, as for a list with a failed source. */
  readonly keepsErrorBesideData: boolean;
}

/** Each with its own vendor's composer. */
export const routers: readonly RouterKind[] = [
  {
    name: '@apollo/gateway',
    start: startApolloGateway,
    reportsNullReference: false,
    keepsErrorBesideData: true,
  },
  { name: 'Hive Gateway', start: startHiveGateway, reportsNullReference: true, keepsErrorBesideData: false },
];

/** The addresses of the gateway and the other subgraph. */
export function bothServices(ours: GraphQLSchema, gatewayUrl: string, neighbourUrl: string): Service[] {
  return [
    { name: 'balances', url: gatewayUrl, typeDefs: parse(printSdl()) },
    { name: 'alerts', url: neighbourUrl, typeDefs: parse(neighbourSdl(ours)) },
  ];
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export async function startApolloGateway(services: Service[]): Promise<Router> {
  interface Context {
    readonly authorization?: string | undefined;
  }
  const gateway = new ApolloGateway({
    supergraphSdl: composed(composeByApollo(services)),
    logger: silent,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<Context>({
        url,
        willSendRequest({ request, context: { authorization } }) {
          if (authorization !== undefined) request.http?.headers.set('authorization', authorization);
        },
      }),
  });
  const apollo = new ApolloServer<Context>({
    gateway,
    logger: silent,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await apollo.start();
  const server = await startHttpServer<Context>({
    host: '127.0.0.1',
    port: 0,
    apollo,
    ...openAdmission(),
    authenticate: async () => anonymous,
    createContext: async ({ headers }) => ({ authorization: headers.get('authorization') }),
    log: silent,
  });
  return {
    url: server.url,
    ask: (query, authorization) => post(server.url, query, authorization),
    async close() {
      await server.close();
      await apollo.stop();
    },
  };
}

export async function startHiveGateway(services: Service[]): Promise<Router> {
  const runtime = createGatewayRuntime({
    supergraph: composed(composeByTheGuild(services)),
    logging: false,
    // Hive Gateway's HTTP transport comes with its command line. It is this executor, with the router's `fetch`, which adds
    // the forwarded headers.
    transports: {
      http: {
        getSubgraphExecutor: ({ transportEntry: { location = '' }, fetch: send = fetch }) =>
          buildHTTPExecutor({ endpoint: location, fetch: send }),
      },
    },
    propagateHeaders: {
      fromClientToSubgraphs({ request }) {
        const authorization = request.headers.get('authorization');
        return authorization === null ? {} : { authorization };
      },
    },
  });
  const server = createServer(runtime).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    url,
    ask: (query, authorization) => post(url, query, authorization),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await runtime[Symbol.asyncDispose]();
    },
  };
}

function composed(result: { supergraphSdl?: string | undefined }): string {
  if (result.supergraphSdl === undefined) throw new Error('The subgraphs could not be composed.');
  return result.supergraphSdl;
}

async function post(url: string, query: string, authorization?: string): Promise<RouterAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ query }),
  });
  const { data = null, errors = [] } = (await response.json()) as Partial<RouterAnswer>;
  return { data, errors };
}
