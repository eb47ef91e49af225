import { isIP } from 'node:net';
import * as z from 'zod';
import { isHostAndPort } from '../domain/host-list.ts';
import { isAddressRange } from '../domain/ip-address.ts';
import { queryLimitsDefault } from '../domain/query-limits.ts';
import { authKeys } from './auth-keys.ts';
import { secureUrl } from './base-url.ts';
import { logLevels, upstreamHttpClients } from './config.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { areSamples, isHistoryUrl } from './history-settings.ts';
import { providerSchemas } from './providers.ts';
import { onOrOff, plainText, share, text, wholeNumber } from './values.ts';

const authModes = ['none', 'jwt', 'keys', 'forwarded'] as const;
const cacheScopes = ['private', 'public'] as const;
const mcpOperations = ['tools', 'any'] as const;
const persistedModes = ['apq', 'off', 'only'] as const;
const algorithmNames = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
].concat(['ES256', 'ES384', 'ES512', 'EdDSA']);

/** Every environment variable of the gateway, by name, with its valid values and default. */
export const variables = z.object({
  HOST: text('must be an IP address or a host name', isHost).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  LOG_LEVEL: z.enum(logLevels, { error: () => `must be one of ${logLevels.join(', ')}` }).default('info'),
  REQUEST_TIMEOUT_MS: wholeNumber(100, 120_000).default(10_000),
  UPSTREAM_HTTP_CLIENT: z
    .enum(upstreamHttpClients, { error: () => `must be one of ${upstreamHttpClients.join(', ')}` })
    .default('got'),
  UPSTREAM_MAX_CONNECTIONS: wholeNumber(1, 10_000).default(64),
  MAX_UPSTREAM_CALLS_PER_OPERATION: wholeNumber(1, 10_000).default(100),
  MAX_QUERY_LENGTH: wholeNumber(1_000, 1_000_000).default(queryLimitsDefault.length),
  MAX_CONCURRENT_OPERATIONS: wholeNumber(1, 10_000).default(64),
  MAX_QUERY_TOKENS: wholeNumber(100, 100_000).default(queryLimitsDefault.tokens),
  MAX_QUERY_FRAGMENTS: wholeNumber(0, 10_000).default(queryLimitsDefault.fragments),
  MAX_QUERY_DIRECTIVES: wholeNumber(0, 10_000).default(queryLimitsDefault.directives),
  MAX_QUERY_DIRECTIVES_PER_LOCATION: wholeNumber(0, 1_000).default(queryLimitsDefault.directivesPerLocation),
  MAX_QUERY_ALIASES: wholeNumber(0, 10_000).default(queryLimitsDefault.aliases),
  MAX_QUERY_DEPTH: wholeNumber(1, 100).default(queryLimitsDefault.depth),
  MAX_QUERY_BREADTH: wholeNumber(1, 1_000).default(queryLimitsDefault.breadth),
  MAX_QUERY_FIELDS: wholeNumber(1, 100_000).default(queryLimitsDefault.fields),
  MAX_QUERY_LIST_ITEMS: wholeNumber(1, 100_000).default(queryLimitsDefault.listItems),
  MAX_QUERY_COST: wholeNumber(1, 10_000_000).default(queryLimitsDefault.cost),
  MAX_REQUESTS_PER_MINUTE: wholeNumber(0, 1_000_000).optional(),
  MAX_FAILED_CREDENTIALS_PER_MINUTE: wholeNumber(0, 100_000).default(30),
  TRUSTED_PROXIES: addressRanges().optional(),
  COMPILED_EXECUTION: onOrOff().default(true),
  CURSOR_SECRET: text('must have at least 16 characters', (value) => value.length >= 16).optional(),
  CORS_ORIGINS: text(
    'must be a comma-separated list of origins such as https://dashboard.example, without a path',
    (value) => value.split(',').every(isOrigin),
  )
    .transform((value) => value.split(','))
    .optional(),
  DASHBOARD: onOrOff().optional(),
  EXPLORER: onOrOff().optional(),
  INTROSPECTION: onOrOff().optional(),
  MCP: onOrOff().optional(),
  MCP_OPERATIONS: z.enum(mcpOperations, { error: () => 'must be tools or any' }).default('tools'),
  AUTH: z.enum(authModes, { error: () => `must be one of ${authModes.join(', ')}` }).optional(),
  AUTH_KEYS: authKeys.optional(),
  AUTH_JWKS_URL: secureUrl.optional(),
  AUTH_JWT_SECRET: text('must have at least 32 characters', (value) => value.length >= 32).optional(),
  AUTH_JWT_ISSUER: plainText().optional(),
  AUTH_JWT_AUDIENCE: plainText().optional(),
  AUTH_JWT_TOLERANCE_SECONDS: wholeNumber(0, 300).default(30),
  AUTH_JWT_ALGORITHMS: text(`must be a comma-separated list of ${algorithmNames.join(', ')}`, (value) =>
    value.split(',').every((name) => algorithmNames.includes(name)),
  )
    .transform((value) => value.split(','))
    .optional(),
  AUTH_JWT_ACCOUNTS_CLAIM: plainText().default('accounts'),
  AUTH_FORWARDED_FROM: addressRanges().optional(),
  AUTH_FORWARDED_SUBJECT_HEADER: headerName().default(forwardedHeaders.AUTH_FORWARDED_SUBJECT_HEADER),
  AUTH_FORWARDED_SCOPES_HEADER: headerName().default(forwardedHeaders.AUTH_FORWARDED_SCOPES_HEADER),
  AUTH_FORWARDED_ACCOUNTS_HEADER: headerName().default(forwardedHeaders.AUTH_FORWARDED_ACCOUNTS_HEADER),
  PERSISTED_OPERATIONS: z
    .enum(persistedModes, { error: () => `must be one of ${persistedModes.join(', ')}` })
    .default('apq'),
  PERSISTED_OPERATIONS_MANIFEST: z.string().optional(),
  ...providerSchemas,
  SANDBOX_ACTIVITY: onOrOff().optional(),
  BALANCE_MAX_AGE_SECONDS: wholeNumber(0, 3_600).default(5),
  TRANSACTION_MAX_AGE_SECONDS: wholeNumber(0, 3_600).default(5),
  ACCOUNT_MAX_AGE_SECONDS: wholeNumber(0, 3_600).default(60),
  EXCHANGE_RATE_MAX_AGE_SECONDS: wholeNumber(0, 3_600).default(60),
  STALE_MAX_AGE_SECONDS: wholeNumber(0, 86_400).default(60),
  STALE_AFTER_MS: wholeNumber(10, 120_000).default(500),
  MEMORY_MAX_BYTES: wholeNumber(1_048_576, 999_999_999).default(67_108_864),
  LIVE_BUDGET_SHARE: share().default(0.5),
  LIVE_INTERVAL_MIN_SECONDS: wholeNumber(1, 60).default(5),
  MAX_SUBSCRIPTIONS: wholeNumber(0, 1_000_000).default(10_000),
  MAX_SUBSCRIPTIONS_PER_CALLER: wholeNumber(0, 1_000_000).optional(),
  SUBSCRIPTION_CALLBACK_HOSTS: text(
    'must be a comma-separated list of hosts, with or without a port, such as router.internal:4000',
    (value) => value.split(',').every(isHostAndPort),
  )
    .transform((value) => value.split(','))
    .optional(),
  CACHE_CONTROL_SCOPE: z
    .enum(cacheScopes, { error: () => `must be one of ${cacheScopes.join(', ')}` })
    .default('private'),
  METRICS: onOrOff().optional(),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  SHUTDOWN_DELAY_MS: wholeNumber(0, 60_000).default(0),
  // Validated in traces-settings.ts, because the rules depend on whether they turn traces on.
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.string().optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().optional(),
  OTEL_TRACES_SAMPLER: z.string().optional(),
  OTEL_TRACES_SAMPLER_ARG: z.string().optional(),
  OTEL_PROPAGATORS: z.string().optional(),
  HISTORY_URL: text(
    'must be sqlite: and a path, or a URL such as postgres://user@host/database',
    isHistoryUrl,
  ).optional(),
  HISTORY_DAYS: wholeNumber(1, 36_500).default(400),
  HISTORY_SAMPLE: text(
    'must be accounts, ledgers and an interval from 10s to 24h, such as "UQPAY/*:BANKING,ISSUING every 15m"; several separated by ;',
    areSamples,
  ).optional(),
  // Validated in redis-source.ts, because their rules depend on each other.
  REDIS_URL: z.string().optional(),
  REDIS_KEY_PREFIX: z.string().optional(),
  REDIS_TLS_CA: z.string().optional(),
  REDIS_TIMEOUT_MS: wholeNumber(10, 5_000).default(1_000),
  REPLICAS: wholeNumber(1, 1_000).optional(),
});

export type Variables = z.infer<typeof variables>;

function isOrigin(value: string): boolean {
  return /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;
}

function addressRanges() {
  return text(
    'must be a comma-separated list of IP addresses and networks such as 10.0.0.0/8, none of them everything (/0)',
    (value) => value.split(',').every(isAddressRange),
  ).transform((value) => value.split(','));
}

function headerName() {
  return text('must be the name of a header that has no other meaning, such as x-caller-subject', (value) => {
    return (
      /^x-[a-z0-9-]{1,62}$/i.test(value) &&
      !/^x-(forwarded-(for|host|proto|port)|request-id|upstream-report)$/i.test(value)
    );
  }).transform((value) => value.toLowerCase());
}

function isHost(value: string): boolean {
  return (
    isIP(value) !== 0 || (value.length <= 253 && /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(value))
  );
}
