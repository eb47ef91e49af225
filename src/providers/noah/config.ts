import type { ProviderEnvironment } from '../../domain/vocabulary.ts';

export interface NoahConfig {
  /** API base including `/v1`, without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** EC private key (PEM) whose public half NOAH knows; null for a sandbox key without one. */
  readonly signingKeyPem: string | null;
  readonly environment: ProviderEnvironment;
}

/** The word for the environment in a key, by the API's own hosts (reference sections 1 and 2). */
const keyWordOfHost: Readonly<Record<string, string>> = {
  'api.sandbox.noah.com': 'sandbox',
  'api.noah.com': 'prod',
};

/**
 * What is wrong with the credentials for this address, as a sentence that names the variables and holds no
 * value; null when nothing is. Keys read `<type>_<env>_<key>` (reference section 2); hosts that are not NOAH's
 * own take any key.
 */
export function noahCredentialProblem({
  baseUrl,
  apiKey,
  signingKeyPem,
}: Pick<NoahConfig, 'baseUrl' | 'apiKey' | 'signingKeyPem'>): string | null {
  const { hostname } = new URL(baseUrl);
  const word = keyWordOfHost[hostname];
  if (word === undefined) return null;
  const [, found] = /^[^_]+_([^_]+)_.+$/.exec(apiKey) ?? [];
  if (found !== word) {
    return `NOAH_API_KEY is not a key for the environment of NOAH_BASE_URL: keys for ${hostname} start with apikey_${word}_`;
  }
  if (word === 'prod' && signingKeyPem === null) {
    return `NOAH_SIGNING_KEY is missing: ${hostname} takes signed requests only`;
  }
  return null;
}
