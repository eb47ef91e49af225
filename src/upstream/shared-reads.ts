import type { Clock } from '../ports/clock.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';
import { ageLimitSeconds, type CacheTtls, isFresh, keptSeconds } from './freshness.ts';
import type { Waiters } from './in-flight-reads.ts';
import type { CachedRead, SharedReadCache } from './read-cache.ts';

/** A read that another replica has made, or the lease to make it; null where no lease is needed. */
export type ReadLease = { readonly found: CachedRead } | { end(made: CachedRead | null): void } | null;

/** Prevents replicas from making the same read at the same time. */
export interface SharedReads {
  /** The read in the shared cache, however old. */
  find(read: UpstreamRead<unknown>, key: string): Promise<CachedRead | null>;
  /** Waits for the lease to make a read. `end` caches what was read, if anything, and releases the lease. */
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
  /** Absent without Redis: no lease is needed then. */
  readonly sharedCache: SharedReadCache | undefined;
}

/** Longest wait for another replica's read. */
const waitMsMax = 3_000;
/** Part of the caller's time that is reserved for a read of our own. */
const ownReadMs = 1_000;

const withoutSharedCache: SharedReads = { find: async () => null, acquireLease: () => null };

export function createSharedReads({ clock, ttls, sharedCache: shared }: SharedReadsOptions): SharedReads {
  if (shared === undefined) return withoutSharedCache;
  return {
    async find(read, key) {
      if (keptSeconds(ttls, read.kind) === 0) return null;
      return shared.get(read.identity.credential, key);
    },
    async acquireLease(read, key, context, waiters) {
      if (keptSeconds(ttls, read.kind) === 0) return null;
      const { credential } = read.identity;
      const ttlSeconds = ttls.maxAgeSeconds[read.kind];
      let release = async () => {};
      const mustBeNew = context.maxAgeSeconds === 0 || context.freshFromMs !== undefined;
      if (ttlSeconds > 0 && !mustBeNew) {
        const nowMs = clock.now();
        const known = await shared.get(credential, key);
        if (known !== null && isFresh(known.asOfMs, ttlSeconds, context, nowMs)) return { found: known };
        const ageMsMax = 1_000 * ageLimitSeconds(ttlSeconds, context);
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
              await shared.set(credential, key, { value, asOfMs }, keptSeconds(ttls, read.kind) * 1_000);
            }
            await release();
          })();
        },
      };
    },
  };
}
