import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../../src/domain/failure.ts';
import type { Ledger } from '../../../src/domain/vocabulary.ts';
import { createUpstream } from '../../../src/upstream/index.ts';
import { anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

/** An upstream client over a provider whose ledgers can fail separately. */
function setUp(code: FailureCode = 'UPSTREAM_UNAVAILABLE') {
  const clock = createSteppedClock();
  const upstream = createUpstream({
    clock,
    random: () => 0,
    retry: { retriesMax: 0, firstDelayMs: 1, delayMsMax: 1 },
  });
  const broken = new Set<Ledger>(['BANKING']);
  const provider = { attempts: 0 };
  const ask = (ledger: Ledger = 'BANKING', path = '/p', operation = anOperation()) =>
    upstream.read(
      aRead(
        {
          ledger,
          async attempt() {
            provider.attempts += 1;
            await settle();
            if (broken.has(ledger)) throw new Failure(code, 'down', { retryable: true });
            return 'value';
          },
        },
        { path },
      ),
      operation,
    );
  const fail = async (count: number) => {
    for (let index = 0; index < count; index++) await ask().catch(() => {});
  };
  return { clock, provider, broken, ask, fail };
}

const open = { code: 'UPSTREAM_UNAVAILABLE', details: { retryable: true, retryAfterSeconds: 1 } };

describe('a circuit', () => {
  test('opens after ten failures and then makes no calls', async () => {
    const { provider, ask, fail } = setUp();
    await fail(10);
    await expect(ask()).rejects.toMatchObject(open);
    expect(provider.attempts).toBe(10);
  });

  test('stays closed while half of the calls succeed, as when one account fails and another does not', async () => {
    const { provider, broken, ask, fail } = setUp();
    for (let round = 0; round < 20; round++) {
      broken.clear();
      await ask();
      broken.add('BANKING');
      await fail(1);
    }
    expect(provider.attempts).toBe(40);
  });

  test('is separate for each group of routes', async () => {
    const { ask, fail } = setUp();
    await fail(10);
    expect((await ask('ISSUING')).value).toBe('value');
  });

  test.each<FailureCode>(['UPSTREAM_REJECTED', 'UPSTREAM_SHAPE', 'UPSTREAM_RATE_LIMITED', 'UPSTREAM_AUTH'])(
    'is not opened by %s: that is an answer',
    async (code) => {
      const { provider, fail } = setUp(code);
      await fail(30);
      expect(provider.attempts).toBe(30);
    },
  );

  test('lets one call through after its pause, and all calls when that succeeds', async () => {
    const { clock, provider, broken, ask, fail } = setUp();
    await fail(10);
    broken.clear();
    await clock.advance(1_000);
    const readings = Array.from({ length: 20 }, (_, index) => ask('BANKING', `/p${index}`));
    await new Promise(setImmediate);
    expect(provider.attempts).toBe(11);
    expect(await Promise.all(readings)).toHaveLength(20);
    expect(provider.attempts).toBe(30);
  });

  test('makes no call for a caller who disconnected during the probe', async () => {
    const { clock, provider, broken, ask, fail } = setUp();
    await fail(10);
    broken.clear();
    await clock.advance(1_000);
    const caller = new AbortController();
    const probe = ask('BANKING', '/probe');
    const left = ask('BANKING', '/left', anOperation({ signal: caller.signal })).catch((error) => error);
    caller.abort(new Failure('CANCELLED', 'gone'));
    expect(await left).toMatchObject({ code: 'CANCELLED' });
    expect((await probe).value).toBe('value');
    await new Promise(setImmediate);
    expect(provider.attempts).toBe(11);
  });

  test('doubles its pause each time a probe fails', async () => {
    const { clock, provider, ask, fail } = setUp();
    await fail(10);
    await clock.advance(1_000);
    const ends = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => ask('BANKING', `/p${index}`)),
    );
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(provider.attempts).toBe(11);
    await clock.advance(1_999);
    await fail(1);
    expect(provider.attempts).toBe(11);
    await clock.advance(1);
    await fail(1);
    expect(provider.attempts).toBe(12);
  });
});

describe('retries', () => {
  test('are at most ten plus a tenth of the calls, however many reads fail', async () => {
    const clock = createSteppedClock();
    const upstream = createUpstream({ clock, random: () => 0 });
    let attemptCount = 0;
    const readCount = 200;
    for (let index = 0; index < readCount; index++) {
      // Most calls succeed, so the circuit stays closed.
      const read = aRead({
        async attempt() {
          attemptCount += 1;
          if (index % 5 === 4) throw new Failure('UPSTREAM_UNAVAILABLE', 'down', { retryable: true });
          return 'value';
        },
      });
      const end = upstream.read(read, anOperation()).catch(() => {});
      await clock.advance(1_000);
      await end;
    }
    expect(attemptCount).toBeGreaterThan(readCount * 1.1 + 5);
    expect(attemptCount).toBeLessThanOrEqual(readCount * 1.1 + 10);
  });

  test('after a token was replaced do not count towards that limit', async () => {
    const clock = createSteppedClock();
    const upstream = createUpstream({ clock, random: () => 0 });
    const refusedOnce = new Set<number>();
    const operation = anOperation();
    const readings = Array.from({ length: 100 }, (_, index) => {
      const read = aRead(
        {
          async attempt() {
            if (refusedOnce.has(index)) return 'value';
            refusedOnce.add(index);
            throw new Failure('UPSTREAM_AUTH', 'dead token', { retryable: true });
          },
        },
        { path: `/${index}` },
      );
      return upstream.read(read, operation);
    });
    expect(await Promise.all(readings)).toHaveLength(100);
    expect(operation.meter.calls).toBe(100);
  });
});
