import type { Clock } from '../ports/clock.ts';
import type { UpstreamPort } from '../ports/upstream.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';

export { createMemoryTokenVault } from './memory-token-vault.ts';
export { readKey } from './read-key.ts';
export { systemClock } from './system-clock.ts';

export interface UpstreamOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
}

/**
 * The gate every upstream read goes through once. It counts each attempt and is the only layer that repeats
 * reads.
 */
export function createUpstream(options: UpstreamOptions): UpstreamPort {
  const { clock, retry: policy = defaultRetryPolicy, random = Math.random } = options;
  return {
    read(read, context) {
      const { signal, deadlineMs, meter } = context;
      const attempt = async () => {
        meter.calls += 1;
        const asOfMs = clock.now();
        return { value: await read.attempt(signal), asOfMs, staleBecause: null };
      };
      return withRetries(attempt, { signal, deadlineMs }, { clock, random, policy });
    },
  };
}
