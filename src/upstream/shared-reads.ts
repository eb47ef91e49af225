import type { Clock } from '../ports/clock.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';
import { type CacheTtls, isFresh } from './freshness.ts';
import type { Waiters } from './in-flight-reads.ts';
import type { CachedRead, SharedReadCache } from './read-cache.ts';

/** A read that another replica has made, or leave to make it; null where nobody else reads. */
export type ReadLease = { readonly found: CachedRead } | { end(made: CachedRead | null): void } | null;

/** Keeps replicas from making the same read at the same time. */
export interface SharedReads {
  /** What the fleet remembers of a read, however old. */
  find(read: UpstreamRead<unknown>, key: string): Promise<CachedRead | null>;
  /** Waits for this replica's turn. `end` puts down what was read, or that nothing was. */
  acquireLease(
    read: UpstreamRead<unknown>,
    key: string,
    context: ReadContext,
    waiters: Waiters,
  ): null | Promise<ReadLease>;
}

export interface SharedReadsOptions {
  readonly clock: Clock;
  readonly ttls: CacheTtls;
  /** Absent: there is no fleet, and every turn comes at once. */
  readonly sharedCache: SharedReadCache | undefined;
}

/** Longest wait for another replica's read. */
const waitMsMax = 3_000;
/** Left of the caller's time for a read of our own. */
const ownReadMs = 1_000;

const alone: SharedReads = { find: async () => null, acquireLease: () => null };

export function createSharedReads({ clock, ttls, sharedCache: shared }: SharedReadsOptions): SharedReads {
  if (shared === undefined) return alone;
  const keptSeconds = ({ kind }: UpstreamRead<unknown>) =>
    Math.max(ttls.maxAgeSeconds[kind], ttls.staleMaxAgeSeconds);

  return {
    async find(read, key) {
      if (keptSeconds(read) === 0) return null;
      return shared.get(read.identity.credential, key);
    },
    async acquireLease(read, key, context, waiters) {
      if (keptSeconds(read) === 0) return null;
      const { credential } = read.identity;
      const ttlSeconds = ttls.maxAgeSeconds[read.kind];
      let release = async () => {};
      const insists = context.maxAgeSeconds === 0 || context.freshFromMs !== undefined;
      if (ttlSeconds > 0 && !insists) {
        const nowMs = clock.now();
        const known = await shared.get(credential, key);
        if (known !== null && isFresh(known.asOfMs, ttlSeconds, context, nowMs)) return { found: known };
        const ageMsMax = 1_000 * Math.min(ttlSeconds, context.maxAgeSeconds ?? ttlSeconds);
        const untilMs = Math.min(nowMs + waitMsMax, waiters.deadlineMs - ownReadMs);
        const lease = await shared.acquireLease(credential, key, nowMs - ageMsMax, untilMs);
        if (typeof lease !== 'function') return { found: lease };
        release = lease;
      }
      return {
        end(made) {
          void (async () => {
            if (made !== null) {
              const { value, asOfMs } = made;
              await shared.set(credential, key, { value, asOfMs }, keptSeconds(read) * 1_000);
            }
            await release();
          })();
        },
      };
    },
  };
}
