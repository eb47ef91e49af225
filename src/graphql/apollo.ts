import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { createAnswerPlugin, type GraphQLLog } from './answer-plugin.ts';
import type { GatewayContext } from './context.ts';
import { toFormattedError } from './errors.ts';
import { createSchema } from './schema.ts';

export interface ApolloOptions {
  /** Whether callers may read the schema. */
  readonly introspection: boolean;
  /** Leaves suggestions ("Did you mean ...") out of validation errors. */
  readonly hideSchemaDetails: boolean;
  readonly log: GraphQLLog;
}

/**
 * The GraphQL server over the subgraph schema. Call `start()` before the first request. Tracing, reporting and
 * cache hints are off: each would wrap every field of every answer.
 */
export function createApollo(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { introspection, hideSchemaDetails, log } = options;
  return new ApolloServer<GatewayContext>({
    schema: createSchema(),
    introspection,
    hideSchemaDetailsFromClientErrors: hideSchemaDetails,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    logger: log,
    formatError: toFormattedError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createAnswerPlugin(log),
    ],
  });
}
