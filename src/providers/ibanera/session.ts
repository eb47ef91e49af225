import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import {
  type AccessToken,
  afterRefusal,
  type RequestToken,
  TokenBackOff,
  type TokenStore,
} from '../../ports/token-store.ts';
import { currentToken } from '../shared/current-token.ts';
import { untilAborted } from '../shared/until-aborted.ts';
import { type LoginOptions, logIn, RefusedLogin } from './login.ts';
import type { OneTimeCodes } from './one-time-codes.ts';

/** The access token of one credential, and the logins that obtain it. */
export interface Session {
  /** A token to call with; logs in if there is none. */
  current(call: SessionCall): Promise<AccessToken>;
  /** Ibanera accepted the token. */
  accepted(token: AccessToken, call: SessionCall): void;
  /**
   * Ibanera refused `token`, with `failure`. True if another token is current now; false if a new token was refused
   * like the old one, so that another would be too.
   */
  renew(token: AccessToken, failure: Failure, call: SessionCall): Promise<boolean>;
}

/**
 * A call that needs a token. If no login can be made before its deadline, it fails at once with the reason, and the
 * login continues for later callers.
 */
export interface SessionCall {
  /** Routes that are permitted or forbidden together. */
  readonly kind: string;
  readonly signal: CancelSignal;
  /** When the caller stops waiting, epoch milliseconds. */
  readonly deadlineMs: number;
}

export interface SessionOptions extends LoginOptions {
  /** Digest of the credential. */
  readonly digest: string;
  readonly tokenStore: TokenStore;
  readonly codes: OneTimeCodes;
}

const earlyMs = 30_000;
/** Too many refused logins lock the account for ten minutes (reference section 2.1). */
const lockMs = 10 * 60_000;

/**
 * A session over the token store. A login is never repeated: the next one is made in a later step of the one-time
 * codes, and after a second refusal only ten minutes later.
 */
export function createSession(options: SessionOptions): Session {
  const { digest, tokenStore, codes, clock } = options;
  /** Logins that a refused token caused, by kind of call, until that kind accepts the new token. */
  const unproven = new Map<string, { readonly replaced: string; readonly atMs: number }>();

  const logInOnce: RequestToken = async (signal, refusals) => {
    try {
      return await codes.send(signal, (code) => logIn(code.text, options, signal));
    } catch (error) {
      throw toBackOff(error, refusals);
    }
  };

  /** After any error, the next login is made in a later step of the one-time codes, or after the lock. */
  function toBackOff(error: unknown, refusals: number): unknown {
    const nextStepMs = clock.now() + codes.secondsToNextStep() * 1_000;
    if (error instanceof RefusedLogin) {
      const isLast = error.isPermanent || refusals > 0;
      return new TokenBackOff(error.failure, isLast ? clock.now() + lockMs : nextStepMs, refusals + 1);
    }
    return error instanceof Failure
      ? new TokenBackOff(error.at({ provider: 'IBANERA' }), nextStepMs, refusals)
      : error;
  }

  function tooSoon(): Failure {
    return new Failure(
      'UPSTREAM_AUTH',
      'Ibanera ended the token right after the login. The next login is made in a later step of the one-time codes. ' +
        'Check that nothing else logs in with these credentials.',
      {
        ...{ provider: 'IBANERA', retryable: true, retriesSpent: true },
        retryAfterSeconds: codes.secondsToNextStep(),
      },
    );
  }

  const isOfThisStep = (token: AccessToken) => codes.stepAt(token.issuedAtMs) >= codes.step();

  async function replace(
    replaced: AccessToken | null,
    { signal, deadlineMs }: SessionCall,
    isEarly = false,
  ): Promise<AccessToken> {
    // Checked before the token store is asked: a login that is not made is neither counted nor charged.
    if (replaced !== null && isOfThisStep(replaced)) throw tooSoon();
    const blockedBy = codes.blockedBy(deadlineMs);
    const login = tokenStore.replace(digest, replaced, logInOnce, isEarly);
    if (blockedBy === null) return untilAborted(login, signal);
    login.catch(() => {});
    throw blockedBy;
  }

  return {
    async current(call) {
      return await currentToken(await tokenStore.get(digest), {
        ...{ earlyMs, clock, signal: call.signal },
        replace: (replaced, isEarly) => replace(replaced, call, isEarly),
      });
    },
    accepted(token, { kind }) {
      tokenStore.accepted?.(digest, token);
      if (unproven.get(kind)?.replaced !== token.text) unproven.delete(kind);
    },
    async renew(token, failure, call) {
      const current = await tokenStore.get(digest);
      if (current !== null && current.text !== token.text) return true;
      const last = unproven.get(call.kind);
      if (last !== undefined && last.replaced !== token.text && clock.now() < last.atMs + lockMs)
        return false;
      // A 403 does not mean that a fresh token has ended: a permission is missing.
      if (failure.code === 'UPSTREAM_FORBIDDEN' && isOfThisStep(token)) return false;
      unproven.set(call.kind, { replaced: token.text, atMs: clock.now() });
      await replace(token, call).catch((error) => {
        throw afterRefusal(error);
      });
      return true;
    },
  };
}
