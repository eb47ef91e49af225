import type { ProviderCode } from '../domain/vocabulary.ts';
import type { ConfigProblem } from './config-error.ts';
import { nearestName } from './nearest-name.ts';

type Environment = Readonly<Record<string, string>>;

/** The embedded sandbox of a provider. */
export interface EmbeddedSource {
  readonly mode: 'embedded';
  /** Calls per minute that the provider allows one credential; null when no limit is known. */
  readonly rateLimitPerMinute: number | null;
}

/** The real API of a provider. */
export interface RemoteSource {
  readonly mode: 'remote';
  /** API base without a trailing slash, for example `https://api-sandbox.uqpaytech.com/api`. */
  readonly baseUrl: string;
  readonly environment: 'SANDBOX' | 'PRODUCTION';
  readonly rateLimitPerMinute: number | null;
}

/** Where a provider's data comes from. */
export type ProviderSource = EmbeddedSource | RemoteSource;

/** The variables of one provider; their names begin with its code. */
export interface ProviderVariables {
  readonly code: ProviderCode;
  /** Name for display. */
  readonly name: string;
  /** Token requests per minute that the provider states; null when it states no limit or has no tokens. */
  readonly tokenCallsPerMinute: number | null;
  /** All names. */
  readonly names: readonly string[];
  /** Groups of names that must be set together. */
  readonly sets: readonly (readonly string[])[];
  /** Names of which any one, when set, connects this provider. */
  readonly credentials: readonly string[];
  /** What to set to connect it, for messages: `UQPAY_CLIENT_ID and UQPAY_API_KEY`. */
  readonly remedy: string;
  /** Names that also apply to the embedded sandbox. */
  readonly embeddedNames: readonly string[];
  /** Names whose values may be repeated in messages. */
  readonly namesShown: readonly string[];
  /** Further checks of the variables in combination; never repeats a secret. */
  readonly problems?: (env: Environment) => readonly ConfigProblem[];
}

/** Whether a provider has any credential. */
export function hasCredentials({ credentials }: ProviderVariables, env: Environment): boolean {
  return credentials.some((name) => env[name] !== undefined);
}

/** Checks the providers' variables in combination: unknown names, incomplete sets, settings without credentials. */
export function providerProblems(providers: readonly ProviderVariables[], env: Environment): ConfigProblem[] {
  const isEmbedded = !providers.some((provider) => hasCredentials(provider, env));
  return providers.flatMap((provider) => [
    ...unknownNames(provider, env),
    ...halfSets(provider, env),
    ...(hasCredentials(provider, env) ? [] : aimlessNames(provider, env, isEmbedded)),
    ...(provider.problems?.(env) ?? []),
  ]);
}

function unknownNames({ code, names }: ProviderVariables, env: Environment): ConfigProblem[] {
  return Object.keys(env)
    .filter((name) => name.toUpperCase().startsWith(`${code}_`) && !names.includes(name))
    .map((name) => ({
      name,
      problem: `is not a variable of this gateway; did you mean ${nearestName(name.toUpperCase(), names)}?`,
    }));
}

function halfSets({ sets, credentials }: ProviderVariables, env: Environment): ConfigProblem[] {
  return sets.flatMap((set) => {
    const given = set.find((name) => env[name] !== undefined && credentials.includes(name));
    if (given === undefined) return [];
    const whole = set.length === 2 ? 'both or neither' : `all of ${set.join(', ')}, or none`;
    return set
      .filter((name) => env[name] === undefined)
      .map((name) => ({ name, problem: `is not set, but ${given} is; set ${whole}` }));
  });
}

function aimlessNames(provider: ProviderVariables, env: Environment, isEmbedded: boolean): ConfigProblem[] {
  const { names, remedy, embeddedNames } = provider;
  const wayOut = isEmbedded ? ' to use the embedded sandbox' : '';
  return names
    .filter((name) => env[name] !== undefined && !(isEmbedded && embeddedNames.includes(name)))
    .map((name) => ({
      name,
      problem: `is set without credentials; set ${remedy} too, or unset it${wayOut}`,
    }));
}
