import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/domain/failure.ts';
import type { ReadContext, ReadIdentity, ReadUse, UpstreamRead } from '../../../src/ports/upstream.ts';
import { type CacheTtls, createReadCache, createUpstream } from '../../../src/upstream/index.ts';
import { anOperation, aRead, asTold } from './a-read.ts';
import { createSteppedClock } from './stepped-clock.ts';

const ttls: CacheTtls = {
  maxAgeSeconds: { accounts: 60, balances: 5, transactions: 4, rates: 60 },
  staleMaxAgeSeconds: 60,
};

/** An upstream client with a cache, over a provider whose replies are numbered. */
function setUp(given: CacheTtls = ttls, bytesMax = 1_000_000) {
  const clock = createSteppedClock();
  const upstream = createUpstream({
    clock,
    random: () => 0,
    cache: createReadCache(bytesMax),
    ttls: given,
  });
  const provider: { attempts: number; failure: Failure | null } = { attempts: 0, failure: null };
  const uses: ReadUse[] = [];
  const observer = { used: (use: ReadUse) => uses.push(use), called: () => {}, waited: () => {} };
  const ask = (
    context: Partial<ReadContext> = {},
    fields: Partial<UpstreamRead<string>> = {},
    identity: Partial<ReadIdentity> = {},
  ) => {
    const attempt = async () => {
      provider.attempts += 1;
      if (provider.failure !== null) throw provider.failure;
      return `value ${provider.attempts}`;
    };
    return upstream.read(aRead({ attempt, ...fields }, identity), anOperation({ observer, ...context }));
  };
  return { clock, provider, uses, ask };
}

describe('a cached read', () => {
  test.each([
    ['accounts', 60],
    ['balances', 5],
    ['transactions', 4],
  ] as const)(
    'of %s is shown again for %d seconds, with its true age, and not longer',
    async (kind, seconds) => {
      const { clock, provider, ask } = setUp();
      const startMs = clock.now();
      await ask({}, { kind });
      await clock.advance(seconds * 1_000);
      expect(await ask({}, { kind })).toEqual({ value: 'value 1', asOfMs: startMs, staleBecause: null });
      await clock.advance(1);
      expect(await ask({}, { kind })).toMatchObject({ value: 'value 2', asOfMs: clock.now() });
      expect(provider.attempts).toBe(2);
    },
  );

  test('is dated by the start of its call, however long the call took', async () => {
    const { clock, ask } = setUp();
    const startMs = clock.now();
    const attempt = async () => {
      await clock.sleep(3_000);
      return 'slow';
    };
    const reading = ask({}, { attempt });
    await clock.advance(3_000);
    expect((await reading).asOfMs).toBe(startMs);
  });

  test('is not replaced by one that began earlier and ended later', async () => {
    const { clock, ask } = setUp();
    const slow = ask(
      {},
      {
        async attempt() {
          await clock.sleep(2_000);
          return 'slow';
        },
      },
    );
    await clock.advance(1_000);
    await ask({ maxAgeSeconds: 0 });
    await clock.advance(1_000);
    expect((await slow).value).toBe('slow');
    expect((await ask()).value).toBe('value 1');
  });

  test('is not used when it is older than the caller allows', async () => {
    const { clock, ask } = setUp();
    await ask();
    await clock.advance(2_000);
    expect((await ask({ maxAgeSeconds: 2 })).value).toBe('value 1');
    expect((await ask({ maxAgeSeconds: 1 })).value).toBe('value 2');
  });

  test('is not used beyond its TTL even if the caller would allow it', async () => {
    const { clock, ask } = setUp();
    await ask();
    await clock.advance(5_001);
    expect((await ask({ maxAgeSeconds: 600 })).value).toBe('value 2');
  });

  test('is not used for a caller who needs a new value, which is then cached', async () => {
    const { clock, ask } = setUp();
    await ask();
    await clock.advance(1);
    expect((await ask({ freshFromMs: clock.now() })).value).toBe('value 2');
    expect((await ask()).value).toBe('value 2');
    expect((await ask({ maxAgeSeconds: 0 })).value).toBe('value 3');
  });

  test('does not exist when caching is off', async () => {
    const off = { accounts: 0, balances: 0, transactions: 0, rates: 0 };
    const { ask } = setUp({ maxAgeSeconds: off, staleMaxAgeSeconds: 0 });
    await ask();
    expect((await ask()).value).toBe('value 2');
  });

  test('is never a failure', async () => {
    const { provider, ask } = setUp();
    provider.failure = new Failure('UPSTREAM_SHAPE', 'odd');
    await expect(ask()).rejects.toMatchObject(asTold(provider.failure));
    provider.failure = null;
    expect((await ask()).value).toBe('value 2');
  });

  test('is evicted, least recently used first, when the cache is full', async () => {
    const { provider, ask } = setUp(ttls, 100_000);
    const attempt = async () => {
      provider.attempts += 1;
      return 'x'.repeat(10_000);
    };
    for (const path of ['/a', '/b', '/a', '/c']) await ask({}, { attempt }, { path });
    provider.attempts = 0;
    await ask({}, { attempt }, { path: '/a' });
    expect(provider.attempts).toBe(0);
    await ask({}, { attempt }, { path: '/b' });
    expect(provider.attempts).toBe(1);
  });

  test('is not used while its time lies in the future', async () => {
    const { clock, ask } = setUp();
    await ask();
    await clock.advance(-300_000);
    expect((await ask()).value).toBe('value 2');
  });

  const identity: ReadIdentity = aRead().identity;
  const otherParts: { readonly [Part in keyof ReadIdentity]: ReadIdentity[Part] } = {
    ...{ provider: 'NOAH', environment: 'PRODUCTION', credential: 'other', onBehalfOf: 'sub' },
    ...{ method: 'POST', path: '/q', query: { page_number: '1' }, body: '{}' },
  };
  test.each(Object.keys(otherParts) as (keyof ReadIdentity)[])(
    'is never shown for another %s',
    async (part) => {
      const { ask } = setUp();
      await ask({}, {}, identity);
      expect((await ask({}, {}, { ...identity, [part]: otherParts[part] })).value).toBe('value 2');
    },
  );
});

