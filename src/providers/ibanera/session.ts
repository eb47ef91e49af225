import { Failure } from '../../domain/failure.ts';
import type { TokenVault, VaultToken } from '../../ports/token-vault.ts';
import { untilAborted } from '../shared/until-aborted.ts';
import { type LoginOptions, logIn, RefusedLogin } from './login.ts';
import type { OneTimeCodes } from './one-time-codes.ts';

/** The access token of one credential, and the logins that bring it. */
export interface Session {
  /** A token to call with, by a login where there is none. */
  current(signal: AbortSignal): Promise<VaultToken>;
  /** Ibanera took the token. */
  accepted(token: VaultToken): void;
  /**
   * Ibanera refused `token`. True when another one is in force now; false when a new token was refused like the
   * old one, so that another would be too.
   */
  renew(token: VaultToken, signal: AbortSignal): Promise<boolean>;
}

export interface SessionOptions extends LoginOptions {
  /** Digest of the credential. */
  readonly digest: string;
  readonly vault: TokenVault;
  readonly codes: OneTimeCodes;
}

const earlyMs = 30_000;
const earlyShare = 6;
/** Too many refused logins lock the account for ten minutes (reference section 2.1). */
const lockMs = 10 * 60_000;

/**
 * A session over the vault. A login is never repeated: the next one is made in a later step of the one-time
 * codes, and after a second refusal in ten minutes only.
 */
export function createSession(options: SessionOptions): Session {
  const { digest, vault, codes, clock } = options;
  let lastLoginStep = -1;
  let refusedCount = 0;
  let pause: { readonly failure: Failure; readonly untilMs: number } | null = null;
  /** The login that a refused token caused, until its token is taken. */
  let unproven: { readonly replaced: string; readonly atMs: number } | null = null;

  async function logInOnce(signal: AbortSignal): Promise<VaultToken> {
    if (pause !== null && clock.now() < pause.untilMs) throw withTimeLeft(pause.failure, pause.untilMs);
    if (codes.step() <= lastLoginStep) throw tooSoon();
    try {
      const token = await codes.send(signal, (code) => {
        lastLoginStep = code.step;
        return logIn(code.text, options, signal);
      });
      refusedCount = 0;
      pause = null;
      return token;
    } catch (error) {
      throw remember(error);
    }
  }

  function remember(error: unknown): unknown {
    const nextStepMs = clock.now() + codes.secondsToNextStep() * 1_000;
    if (error instanceof RefusedLogin) {
      refusedCount += 1;
      const isLast = error.isStanding || refusedCount > 1;
      pause = { failure: error.failure, untilMs: isLast ? clock.now() + lockMs : nextStepMs };
      return withTimeLeft(error.failure, pause.untilMs);
    }
    if (!(error instanceof Failure)) return error;
    const failure = new Failure(error.code, error.message, {
      ...{ provider: 'IBANERA', ...error.details, retriesSpent: true },
    });
    pause = { failure, untilMs: nextStepMs };
    return failure;
  }

  function withTimeLeft(failure: Failure, untilMs: number): Failure {
    const retryAfterSeconds = Math.ceil((untilMs - clock.now()) / 1_000);
    return new Failure(failure.code, failure.message, { ...failure.details, retryAfterSeconds });
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

  const replace = (replaced: VaultToken | null, signal: AbortSignal) =>
    untilAborted(vault.replace(digest, replaced, logInOnce), signal);

  return {
    async current(signal) {
      const token = await vault.get(digest);
      const nowMs = clock.now();
      if (token === null || nowMs >= token.expiresAtMs) return replace(token, signal);
      if (nowMs < refreshAtMs(token)) return token;
      try {
        return await replace(token, signal);
      } catch (error) {
        // The token still works: trouble at the login is nobody's trouble yet.
        if (signal.aborted || clock.now() >= token.expiresAtMs) throw error;
        return token;
      }
    },
    accepted(token) {
      if (unproven?.replaced !== token.text) unproven = null;
    },
    async renew(token, signal) {
      const current = await vault.get(digest);
      if (current !== null && current.text !== token.text) return true;
      if (unproven !== null && unproven.replaced !== token.text && clock.now() < unproven.atMs + lockMs) {
        return false;
      }
      unproven = { replaced: token.text, atMs: clock.now() };
      await replace(token, signal);
      return true;
    },
  };
}

/** Half a minute before expiry, or with a sixth of a short life left. */
function refreshAtMs(token: VaultToken): number {
  return token.expiresAtMs - Math.min(earlyMs, (token.expiresAtMs - token.mintedAtMs) / earlyShare);
}
