import { authProblems, isLoopbackHost, toAuthConfig } from './auth-source.ts';
import type { Config } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { historyProblems, toHistory } from './history-settings.ts';
import { metricsProblems, toMetrics } from './metrics-settings.ts';
import { readPersistedOperations } from './persisted-source.ts';
import { hasCredentials, providerProblems } from './provider-variables.ts';
import { connectedSources, providerVariables, toSources } from './providers.ts';
import { readRedisServer } from './redis-source.ts';
import { toTraces, tracesProblems } from './traces-settings.ts';
import { variables } from './variables.ts';
import { toWebhooks } from './webhook-settings.ts';

/** Variables whose values may be repeated in messages; no others may. */
const namesShown: ReadonlySet<string> = new Set([
  'HOST',
  'CORS_ORIGINS',
  'COMPILED_EXECUTION',
  'DASHBOARD',
  'EXPLORER',
  'INTROSPECTION',
  'MCP',
  'MCP_OPERATIONS',
  'AUTH',
  'CACHE_CONTROL_SCOPE',
  'PERSISTED_OPERATIONS',
  'AUTH_JWT_TOLERANCE_SECONDS',
  'AUTH_JWT_ALGORITHMS',
  'AUTH_FORWARDED_FROM',
  'AUTH_FORWARDED_SUBJECT_HEADER',
  'AUTH_FORWARDED_SCOPES_HEADER',
  'AUTH_FORWARDED_ACCOUNTS_HEADER',
  'PORT',
  'LOG_LEVEL',
  'REQUEST_TIMEOUT_MS',
  'MAX_UPSTREAM_CALLS_PER_OPERATION',
  'MAX_CONCURRENT_OPERATIONS',
  'MAX_REQUESTS_PER_MINUTE',
  'MAX_FAILED_CREDENTIALS_PER_MINUTE',
  'TRUSTED_PROXIES',
  'UPSTREAM_HTTP_CLIENT',
  'UPSTREAM_MAX_CONNECTIONS',
  'BALANCE_MAX_AGE_SECONDS',
  'TRANSACTION_MAX_AGE_SECONDS',
  'ACCOUNT_MAX_AGE_SECONDS',
  'STALE_MAX_AGE_SECONDS',
  'STALE_AFTER_MS',
  'MEMORY_MAX_BYTES',
  'LIVE_BUDGET_SHARE',
  'LIVE_INTERVAL_MIN_SECONDS',
  'MAX_SUBSCRIPTIONS',
  'MAX_SUBSCRIPTIONS_PER_CALLER',
  'SUBSCRIPTION_CALLBACK_HOSTS',
  'REDIS_TIMEOUT_MS',
  'REPLICAS',
  'SANDBOX_ACTIVITY',
  ...providerVariables.flatMap(({ namesShown }) => namesShown),
  'HISTORY_DAYS',
  'HISTORY_SAMPLE',
  'METRICS',
  'METRICS_PORT',
  'SHUTDOWN_DELAY_MS',
]);

// A longer value is not a typing mistake but something pasted into the wrong variable.
const lengthShownMax = 24;

