import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { createAgeHooks } from './age-hooks.ts';
import { createAnswerHooks, type GraphQLLog } from './answer-hooks.ts';
import { createExecution } from './apollo-execution.ts';
import type { Explainer, GatewayContext } from './context.ts';
import { createDocumentHooks } from './document-hooks.ts';
import { toFormattedError } from './errors.ts';
import type { ExecutionOptions } from './execution/index.ts';
import { createExplainer } from './explain/index.ts';
import { type QueryLimits, queryLimitsDefault } from './limits/index.ts';
import { createLimitsHooks } from './limits-hooks.ts';
import { noSchemaReading } from './no-schema-reading.ts';
import { createOperationHooks } from './operation-hooks.ts';
import { createParsedDocuments } from './parsed-documents.ts';
import { createPersistedTexts, noPersistedTexts } from './persisted-texts.ts';
import { createRequestPlugin, type RequestHooks } from './request-plugin.ts';
import { fieldPlans } from './resolvers/plans.ts';
import { createSafelist, createSafelistPlugin, type ListedOperation } from './safelist-plugin.ts';
import { createSchema } from './schema.ts';

export interface ApolloOptions {
  /** Whether callers may read the schema, by introspection or as SDL. */
  readonly introspection: boolean;
  /** Leaves suggestions ("Did you mean ...") out of errors. */
  readonly hideSchemaDetails: boolean;
  /** The most that one operation may ask for; what is left out keeps its default. */
  readonly limits?: Partial<QueryLimits>;
  /** Whether operations can be asked for by hash (`apq`, the default), or only listed ones run. */
  readonly persisted?: PersistedOperations;
  /** What compiles operations, and when; without a compiler graphql-js runs all of them. */
  readonly execution?: ExecutionOptions;
  /** Whose caches may keep an answer; default `private`. */
  readonly cacheScope?: 'private' | 'public';
  readonly log: GraphQLLog;
}

/** Operations that callers can ask for by their hash, or have to. */
export type PersistedOperations =
  | { readonly mode: 'off' | 'apq' }
  | { readonly mode: 'only'; readonly operations: readonly ListedOperation[] };

/** What Apollo Server puts before a hash in the cache of persisted texts. */
const apqPrefix = 'apq:';

/** Validation stops here: nobody mends more at once, and finding the line of each takes reading the whole document. */
const validationErrorsMax = 5;

/**
 * The GraphQL server over the subgraph schema. Call `start()` before the first request. Tracing, reporting and
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
    // Our own rule says it in words that fit, and keeps the SDL back as well.
    introspection: true,
    validationRules: introspection ? [] : [noSchemaReading],
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    parseOptions: { maxTokens: limits.tokens },
    // Suggestions are not made, rather than taken out again: comparing names costs as much as they are long.
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

/** Gives requests what plans operations. */
function createExplainHooks(explainer: Explainer): RequestHooks {
  return {
    didResolveOperation({ contextValue }) {
      contextValue.explainer = explainer;
      return undefined;
    },
  };
}