describe('a read that is part of another one', () => {
  const list: ReadIdentity = { ...aRead().identity, path: '/list' };
  const partOf = (row: string | undefined) => ({ partOf: { identity: list, pick: () => row } });

  test('takes its value and its time from that read', async () => {
    const { clock, provider, ask } = setUp();
    const asOfMs = clock.now();
    await ask({}, {}, list);
    await clock.advance(5_000);
    expect(await ask({}, partOf('row'))).toEqual({ value: 'row', asOfMs, staleBecause: null });
    expect(provider.attempts).toBe(1);
  });

  test.each<[string, string | undefined, number, Partial<ReadContext>]>([
    ['does not tell it', undefined, 0, {}],
    ['is too old', 'row', 5_001, {}],
    ['is older than the caller allows', 'row', 2_000, { maxAgeSeconds: 1 }],
    ['does not do for who insists', 'row', 0, { maxAgeSeconds: 0 }],
  ])('is made when that one %s', async (_name, row, ageMs, context) => {
    const { clock, ask } = setUp();
    await ask({}, {}, list);
    await clock.advance(ageMs);
    expect((await ask(context, partOf(row))).value).toBe('value 2');
  });

  test('takes its value only from a read for the same account', async () => {
    const { ask } = setUp();
    await ask({}, {}, { ...list, onBehalfOf: 'somebody else' });
    expect((await ask({}, partOf('row'))).value).toBe('value 2');
  });
});

describe('a stale read', () => {
  const troubles: FailureCode[] = [
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_RATE_LIMITED',
    'UPSTREAM_BUDGET_EXHAUSTED',
  ];
  test.each(troubles)('is served after %s, marked with that failure, for 60 seconds', async (code) => {
    const { clock, provider, uses, ask } = setUp();
    await ask();
    const asOfMs = clock.now();
    provider.failure = new Failure(code, 'trouble');
    await clock.advance(60_000);
    expect(await ask()).toEqual({ value: 'value 1', asOfMs, staleBecause: provider.failure });
    expect(uses.at(-1)).toMatchObject({ origin: 'STALE', asOfMs });
    await clock.advance(1);
    await expect(ask()).rejects.toMatchObject(asTold(provider.failure));
  });

  test.each<FailureCode>([
    'UPSTREAM_AUTH',
    'UPSTREAM_FORBIDDEN',
    'UPSTREAM_SHAPE',
    'UPSTREAM_REJECTED',
    'CANCELLED',
  ])('does not do so for %s', async (code) => {
    const { clock, provider, ask } = setUp();
    await ask();
    await clock.advance(6_000);
    provider.failure = new Failure(code, 'trouble');
    await expect(ask()).rejects.toMatchObject(asTold(provider.failure));
  });

  test('is served if only the token is missing', async () => {
    const { clock, provider, ask } = setUp();
    await ask();
    await clock.advance(20_000);
    provider.failure = new Failure('UPSTREAM_AUTH', 'no token', { tokenMissing: 'BEFORE_CALL' });
    expect(await ask()).toMatchObject({ value: 'value 1', staleBecause: { code: 'UPSTREAM_AUTH' } });
  });

  test.each<[string, (nowMs: number) => Partial<ReadContext>]>([
    ['wants what is true now', (nowMs) => ({ freshFromMs: nowMs })],
    ['insists on a read of its own', () => ({ maxAgeSeconds: 0 })],
    ['allows less', () => ({ maxAgeSeconds: 5 })],
  ])('does not do so for a caller who %s', async (_name, context) => {
    const { clock, provider, ask } = setUp();
    await ask();
    await clock.advance(6_000);
    provider.failure = new Failure('UPSTREAM_UNAVAILABLE', 'trouble');
    await expect(ask(context(clock.now()))).rejects.toMatchObject(asTold(provider.failure));
  });

  test('is not served when that is off', async () => {
    const { clock, provider, ask } = setUp({ ...ttls, staleMaxAgeSeconds: 0 });
    await ask();
    await clock.advance(6_000);
    provider.failure = new Failure('UPSTREAM_UNAVAILABLE', 'trouble');
    await expect(ask()).rejects.toMatchObject(asTold(provider.failure));
  });
});