/**
 * Reads the configuration from environment variables (docs/configuration.md). A variable set to the empty
 * string counts as not set. Throws `ConfigError` with every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = withoutEmpty(env);
  const parsed = variables.safeParse(given);
  const { persisted, problems: persistedProblems } = readPersistedOperations(given);
  const redis = readRedisServer(given);
  const problems: ConfigProblem[] = [
    ...redis.problems,
    ...providerProblems(providerVariables, given),
    ...authProblems(given),
    ...persistedProblems,
    ...historyProblems(given),
    ...metricsProblems(given),
    ...tracesProblems(given),
  ];
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push({ name, problem: `${issue.message}${shownValue(name, given[name])}` });
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  const sources = toSources(
    values,
    providerVariables.some((provider) => hasCredentials(provider, given)),
  );
  const isLiveData = connectedSources(sources).some(
    ({ source }) => source.mode === 'remote' && source.environment === 'PRODUCTION',
  );
  // With live data, or on an address that others can reach, development features are off.
  const isDevelopment = isLoopbackHost(values.HOST) && !isLiveData;
  const explorer = values.EXPLORER ?? (isDevelopment && persisted.mode !== 'only');
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    upstreamCallsPerOperationMax: values.MAX_UPSTREAM_CALLS_PER_OPERATION,
    concurrentOperationsMax: values.MAX_CONCURRENT_OPERATIONS,
    upstreamHttpClient: values.UPSTREAM_HTTP_CLIENT,
    upstreamConnectionsMax: values.UPSTREAM_MAX_CONNECTIONS,
    queryLimits: {
      length: values.MAX_QUERY_LENGTH,
      tokens: values.MAX_QUERY_TOKENS,
      fragments: values.MAX_QUERY_FRAGMENTS,
      directives: values.MAX_QUERY_DIRECTIVES,
      directivesPerLocation: values.MAX_QUERY_DIRECTIVES_PER_LOCATION,
      aliases: values.MAX_QUERY_ALIASES,
      depth: values.MAX_QUERY_DEPTH,
      breadth: values.MAX_QUERY_BREADTH,
      fields: values.MAX_QUERY_FIELDS,
      listItems: values.MAX_QUERY_LIST_ITEMS,
      cost: values.MAX_QUERY_COST,
    },
    compiledExecution: values.COMPILED_EXECUTION,
    cursorSecret: values.CURSOR_SECRET ?? null,
    dashboard: values.DASHBOARD ?? explorer,
    explorer,
    mcp: (values.MCP ?? explorer) ? { anyOperation: values.MCP_OPERATIONS === 'any' } : null,
    introspection: values.INTROSPECTION ?? isDevelopment,
    corsOrigins: values.CORS_ORIGINS ?? null,
    anyHostName: values.AUTH !== undefined,
    cacheScope: values.CACHE_CONTROL_SCOPE,
    auth: toAuthConfig(values),
    rates: {
      requestsPerMinute: values.MAX_REQUESTS_PER_MINUTE ?? requestsPerMinuteDefault(values.AUTH),
      failedCredentialsPerMinute: values.MAX_FAILED_CREDENTIALS_PER_MINUTE,
    },
    persisted,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    ...sources,
    metrics: toMetrics(values),
    traces: toTraces(given),
    shutdownDelayMs: values.SHUTDOWN_DELAY_MS,
    cache: {
      balanceMaxAgeSeconds: values.BALANCE_MAX_AGE_SECONDS,
      transactionMaxAgeSeconds: values.TRANSACTION_MAX_AGE_SECONDS,
      accountMaxAgeSeconds: values.ACCOUNT_MAX_AGE_SECONDS,
      exchangeRateMaxAgeSeconds: values.EXCHANGE_RATE_MAX_AGE_SECONDS,
      staleMaxAgeSeconds: values.STALE_MAX_AGE_SECONDS,
      staleAfterMs: values.STALE_AFTER_MS,
      bytesMax: values.MEMORY_MAX_BYTES,
    },
    live: {
      budgetShare: values.LIVE_BUDGET_SHARE,
      intervalMinMs: values.LIVE_INTERVAL_MIN_SECONDS * 1_000,
    },
    streams: {
      streamsMax: values.MAX_SUBSCRIPTIONS,
      streamsPerCallerMax: values.MAX_SUBSCRIPTIONS_PER_CALLER ?? streamsPerCallerDefault(values.AUTH),
    },
    callbackHosts: values.SUBSCRIPTION_CALLBACK_HOSTS ?? [],
    webhooks: toWebhooks(values),
    sandboxActivity: values.SANDBOX_ACTIVITY ?? null,
    history: toHistory(values),
    redis: redis.server,
    replicas: values.REPLICAS ?? null,
    redisTimeoutMs: values.REDIS_TIMEOUT_MS,
  };
}

/**
 * Several dashboards with one key send a few hundred requests a minute. Without `AUTH` only this machine can send
 * requests, and needs no limit.
 */
function requestsPerMinuteDefault(auth: string | undefined): number {
  return auth === undefined ? 0 : 1_200;
}

/** More than one person's pages keep open. Without `AUTH` only this machine can subscribe, and needs no limit. */
function streamsPerCallerDefault(auth: string | undefined): number {
  return auth === undefined ? 0 : 100;
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

function shownValue(name: string, value: string | undefined): string {
  if (value === undefined || !namesShown.has(name) || value.length > lengthShownMax) return '';
  return `; it is ${JSON.stringify(value)}`;
}
