// What an answer was made of, and whether memory would give the same now.
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
    ttls: { maxAgeSeconds: { accounts: 0, balances: 5, transactions: 5 }, staleMaxAgeSeconds: 60 },
  });
  const read = async (fields: Partial<UpstreamRead<string>> = {}, context: Partial<ReadContext> = {}) => {
    const uses: ReadUse[] = [];
    const observer = { used: (use: ReadUse) => uses.push(use), called: () => {}, waited: () => {} };
    await upstream.read(aRead(fields), anOperation({ observer, ...context }));
    return uses[0] as ReadUse;
  };
  return { clock, upstream, read };
}

test('a read is still given while it is remembered and not too old', async () => {
  const { clock, upstream, read } = setUp();
  const use = await read();
  expect(upstream.isCurrent(use)).toBe(true);
  await clock.advance(4_999);
  expect(upstream.isCurrent(use)).toBe(true);
  await clock.advance(1);
  expect(upstream.isCurrent(use)).toBe(false);
});

test('a read that was made anew takes the place of the one before it', async () => {
  const { clock, upstream, read } = setUp();
  const first = await read();
  await clock.advance(1_000);
  const second = await read({}, { maxAgeSeconds: 0 });
  expect([upstream.isCurrent(first), upstream.isCurrent(second)]).toEqual([false, true]);
});

test('what a whole read told holds until the whole, or the part by itself, is read anew', async () => {
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

test('nothing is still given that is not remembered: kinds without an age, and what had to make room', async () => {
  const { upstream, read } = setUp(2_000);
  expect(upstream.isCurrent(await read({ kind: 'accounts' }))).toBe(false);
  const use = await read();
  expect(upstream.isCurrent(use)).toBe(true);
  await read({ attempt: async () => 'x'.repeat(200), identity: { ...aRead().identity, path: '/other' } });
  expect(upstream.isCurrent(use)).toBe(false);
});
