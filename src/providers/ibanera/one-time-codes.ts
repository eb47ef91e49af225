import { Secret, TOTP } from 'otpauth';
import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure, wholeSeconds } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/** A code and the 30-second step in which it is valid. */
export interface OneTimeCode {
  readonly text: string;
  readonly step: number;
  /** Whether an earlier request was sent with the same code. */
  readonly isReused: boolean;
}

/**
 * The one-time codes of one credential. It is not documented whether a code may be used twice (reference section 2.2).
 * Requests share a code until a reused one is refused; then they go one by one until it is clear why.
 */
export interface OneTimeCodes {
  /**
   * Sends a request with the current code. While codes are treated as single-use, requests are sent one after the
   * other, each in a step whose code is unused.
   */
  send<T>(signal: CancelSignal, request: (code: OneTimeCode) => Promise<T>): Promise<T>;
  /**
   * The failure for a caller whose deadline, epoch milliseconds, passes before its request can be sent; null if it can
   * be sent in time. It is the refusal that made requests wait, if there was one.
   */
  blockedBy(deadlineMs: number): Failure | null;
  /** Ibanera accepted a request with this code and token. */
  taken(code: OneTimeCode, tokenText: string): void;
  /**
   * Ibanera refused one, with `failure`. True if the reuse may be the reason, so that an unused code is worth trying.
   */
  refused(code: OneTimeCode, tokenText: string, failure: Failure): boolean;
  /** Number of the current step. */
  step(): number;
  /** Number of the step that contains a time, epoch milliseconds. */
  stepAt(atMs: number): number;
  /** Seconds until the next step begins, at least 1. */
  secondsToNextStep(): number;
}

const stepMs = 30_000;
/** Most requests that wait: ten minutes' worth, which is longer than any caller waits. */
const waitingMax = 20;

/**
 * Codes by RFC 6238 with SHA-1, 6 digits, 30 seconds (reference section 2.2). Throws TypeError naming
 * IBANERA_TOTP_SECRET if the secret is not base32.
 */
export function createOneTimeCodes(totpSecret: string, isSingleUse: boolean, clock: Clock): OneTimeCodes {
  const totp = new TOTP({
    algorithm: 'SHA1',
    digits: 6,
    period: stepMs / 1_000,
    secret: parseSecret(totpSecret),
  });
  const stepAt = (atMs: number) => Math.floor(atMs / stepMs);
  const step = () => stepAt(clock.now());
  let reuse: 'unknown' | 'allowed' | 'suspected' | 'refused' = isSingleUse ? 'refused' : 'unknown';
  /** The request that raised the suspicion. */
  let suspect: { readonly tokenText: string; readonly failure: Failure } | null = null;
  let usedStep = -1;
  let waitingCount = 0;
  let lastTurn: Promise<unknown> = Promise.resolve();

  const isShared = () => reuse === 'unknown' || reuse === 'allowed';

  const codeNow = (): OneTimeCode => {
    const timestamp = clock.now();
    const codeStep = stepAt(timestamp);
    const isReused = codeStep <= usedStep;
    usedStep = Math.max(usedStep, codeStep);
    return { text: totp.generate({ timestamp }), step: codeStep, isReused };
  };

  async function sendInUnusedStep<T>(
    signal: CancelSignal,
    request: (code: OneTimeCode) => Promise<T>,
  ): Promise<T> {
    // A timer may fire early.
    while (step() <= usedStep) await clock.sleep((usedStep + 1) * stepMs - clock.now(), signal);
    if (signal.aborted) throw new Failure('CANCELLED', 'The request was cancelled while it waited.');
    return request(codeNow());
  }

  async function sendInTurn<T>(signal: CancelSignal, request: (code: OneTimeCode) => Promise<T>): Promise<T> {
    if (waitingCount >= waitingMax) {
      throw new Failure(
        'UPSTREAM_RATE_LIMITED',
        'Too many requests wait for Ibanera, which takes one in 30 seconds while codes are single-use.',
        { provider: 'IBANERA', retryable: true, retriesSpent: true, retryAfterSeconds: stepMs / 1_000 },
      );
    }
    waitingCount += 1;
    let hasCode = false;
    const turn = lastTurn
      .then(() =>
        sendInUnusedStep(signal, (code) => {
          hasCode = true;
          waitingCount -= 1;
          return request(code);
        }),
      )
      .finally(() => {
        if (!hasCode) waitingCount -= 1;
      });
    lastTurn = turn.catch(() => undefined);
    return untilAborted(turn, signal);
  }

  return {
    send: async (signal, request) => {
      return isShared() ? request(codeNow()) : sendInTurn(signal, request);
    },
    taken(code, tokenText) {
      if (reuse === 'unknown' && code.isReused) reuse = 'allowed';
      if (reuse !== 'suspected' || code.isReused) return;
      // The token that was refused with a reused code is accepted with an unused one: the reuse was the reason.
      reuse = tokenText === suspect?.tokenText ? 'refused' : 'unknown';
    },
    blockedBy(deadlineMs) {
      if (isShared()) return null;
      const firstStep = Math.max(step(), usedStep + 1);
      const sentAtMs = (firstStep + waitingCount) * stepMs;
      if (sentAtMs < deadlineMs || firstStep + waitingCount === step()) return null;
      const retryAfterSeconds = wholeSeconds(sentAtMs - clock.now());
      const known = reuse === 'suspected' && suspect !== null ? suspect.failure : oneAStep();
      const details = { ...known.details, retryable: true, retriesSpent: true, retryAfterSeconds };
      return new Failure(known.code, known.message, details);
    },
    refused(code, tokenText, failure) {
      if (!code.isReused || reuse === 'allowed') return false;
      if (reuse === 'unknown') {
        reuse = 'suspected';
        suspect = { tokenText, failure };
      }
      return true;
    },
    step,
    stepAt,
    secondsToNextStep: () => wholeSeconds((step() + 1) * stepMs - clock.now()),
  };
}

function oneAStep(): Failure {
  return new Failure(
    'UPSTREAM_RATE_LIMITED',
    'Ibanera takes one request in 30 seconds while codes are single-use, and others wait already. Try again later.',
    { provider: 'IBANERA' },
  );
}

function parseSecret(text: string): Secret {
  const letters = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  if (!/^[A-Z2-7]{8,}$/.test(letters)) {
    throw new TypeError(
      'IBANERA_TOTP_SECRET must be base32: at least 8 of the letters A to Z and digits 2 to 7',
    );
  }
  return Secret.fromBase32(letters);
}
