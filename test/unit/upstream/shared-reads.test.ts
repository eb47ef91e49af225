// Which reads of other replicas answer a read that must be new.
import { expect, test } from '@jest/globals';
import { Cancellation } from '../../../src/domain/cancellation.ts';
import type { ReadContext, UpstreamRead } from '../../../src/ports/upstream.ts';
import type { CachedRead } from '../../../src/upstream/index.ts';
import { createSharedReads } from '../../../src/upstream/shared-reads.ts';
import { createHeldClock } from '../../support/held-clock.ts';

const nowMs = 1_000_000;
const read = { identity: { provider: 'UQPAY', credential: 'c' }, kind: 'balances' } as UpstreamRead<unknown>;

/** What the lease gives while another replica's read is cached: that read, or what this replica caches after its own. */
async function leaseFor(
  wanted: Partial<ReadContext>,
  { cached, change }: { cached: CachedRead; change: string | null },
) {
  let kept: CachedRead | null = null;
  const reads = createSharedReads({
    clock: createHeldClock(nowMs),
    ttls: {
      maxAgeSeconds: { accounts: 5, balances: 5, transactions: 5, rates: 5 },
      staleMaxAgeSeconds: 0,
    },
    lastChange: async () => change,
    sharedCache: {
      get: async () => cached,
      async set(_credential, _key, made) {
        kept = made;
      },
      acquireLease: async (_credential, _key, find) => (await find()) ?? (async () => {}),
    },
  });
  const context = { maxAgeSeconds: null, ...wanted } as ReadContext;
  const waiters = {
    ...{ signal: new Cancellation(), deadlineMs: nowMs + 30_000, blockedBy: null },
    members: new Set([context]),
  };
  const lease = await reads.acquireLease(read, 'key', context, waiters);
  if (lease === null) throw new Error('no lease');
  if ('found' in lease) return lease.found;
  lease.end({ value: 'own', asOfMs: nowMs });
  await new Promise((resolve) => setImmediate(resolve));
  return kept;
}

const own = { value: 'own', asOfMs: nowMs };
const notified = { maxAgeSeconds: 0, sharesNew: true };

test('after a change, a read that began after it is used, whatever its time says', async () => {
  const cached = { value: 'theirs', asOfMs: nowMs - 9_000, change: 'c-2' };
  expect(await leaseFor(notified, { cached, change: 'c-2' })).toBe(cached);
});

test.each([
  ['began before the latest change', { asOfMs: nowMs + 1_000, change: 'c-1' }, 'c-2'],
  ['says nothing about changes', { asOfMs: nowMs + 1_000 }, 'c-2'],
])('after a change, a read that %s is not used', async (_name, facts, change) => {
  const cached = { value: 'theirs', ...facts };
  expect(await leaseFor(notified, { cached, change })).toEqual({ ...own, change });
});

test('if no change is known, a read that must be new is made here', async () => {
  const cached = { value: 'theirs', asOfMs: nowMs + 1_000 };
  expect(await leaseFor(notified, { cached, change: null })).toEqual(own);
});

test('only those that share new reads use one made from a given time on', async () => {
  const cached = { value: 'theirs', asOfMs: nowMs };
  const asked = { freshFromMs: nowMs };
  expect(await leaseFor({ ...asked, sharesNew: true }, { cached, change: null })).toBe(cached);
  expect(await leaseFor(asked, { cached, change: null })).toEqual(own);
  expect(await leaseFor({ freshFromMs: nowMs + 1, sharesNew: true }, { cached, change: null })).toEqual(own);
});
