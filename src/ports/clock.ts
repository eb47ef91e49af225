import type { CancelSignal } from '../domain/cancellation.ts';

/** Time as the gateway sees it, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}
