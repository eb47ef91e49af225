import { type Authenticate, type AuthRules, createAuthenticator, guardGuesses } from '../auth/index.ts';
import type { AuthConfig, Config } from '../config/config.ts';
import { type AddressList, createAddressList } from '../domain/ip-address.ts';
import type { Clock } from '../ports/clock.ts';
import { type AdmitRequest, createMemoryCounter, createRequestRate, type RateLog } from '../rates/index.ts';
import type { FleetParts } from './fleet-parts.ts';

/** What a request passes before its body is read. */
export interface FrontDoor {
  readonly authenticate: Authenticate;
  /** Headers by which it tells callers apart, names in lower case. */
  readonly callerHeaders: readonly string[];
  readonly admit: AdmitRequest;
  readonly trustedProxies: AddressList;
}

export interface FrontDoorOptions {
  /** Where replicas count together; null: this process counts for itself. */
  readonly fleet: FleetParts | null;
  readonly clock: Clock;
  readonly log: RateLog;
}

/** Who may ask and how often, as the configuration wants it. */
export async function openFrontDoor(
  config: Config,
  { fleet, clock, log }: FrontDoorOptions,
): Promise<FrontDoor> {
  const { auth, rates } = config;
  const own = createMemoryCounter();
  const authenticate = await createAuthenticator(toAuthRules(auth, log));
  // Where a router speaks for callers, there is no credential to guess.
  const hasCredentials = auth.mode === 'keys' || auth.mode === 'jwt';
  const hasNames = auth.mode !== 'none';
  const failedPerMinute = rates.failedCredentialsPerMinute;
  const counter = fleet?.openCounter(own) ?? own;
  return {
    authenticate: hasCredentials
      ? guardGuesses(authenticate, { counter, failedPerMinute, clock })
      : authenticate,
    callerHeaders: callerHeadersOf(auth),
    admit: createRequestRate({
      counter,
      perMinute: rates.requestsPerMinute,
      hasNames,
      clock,
      log,
    }),
    trustedProxies: createAddressList(config.trustedProxies),
  };
}

function callerHeadersOf(auth: AuthConfig): readonly string[] {
  if (auth.mode === 'none') return [];
  return auth.mode === 'forwarded' ? Object.values(auth.headers) : ['authorization'];
}

function toAuthRules(auth: AuthConfig, log: RateLog): AuthRules {
  if (auth.mode === 'forwarded') return { ...auth, routers: createAddressList(auth.routers) };
  if (auth.mode === 'jwt') return { ...auth, warn: (fields, message) => log.warn(fields, message) };
  return auth;
}
