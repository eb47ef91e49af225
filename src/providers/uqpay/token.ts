import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort, HttpReply } from '../../ports/http.ts';
import {
  type AccessToken,
  afterRefusal,
  type RequestToken,
  TokenBackOff,
  type TokenStore,
} from '../../ports/token-store.ts';
import { currentToken, isTokenText } from '../shared/current-token.ts';
import { parseBody } from '../shared/parse-body.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import { untilAborted } from '../shared/until-aborted.ts';
import type { UqpayCredential, UqpayFamily } from './config.ts';
import { providerName, toRefusal } from './failures.ts';
import { wireToken } from './wire.ts';

/** The token of one credential, as the calls of that credential use it. */
export interface TokenSource {
  /** The token to call with, refreshed when it is about to expire. Nearly every call gets it synchronously. */
  current(signal: CancelSignal): AccessToken | Promise<AccessToken>;
  /** The current token, whether or not it can still be used; null for none. Makes no call. */
  held(): AccessToken | null | Promise<AccessToken | null>;
  /** UQPAY accepted the token on a call of `family`. */
  accepted(token: AccessToken, family: UqpayFamily): void;
  /**
   * UQPAY refused `token` on a call of `family`. True if another token is current now, so that the call may be made
   * again; false if a new token was refused like the old one, so that another would be too.
   */
  renew(token: AccessToken, family: UqpayFamily, signal: CancelSignal): Promise<boolean>;
}

export interface TokenSourceOptions {
  readonly baseUrl: string;
  readonly credential: UqpayCredential;
  /** Digest of the credential. */
  readonly digest: string;
  /** Environment variables that hold the credential, for messages. */
  readonly variables: string;
  readonly http: HttpPort;
  readonly tokenStore: TokenStore;
  readonly clock: Clock;
}

const earlyMs = 5 * 60_000;
/** Refused credentials are not tried again before this, by any process that shares the token store. */
const refusedPauseMs = 30_000;
/** A token endpoint that failed every retry is not called again before this. */
const troubledPauseMs = 5_000;
/** Longest pause a token endpoint can ask for. */
const pauseMsMax = 60_000;
/** A family that also refused a new token may cause the next token request only after this. */
const fruitlessPauseMs: Record<UqpayFamily, number> = {
  banking: 30_000,
  issuing: 30_000,
  payment: 30_000,
  // A 403 of Account Center usually means a missing permission, which no token cures (reference section 2.3).
  accounts: 300_000,
};

/** A source over the token store, so that every token of a credential is requested once and used by all. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { digest, tokenStore, clock } = options;
  /** Set while a failing token endpoint is left alone. */
  let pause: { readonly failure: Failure; readonly untilMs: number } | null = null;
  /** Token requests caused by a refused token, by the family that refused it, until that family accepts a newer one. */
  const unproven = new Map<UqpayFamily, { readonly replaced: string; readonly atMs: number }>();

  const requestOnce: RequestToken = async (signal, refusals) => {
    try {
      return await requestToken(options, signal);
    } catch (error) {
      const isRefused = error instanceof Failure && error.code === 'UPSTREAM_AUTH';
      throw isRefused ? new TokenBackOff(error, clock.now() + refusedPauseMs, refusals + 1) : error;
    }
  };

  async function replaceToken(replaced: AccessToken | null, isEarly = false): Promise<AccessToken> {
    if (pause !== null && clock.now() < pause.untilMs) throw pause.failure.after(pause.untilMs - clock.now());
    try {
      const token = await tokenStore.replace(digest, replaced, requestOnce, isEarly);
      pause = null;
      return token;
    } catch (error) {
      // The token store itself observes the back-off of refused credentials.
      if (error instanceof Failure && error.code !== 'UPSTREAM_AUTH') {
        pause = { failure: error, untilMs: clock.now() + pauseMsAfter(error) };
      }
      throw error;
    }
  }

  function usable(held: AccessToken | null, signal: CancelSignal): AccessToken | Promise<AccessToken> {
    const replace = (replaced: AccessToken | null, isEarly: boolean) =>
      untilAborted(replaceToken(replaced, isEarly), signal);
    return currentToken(held, { earlyMs, clock, signal, replace });
  }

  return {
    held: () => tokenStore.get(digest),
    current(signal) {
      const held = tokenStore.get(digest);
      return held instanceof Promise ? held.then((token) => usable(token, signal)) : usable(held, signal);
    },
    accepted(token, family) {
      tokenStore.accepted?.(digest, token);
      if (unproven.get(family)?.replaced !== token.text) unproven.delete(family);
    },
    async renew(token, family, signal) {
      const current = await tokenStore.get(digest);
      if (current !== null && current.text !== token.text) return true;
      const last = unproven.get(family);
      if (last?.replaced !== token.text) {
        if (last !== undefined && clock.now() < last.atMs + fruitlessPauseMs[family]) return false;
        unproven.set(family, { replaced: token.text, atMs: clock.now() });
      }
      await untilAborted(replaceToken(token), signal).catch((error) => {
        throw afterRefusal(error);
      });
      return true;
    },
  };
}

