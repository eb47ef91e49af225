// Whether the read cache would still return a read that a response was made from.
import { expect, test } from '@jest/globals';
import type { ReadContext, ReadUse, UpstreamRead } from '../../../src/ports/upstream.ts';
import { createReadCache, createUpstream } from '../../../src/upstream/index.ts';
import { anOperation, aRead } from './a-read.ts';
import { createSteppedClock } from './stepped-clock.ts';

function setUp(bytesMax = 1_000_000) {
  const clock = createSteppedClock();
  const upstream = createUpstream({
    clock,
    cache: createReadCache(bytesMax),
    ttls: { maxAgeSeconds: { accounts: 0, balances: 5, transactions: 5, rates: 0 }, staleMaxAgeSeconds: 60 },
  });
  const read = async (fields: Partial<UpstreamRead<string>> = {}, context: Partial<ReadContext> = {}) => {
    const uses: ReadUse[] = [];
    const observer = { used: (use: ReadUse) => uses.push(use), called: () => {}, waited: () => {} };
    await upstream.read(aRead(fields), anOperation({ observer, ...context }));
    return uses[0] as ReadUse;
  };
  return { clock, upstream, read };
}

test('a read is current until its TTL has passed', async () => {
  const { clock, upstream, read } = setUp();
  const use = await read();
  expect(upstream.isCurrent(use)).toBe(true);
  await clock.advance(4_999);
  expect(upstream.isCurrent(use)).toBe(true);
  await clock.advance(1);
  expect(upstream.isCurrent(use)).toBe(false);
});

test('a read is no longer current once a newer one has replaced it', async () => {
  const { clock, upstream, read } = setUp();
  const first = await read();
  await clock.advance(1_000);
  const second = await read({}, { maxAgeSeconds: 0 });
  expect([upstream.isCurrent(first), upstream.isCurrent(second)]).toEqual([false, true]);
});

test('a value taken from a larger read is current until that read or the value itself is read again', async () => {
  const { clock, upstream, read } = setUp();
  const whole = aRead().identity;
  const part = {
    identity: { ...whole, path: '/p/1' },
    partOf: { identity: whole, pick: (value: unknown) => `of ${String(value)}` },
  };
  await read();
  const use = await read(part);
  expect([use.origin, upstream.isCurrent(use)]).toEqual(['MEMORY', true]);
  await clock.advance(1_000);
  const own = await read(part, { maxAgeSeconds: 0 });
  expect([upstream.isCurrent(use), upstream.isCurrent(own)]).toEqual([false, true]);
  await clock.advance(1_000);
  await read({}, { maxAgeSeconds: 0 });
  expect([upstream.isCurrent(use), upstream.isCurrent(own)]).toEqual([false, true]);
});

test('a read that is not cached is not current: kinds without a TTL, and evicted reads', async () => {
  const { upstream, read } = setUp(2_000);
  expect(upstream.isCurrent(await read({ kind: 'accounts' }))).toBe(false);
  const use = await read();
  expect(upstream.isCurrent(use)).toBe(true);
  await read({ attempt: async () => 'x'.repeat(200), identity: { ...aRead().identity, path: '/other' } });
  expect(upstream.isCurrent(use)).toBe(false);
});
