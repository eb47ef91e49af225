import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How often and how long failed attempts are repeated. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retriesMax: number;
  /** First delay; doubles with each retry. */
  readonly firstDelayMs: number;
  /** Longest delay, `Retry-After` included: whoever asks for more gets no retry. */
  readonly delayMsMax: number;
}

export const defaultRetryPolicy: RetryPolicy = { retriesMax: 2, firstDelayMs: 150, delayMsMax: 5_000 };

/** A limiter that names no time is given this much more than other troubles. */
const rateLimitedFactor = 5;

export interface RetryTools {
  readonly clock: Clock;
  /** Uniform in [0, 1); spreads the retries of many callers. */
  readonly random: () => number;
  readonly policy: RetryPolicy;
  /** Bounds the retries of everybody together; absent for tasks that are rare. */
  readonly budget?: RetryBudget;
}

/** What bounds one retried task. */
export interface RetryBounds {
  readonly signal: CancelSignal;
  /** Epoch milliseconds at which the caller stops waiting, where that is known. */
  readonly deadlineMs?: number | undefined;
}

/**
 * Runs `attempt` and, while its failure says that another attempt may help, again: at most `retriesMax` times,
 * after an exponential delay of which the upper half is random, never before `retryAfterSeconds`. A delay beyond
 * `delayMsMax` or the deadline ends it at once with the failure. Anything thrown after the signal was aborted
 * becomes what the abort means. `budget` may refuse a retry; then the failure stands.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  bounds: RetryBounds,
  tools: RetryTools,
): Promise<T> {
  for (let retryNumber = 1; ; retryNumber += 1) {
    if (bounds.signal.aborted) throw toAbortFailure(bounds.signal);
    try {
      return await attempt();
    } catch (error) {
      await waitForRetry(error, retryNumber, bounds, tools);
    }
  }
}

/**
 * Waits until an attempt that failed with `error` may be made again, for the `retryNumber`th time (from 1); rejects with
 * what the failure means in the end when it may not.
 */
export async function waitForRetry(
  error: unknown,
  retryNumber: number,
  { signal, deadlineMs = Number.POSITIVE_INFINITY }: RetryBounds,
  { clock, random, policy, budget }: RetryTools,
): Promise<void> {
  if (signal.aborted) throw toAbortFailure(signal);
  if (!mayRetry(error) || retryNumber > policy.retriesMax) throw error;
  const delayMs = toDelayMs(error, retryNumber, policy, random);
  if (delayMs > policy.delayMsMax || clock.now() + delayMs >= deadlineMs) throw error;
  // A refused token is one trouble however many calls it met, and every call has to be made again.
  if (error.code !== 'UPSTREAM_AUTH' && budget?.spend() === false) throw error;
  await sleep(clock, delayMs, signal);
  if (signal.aborted) throw toAbortFailure(signal);
}

function mayRetry(error: unknown): error is Failure {
  return error instanceof Failure && error.details.retryable === true && error.details.retriesSpent !== true;
}

function toDelayMs(failure: Failure, retryNumber: number, policy: RetryPolicy, random: () => number): number {
  // A refused token is replaced before the failure is thrown: waiting would gain nothing.
  if (failure.code === 'UPSTREAM_AUTH') return 0;
  const factor = failure.code === 'UPSTREAM_RATE_LIMITED' ? rateLimitedFactor : 1;
  const fullMs = Math.min(policy.firstDelayMs * factor * 2 ** (retryNumber - 1), policy.delayMsMax);
  const jittered = Math.round((fullMs * (1 + random())) / 2);
  return Math.max(jittered, (failure.details.retryAfterSeconds ?? 0) * 1_000);
}

async function sleep(clock: Clock, delayMs: number, signal: CancelSignal): Promise<void> {
  if (delayMs === 0) return;
  try {
    await clock.sleep(delayMs, signal);
  } catch (error) {
    throw signal.aborted ? toAbortFailure(signal) : error;
  }
}
