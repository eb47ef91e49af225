import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';
import { type CacheTtls, isFresh, keptSeconds } from './freshness.ts';
import type { Waiters } from './in-flight-reads.ts';
import type { CachedRead, SharedReadCache } from './read-cache.ts';

/** A read that another replica has made, or the lease to make it; null if no lease is needed. */
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
  readonly lastChange: LastChange | undefined;
}

/** Names the latest change of a provider that a webhook has announced to any replica; null if that is not known. */
export type LastChange = (provider: ProviderCode) => Promise<string | null>;

/** Longest wait for another replica's read. */
const waitMsMax = 3_000;
/** Part of the caller's time that is reserved for a read of our own. */
const ownReadMs = 1_000;

const withoutSharedCache: SharedReads = { find: async () => null, acquireLease: () => null };

export function createSharedReads(options: SharedReadsOptions): SharedReads {
  const { clock, ttls, sharedCache: shared, lastChange = async () => null } = options;
  if (shared === undefined) return withoutSharedCache;
  return {
    async find(read, key) {
      if (keptSeconds(ttls, read.kind) === 0) return null;
      return shared.get(read.identity.credential, key);
    },
    async acquireLease(read, key, context, waiters) {
      if (keptSeconds(ttls, read.kind) === 0) return null;
      const { credential, provider } = read.identity;
      const ttlSeconds = ttls.maxAgeSeconds[read.kind];
      const { sharesNew = false, maxAgeSeconds, freshFromMs } = context;
      const isAfterChange = sharesNew && maxAgeSeconds === 0;
      let change = isAfterChange ? await lastChange(provider) : null;
      let release = async () => {};

      const find = async (): Promise<CachedRead | null> => {
        // Asked at each look: a read that began before the latest change does not show it.
        if (isAfterChange) change = await lastChange(provider);
        const known = await shared.get(credential, key);
        if (known === null) return null;
        const isUsable = isAfterChange
          ? known.change === change && known.asOfMs >= (freshFromMs ?? 0)
          : isFresh(known.asOfMs, ttlSeconds, context, clock.now());
        return isUsable ? known : null;
      };

      const mustBeNew = maxAgeSeconds === 0 || freshFromMs !== undefined;
      const isShared = isAfterChange ? change !== null : sharesNew || !mustBeNew;
      if (ttlSeconds > 0 && isShared) {
        const known = await find();
        if (known !== null) return { found: known };
        const untilMs = Math.min(clock.now() + waitMsMax, waiters.deadlineMs - ownReadMs);
        const lease = await shared.acquireLease(credential, key, find, untilMs);
        if (typeof lease !== 'function') return { found: lease };
        release = lease;
      }
      return {
        end(made) {
          void (async () => {
            if (made !== null) {
              const { value, asOfMs } = made;
              const kept = { value, asOfMs, ...(change !== null && { change }) };
              await shared.set(credential, key, kept, keptSeconds(ttls, read.kind) * 1_000);
            }
            await release();
          })();
        },
      };
    },
  };
}
