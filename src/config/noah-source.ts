import type * as z from 'zod';
import { baseUrl, isThisMachine } from './base-url.ts';
import type { ConfigProblem } from './config-error.ts';
import { noahSigningKey } from './noah-signing-key.ts';
import { noahWebhookKeys } from './noah-webhook-keys.ts';
import type { EmbeddedSource, ProviderVariables, RemoteSource } from './provider-variables.ts';
import { callsPerMinute, headerText } from './values.ts';

/** Where NOAH's data comes from. */
export type NoahSource = EmbeddedSource | RemoteNoah;

interface RemoteNoah extends RemoteSource {
  readonly apiKey: string;
  /** EC private key (PEM); null for a sandbox API key that was created without one. */
  readonly signingKeyPem: string | null;
}

/** NOAH's test system (reference section 1). */
const noahSandboxUrl = 'https://api.sandbox.noah.com/v1';
const productionHost = 'api.noah.com';
/** The environment part of API keys, by NOAH's own hosts (reference sections 1 and 2). */
const keyWordOfHost: Readonly<Record<string, string>> = {
  [new URL(noahSandboxUrl).hostname]: 'sandbox',
  [productionHost]: 'prod',
};

/** A host name with a trailing dot is the same host. */
const keyWordOf = (hostname: string) => keyWordOfHost[hostname.replace(/\.$/, '')];

/** NOAH's variables, by name. */
export const noahSchema = {
  NOAH_BASE_URL: baseUrl({
    example: noahSandboxUrl,
    pathProblem: ({ hostname, pathname }) =>
      keyWordOf(hostname) !== undefined && pathname.replace(/\/+$/, '') !== '/v1'
        ? `must end with /v1 for NOAH's own hosts: https://${hostname}/v1`
        : null,
  }).default(noahSandboxUrl),
  NOAH_API_KEY: headerText().optional(),
  NOAH_SIGNING_KEY: noahSigningKey.optional(),
  NOAH_RATE_LIMIT_PER_MINUTE: callsPerMinute().optional(),
  NOAH_WEBHOOK_PUBLIC_KEY: noahWebhookKeys.optional(),
};
type NoahValues = z.infer<z.ZodObject<typeof noahSchema>>;

export const noahVariables: ProviderVariables = {
  code: 'NOAH',
  name: 'NOAH',
  tokenCallsPerMinute: null,
  names: Object.keys(noahSchema),
  sets: [],
  credentials: ['NOAH_API_KEY', 'NOAH_SIGNING_KEY'],
  remedy: 'NOAH_API_KEY',
  embeddedNames: ['NOAH_RATE_LIMIT_PER_MINUTE', 'NOAH_WEBHOOK_PUBLIC_KEY'],
  namesShown: ['NOAH_RATE_LIMIT_PER_MINUTE'],
  problems: credentialProblems,
};

/**
 * Checks NOAH's credentials against the base URL; repeats no value. Keys have the form `<type>_<env>_<key>` (reference
 * section 2); hosts that are not NOAH's own may use any key.
 */
function credentialProblems(env: Readonly<Record<string, string>>): ConfigProblem[] {
  const { NOAH_API_KEY: apiKey, NOAH_SIGNING_KEY: signingKey } = env;
  if (apiKey === undefined) {
    const problem = 'is not set, but NOAH_SIGNING_KEY is; NOAH requires the API key too';
    return signingKey === undefined ? [] : [{ name: 'NOAH_API_KEY', problem }];
  }
  const url = noahSchema.NOAH_BASE_URL.safeParse(env.NOAH_BASE_URL);
  const hostname = url.success ? new URL(url.data).hostname : '';
  const word = keyWordOf(hostname);
  if (word === undefined) return [];
  const [, found] = /^[^_]+_([^_]+)_.+$/.exec(apiKey) ?? [];
  const problems: ConfigProblem[] = [];
  if (found !== word) {
    const problem = `is not a key for the environment of NOAH_BASE_URL: keys for ${hostname} start with apikey_${word}_`;
    problems.push({ name: 'NOAH_API_KEY', problem });
  }
  if (word === 'prod' && signingKey === undefined) {
    problems.push({
      name: 'NOAH_SIGNING_KEY',
      problem: `is not set: ${hostname} accepts signed requests only`,
    });
  }
  return problems;
}

/** The real NOAH, from valid variables; null without credentials. */
export function toNoahSource(given: NoahValues): NoahSource | null {
  const { NOAH_BASE_URL: url, NOAH_API_KEY: apiKey, NOAH_SIGNING_KEY: signingKeyPem } = given;
  if (apiKey === undefined) return null;
  return {
    mode: 'remote',
    baseUrl: url,
    environment: noahEnvironment(url),
    apiKey,
    signingKeyPem: signingKeyPem ?? null,
    rateLimitPerMinute: given.NOAH_RATE_LIMIT_PER_MINUTE ?? null,
  };
}

/** The embedded sandbox. */
export function toEmbeddedNoah(given: NoahValues): NoahSource {
  return { mode: 'embedded', rateLimitPerMinute: given.NOAH_RATE_LIMIT_PER_MINUTE ?? null };
}

/** An unknown host counts as production, to be safe. */
function noahEnvironment(url: string): 'SANDBOX' | 'PRODUCTION' {
  const { hostname } = new URL(url);
  return keyWordOf(hostname) === 'sandbox' || isThisMachine(hostname) ? 'SANDBOX' : 'PRODUCTION';
}
