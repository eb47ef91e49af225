import type { AuthConfig, Config } from '../config/config.ts';
import { type AddressList, createAddressList } from '../domain/ip-address.ts';
import type { Admission } from '../ports/admission.ts';
import type { Clock } from '../ports/clock.ts';
import { createAdmission } from '../server/admission/index.ts';
import {
  type Authenticate,
  type AuthRules,
  createAuthenticator,
  guardGuesses,
} from '../server/auth/index.ts';
import {
  type AdmitRequest,
  type CallerKey,
  createCallerKey,
  createMemoryCounter,
  createRequestRate,
  type RateLog,
} from '../server/rate-limit/index.ts';
import type { RedisParts } from './redis-parts.ts';

/** The checks that a request passes before its body is read. */
export interface RequestAdmission {
  readonly authenticate: Authenticate;
  /** Headers that identify callers, in lower case. */
  readonly callerHeaders: readonly string[];
  readonly admit: AdmitRequest;
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  readonly trustedProxies: AddressList;
}

export interface RequestAdmissionOptions {
  /** Counters shared by all replicas; null when this process counts on its own. */
  readonly redis: RedisParts | null;
  readonly clock: Clock;
  readonly log: RateLog;
}

/** Sets up authentication, rate limits and admission from the configuration. */
export async function openRequestAdmission(
  config: Config,
  { redis, clock, log }: RequestAdmissionOptions,
): Promise<RequestAdmission> {
  const { auth, rates } = config;
  const own = createMemoryCounter();
  const authenticate = await createAuthenticator(toAuthRules(auth, log));
  // Behind a router that names callers in headers, there is no credential to guess.
  const hasCredentials = auth.mode === 'keys' || auth.mode === 'jwt';
  const callerKey = createCallerKey(auth.mode !== 'none');
  const failedPerMinute = rates.failedCredentialsPerMinute;
  const counter = redis?.openCounter(own) ?? own;
  return {
    authenticate: hasCredentials
      ? guardGuesses(authenticate, { counter, failedPerMinute, clock })
      : authenticate,
    callerHeaders: callerHeadersOf(auth),
    admit: createRequestRate({
      counter,
      perMinute: rates.requestsPerMinute,
      callerKey,
      clock,
      log,
    }),
    admission: createAdmission({ operationsMax: config.concurrentOperationsMax }),
    callerKey,
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
