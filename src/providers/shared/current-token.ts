import type { CancelSignal } from '../../domain/cancellation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccessToken } from '../../ports/token-store.ts';

export interface CurrentTokenOptions {
  /** How long before its expiry a token is replaced; less where its lifetime is short. */
  readonly earlyMs: number;
  readonly clock: Clock;
  readonly signal: CancelSignal;
  /** Replaces a token; `isEarly` says that it still works. */
  readonly replace: (replaced: AccessToken | null, isEarly: boolean) => Promise<AccessToken>;
}

/** A token is replaced early by no more than this part of its lifetime. */
const earlyShare = 1 / 6;

/** The token to call with: `held` while it is fresh, else a new one. Returns a promise only if a token is requested. */
export function currentToken(
  held: AccessToken | null,
  options: CurrentTokenOptions,
): AccessToken | Promise<AccessToken> {
  const nowMs = options.clock.now();
  if (held === null || nowMs >= held.expiresAtMs) return options.replace(held, false);
  const lifetimeMs = held.expiresAtMs - held.issuedAtMs;
  const earlyMs = Math.min(options.earlyMs, lifetimeMs * earlyShare);
  return nowMs < held.expiresAtMs - earlyMs ? held : replacedEarly(held, options);
}

async function replacedEarly(
  held: AccessToken,
  { clock, signal, replace }: CurrentTokenOptions,
): Promise<AccessToken> {
  try {
    return await replace(held, true);
  } catch (error) {
    // The token still works, so trouble at the token endpoint does not matter yet.
    if (signal.aborted || clock.now() >= held.expiresAtMs) throw error;
    return held;
  }
}

/** Whether a text can be sent as a token in a header. */
export function isTokenText(text: string): boolean {
  return /^[\x21-\x7e]{1,8192}$/.test(text);
}
