import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type QueryLimits, queryLimitsDefault } from '../limits/index.ts';
import { createAgePlugin } from './age-plugin.ts';
import { createAnswerPlugin, type GraphQLLog } from './answer-plugin.ts';
import type { GatewayContext } from './context.ts';
import { toFormattedError } from './errors.ts';
import { createLimitsPlugin } from './limits-plugin.ts';
import { createOperationPlugin } from './operation-plugin.ts';
import { createSchema } from './schema.ts';
import { createStatusPlugin } from './status-plugin.ts';

export interface ApolloOptions {
  /** Whether callers may read the schema. */
  readonly introspection: boolean;
  /** Leaves suggestions ("Did you mean ...") out of validation errors. */
  readonly hideSchemaDetails: boolean;
  /** The most that one operation may ask for; what is left out keeps its default. */
  readonly limits?: Partial<QueryLimits>;
  readonly log: GraphQLLog;
}

/** Validation stops here: a document with more mistakes is not worth more of our time. */
const validationErrorsMax = 20;

/**
 * The GraphQL server over the subgraph schema. Call `start()` before the first request. Tracing, reporting and
 * cache hints are off: each would wrap every field of every answer.
 */
export function createApollo(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { introspection, hideSchemaDetails, log } = options;
  const limits = { ...queryLimitsDefault, ...options.limits };
  return new ApolloServer<GatewayContext>({
    schema: createSchema(),
    introspection,
    hideSchemaDetailsFromClientErrors: hideSchemaDetails,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: validationErrorsMax },
    stopOnTerminationSignals: false,
    logger: log,
    formatError: toFormattedError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createLimitsPlugin(limits),
      createStatusPlugin(),
      createAnswerPlugin(log),
      createAgePlugin(),
      createOperationPlugin(),
    ],
  });
}
