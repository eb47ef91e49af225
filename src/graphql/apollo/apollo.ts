import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Explainer, GatewayContext } from '../context.ts';
import { toFormattedError } from '../errors.ts';
import type { ExecutionOptions } from '../execution/index.ts';
import { createExplainer } from '../explain/index.ts';
import { type QueryLimits, queryLimitsDefault } from '../limits/index.ts';
import { fieldPlans } from '../resolvers/plans.ts';
import { createSchema } from '../schema.ts';
import { createAgeHooks } from './age-hooks.ts';
import { createAnswerHooks, type GraphQLLog } from './answer-hooks.ts';
import { createExecution } from './apollo-execution.ts';
import { createDocumentHooks } from './document-hooks.ts';
import { createLimitsHooks } from './limits-hooks.ts';
import { noSchemaReading } from './no-schema-reading.ts';
import { createOperationHooks } from './operation-hooks.ts';
import { createParsedDocuments } from './parsed-documents.ts';
import { createPersistedTexts, noPersistedTexts } from './persisted-texts.ts';
import { createRequestPlugin, type RequestHooks } from './request-plugin.ts';
import { createSafelist, createSafelistPlugin, type ListedOperation } from './safelist-plugin.ts';

export interface ApolloOptions {
  /** Whether callers may read the schema, by introspection or as SDL. */
  readonly introspection: boolean;
  /** Whether errors omit suggestions ("Did you mean ..."). */
  readonly hideSchemaDetails: boolean;
  /** The most that one operation may ask for; anything left out keeps its default. */
  readonly limits?: Partial<QueryLimits>;
  /** Whether callers can send operations by hash (`apq`, the default), or only listed operations run (`only`). */
  readonly persisted?: PersistedOperations;
  /** How and when operations are compiled; without a compiler graphql-js runs all of them. */
  readonly execution?: ExecutionOptions;
  /** Which HTTP caches may store an answer; default `private`. */
  readonly cacheScope?: 'private' | 'public';
  readonly log: GraphQLLog;
}

/** Persisted operations: none, those that callers register by hash, or only those of a list. */
export type PersistedOperations =
  | { readonly mode: 'off' | 'apq' }
  | { readonly mode: 'only'; readonly operations: readonly ListedOperation[] };

/** The prefix that Apollo Server puts before a hash in the cache of persisted texts. */
const apqPrefix = 'apq:';

/**
 * Validation stops after this many errors: more are never fixed at once, and finding the line of each one means scanning
 * the whole document.
 */
const validationErrorsMax = 5;

/**
 * Creates the GraphQL server over the subgraph schema. Call `start()` before the first request. Tracing, reporting and
 * cache hints are off: each would wrap every field of every answer.
 */
export function createApollo(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { introspection, hideSchemaDetails, log, persisted = { mode: 'apq' } } = options;
  const limits = { ...queryLimitsDefault, ...options.limits };
  const schema = createSchema();
  const execution = createExecution(schema, options.execution, log);
  const texts = persisted.mode === 'apq' ? createPersistedTexts() : noPersistedTexts;
  const listed = persisted.mode === 'only' ? createSafelist(persisted.operations) : null;
  const explainer = createExplainer({
    rules: { schema, limits, introspection, hideSuggestions: hideSchemaDetails },
    plans: fieldPlans,
    textOf: async (hash) => listed?.textOf(hash) ?? texts.get(`${apqPrefix}${hash}`),
    refusalOf: (text) => listed?.refusalOf(text) ?? null,
  });
  return new ApolloServer<GatewayContext>({
    gateway: execution.gateway,
    // `noSchemaReading` gives a clearer error, and also withholds the SDL.
    introspection: true,
    validationRules: introspection ? [] : [noSchemaReading],
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: limits.tokens },
    // Turned off in validation rather than stripped from errors afterwards: comparing names takes time in proportion to
    // their length.
    validationOptions: { maxErrors: validationErrorsMax, hideSuggestions: hideSchemaDetails },
    documentStore: createParsedDocuments(),
    persistedQueries: persisted.mode === 'off' ? false : { cache: texts },
    stopOnTerminationSignals: false,
    logger: log,
    formatError: toFormattedError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...(listed === null ? [] : [createSafelistPlugin(listed)]),
      createRequestPlugin(
        [
          createDocumentHooks(limits),
          createExplainHooks(explainer),
          createLimitsHooks(limits, fieldPlans, hideSchemaDetails),
          createAnswerHooks(log),
          createAgeHooks(options.cacheScope ?? 'private'),
          createOperationHooks(),
        ],
        execution.responseForOperation,
      ),
    ],
  });
}

/** Gives each request the explainer of operations. */
function createExplainHooks(explainer: Explainer): RequestHooks {
  return {
    didResolveOperation({ contextValue }) {
      contextValue.explainer = explainer;
      return undefined;
    },
  };
}