function pauseMsAfter(failure: Failure): number {
  const askedMs = (failure.details.retryAfterSeconds ?? 0) * 1_000;
  return Math.min(Math.max(troubledPauseMs, askedMs), pauseMsMax);
}

const name = 'UQPAY POST /v1/connect/token';
/**
 * UQPAY answers 400 for a wrong client id, and 403 for wrong credentials, environment or address (reference section
 * 1.2).
 */
const credentialStatuses = [400, 401, 403];
/** Assumed lifetime of a token that seems to have expired already: one of the two clocks is wrong. */
const assumedLifetimeMs = 5 * 60_000;

/** Makes one call to the token endpoint (reference section 1.2). It may end the token before it. */
async function requestToken(options: TokenSourceOptions, signal: CancelSignal): Promise<AccessToken> {
  const { baseUrl, credential, http, clock } = options;
  const reply = await http.send({
    name,
    provider: 'UQPAY',
    method: 'POST',
    url: `${baseUrl}/v1/connect/token`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-client-id': credential.clientId,
      'x-api-key': credential.apiKey,
    },
    body: '{}',
    signal,
  });
  const issuedAtMs = clock.now();
  if (reply.status < 200 || reply.status > 299) throw tokenFailure(reply, options);
  const details = { provider: 'UQPAY', upstreamStatus: reply.status, retryable: false } as const;
  const { auth_token: text, expired_at: expiresAtSecond } = parseShape(
    wireToken,
    parseBody(reply, { name, providerName }, details),
    name,
    details,
  );
  if (!isTokenText(text)) {
    throw shapeFailure(name, 'auth_token', 'expected a token that fits into a header', details);
  }
  const expiresAtMs = expiresAtSecond * 1_000;
  return {
    text,
    issuedAtMs,
    expiresAtMs: expiresAtMs > issuedAtMs ? expiresAtMs : issuedAtMs + assumedLifetimeMs,
  };
}

function tokenFailure(reply: HttpReply, { variables, clock }: TokenSourceOptions): Failure {
  const call = { family: 'banking', name, onBehalfOf: null, nowMs: clock.now() } as const;
  const { failure, isProvidersOwn } = toRefusal(reply, call);
  const isRefusal = credentialStatuses.includes(reply.status) && failure.details.retryable !== true;
  if (!isRefusal || !isProvidersOwn) {
    return failure.at({ provider: 'UQPAY' });
  }
  return new Failure(
    'UPSTREAM_AUTH',
    `UQPAY refused the credentials (HTTP ${reply.status} on the token call). Check ${variables}: both belong to the ` +
      'environment of UQPAY_BASE_URL, and the IP allow-list of the key includes this machine.',
    { provider: 'UQPAY', upstreamStatus: reply.status, retryable: false },
  );
}
