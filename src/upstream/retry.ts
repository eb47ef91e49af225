import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import { attemptsMax } from '../ports/upstream.ts';
import { toAbortFailure } from './abort-failure.ts';
import type { RetryBudget } from './retry-budget.ts';

/** How often failed attempts are retried, and after what delay. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retriesMax: number;
  /** First delay; doubles with each retry. */
  readonly firstDelayMs: number;
  /** Longest delay, including `Retry-After`: a reply that asks for more is not retried. */
  readonly delayMsMax: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  retriesMax: attemptsMax - 1,
  firstDelayMs: 150,
  delayMsMax: 5_000,
};

/** A refusal for too many calls without `Retry-After` waits this many times longer than other failures. */
const rateLimitedFactor = 5;

export interface RetryTools {
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter that spreads the retries of many callers. */
  readonly random: () => number;
  readonly policy: RetryPolicy;
  /** Limits all retries together; absent for rare tasks. */
  readonly budget?: RetryBudget;
}

/** Limits of one retried task. */
export interface RetryBounds {
  readonly signal: CancelSignal;
  /** Epoch milliseconds at which the caller stops waiting, if known. */
  readonly deadlineMs?: number | undefined;
}

/**
 * Runs `attempt`, and retries it at most `retriesMax` times while its failure is retryable: after an exponential delay
 * whose upper half is random, and never before `retryAfterSeconds`. Rejects with the failure at once if the delay would
 * pass `delayMsMax` or the deadline, or if `budget` refuses the retry. Once the signal has aborted, every error becomes
 * the abort's failure.
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
 * Waits until an attempt that failed with `error` may be retried for the `retryNumber`th time (from 1); rejects with
 * the final failure if it may not.
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
  // One refused token fails many calls, and each of them has to be made again, so these retries are free.
  if (error.code !== 'UPSTREAM_AUTH' && budget?.spend() === false) throw error;
  await sleep(clock, delayMs, signal);
  if (signal.aborted) throw toAbortFailure(signal);
}

function mayRetry(error: unknown): error is Failure {
  return error instanceof Failure && error.details.retryable === true && error.details.retriesSpent !== true;
}

function toDelayMs(failure: Failure, retryNumber: number, policy: RetryPolicy, random: () => number): number {
  // The token was replaced before this failure was thrown, so there is nothing to wait for.
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
