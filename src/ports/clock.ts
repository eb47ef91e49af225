import type { CancelSignal } from '../domain/cancellation.ts';

/** The gateway's only source of time, so that tests can control it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when the signal aborts first. */
  sleep(ms: number, signal?: CancelSignal): Promise<void>;
}
