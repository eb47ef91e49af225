import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode, type FailureDetails } from '../../../src/domain/failure.ts';
import type { ReadContext, UpstreamRead } from '../../../src/ports/upstream.ts';
import { createUpstream } from '../../../src/upstream/index.ts';
import { aReadContext } from '../../support/read-context.ts';
import { asTold } from './a-read.ts';
import { createManualClock } from './manual-clock.ts';

const fail = (code: FailureCode, details: FailureDetails = { retryable: true }) =>
  new Failure(code, 'told', details);
const unavailable = () => fail('UPSTREAM_UNAVAILABLE');

/** An upstream client with its own clock, and a read whose attempts end as `outcomes` say; the last one repeats. */
function setUp(outcomes: readonly (Error | string)[], context: Partial<ReadContext> = {}) {
  const clock = createManualClock();
  const upstream = createUpstream({ clock, random: () => 0.5 });
  let attemptCount = 0;
  const read: UpstreamRead<string> = {
    identity: {
      ...{ provider: 'UQPAY', environment: 'SANDBOX', credential: 'c', onBehalfOf: null },
      ...{ method: 'GET', path: '/p', query: {}, body: null },
    },
    route: { method: 'GET', path: '/p' },
    kind: 'balances',
    ledger: null,
    async attempt() {
      const outcome = outcomes[Math.min(attemptCount, outcomes.length - 1)] as Error | string;
      attemptCount += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  const meter = { calls: 0 };
  const operation = aReadContext({ meter, ...context });
  const run = () => upstream.read(read, operation);
  return { run, clock, meter, attemptCount: () => attemptCount };
}

describe('an upstream read', () => {
  test('returns the value and the time of the call, and counts one call', async () => {
    const { run, clock, meter } = setUp(['value']);
    expect(await run()).toEqual({ value: 'value', asOfMs: clock.now(), staleBecause: null });
    expect(meter.calls).toBe(1);
  });

  test('is retried after retryable failures with growing delays, and is dated by its last attempt', async () => {
    const { run, clock, meter } = setUp([unavailable(), unavailable(), 'value']);
    const startMs = clock.now();
    const reading = await run();
    expect(meter.calls).toBe(3);
    expect(clock.sleeps).toHaveLength(2);
    expect(clock.sleeps[1]).toBeGreaterThan(clock.sleeps[0] as number);
    expect(reading.asOfMs).toBe(startMs + (clock.sleeps[0] as number) + (clock.sleeps[1] as number));
  });

  test('has at most three attempts', async () => {
    const { run, meter } = setUp([unavailable()]);
    await expect(run()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(meter.calls).toBe(3);
  });

  test.each<[string, Failure]>([
    ['that is marked as not retryable', fail('UPSTREAM_REJECTED', { retryable: false })],
    ['without a retryable mark', fail('UPSTREAM_SHAPE', {})],
    [
      'whose retries another layer has made',
      fail('UPSTREAM_UNAVAILABLE', { retryable: true, retriesSpent: true }),
    ],
  ])('is not retried after a failure %s', async (_name, failure) => {
    const { run, meter } = setUp([failure]);
    await expect(run()).rejects.toMatchObject(asTold(failure));
    expect(meter.calls).toBe(1);
  });

  test('waits as long as Retry-After says', async () => {
    const { run, clock } = setUp([
      fail('UPSTREAM_RATE_LIMITED', { retryable: true, retryAfterSeconds: 3 }),
      'value',
    ]);
    await run();
    expect(clock.sleeps).toEqual([3_000]);
  });

  test('waits even if Retry-After is 0', async () => {
    const { run, clock } = setUp([
      fail('UPSTREAM_RATE_LIMITED', { retryable: true, retryAfterSeconds: 0 }),
      'value',
    ]);
    await run();
    expect(clock.sleeps[0]).toBeGreaterThan(0);
  });

  test('fails at once, with retryAfterSeconds, when Retry-After exceeds the longest delay', async () => {
    const { run, clock, meter } = setUp([
      fail('UPSTREAM_RATE_LIMITED', { retryable: true, retryAfterSeconds: 6 }),
    ]);
    await expect(run()).rejects.toMatchObject({ details: { retryAfterSeconds: 6 } });
    expect([meter.calls, clock.sleeps]).toEqual([1, []]);
  });

  test('fails at once when Retry-After ends after the deadline', async () => {
    const limited = fail('UPSTREAM_RATE_LIMITED', { retryable: true, retryAfterSeconds: 4 });
    const deadlineMs = createManualClock().now() + 3_000;
    const { run, clock, meter } = setUp([limited], { deadlineMs });
    await expect(run()).rejects.toMatchObject(asTold(limited));
    expect([meter.calls, clock.sleeps]).toEqual([1, []]);
  });

  test('is retried without delay after its token was replaced', async () => {
    const { run, clock } = setUp([fail('UPSTREAM_AUTH'), 'value']);
    await run();
    expect(clock.sleeps).toEqual([]);
  });

  test('makes no call for a caller who has disconnected', async () => {
    const { run, meter } = setUp(['value'], { signal: AbortSignal.abort() });
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(meter.calls).toBe(0);
  });

  test('is not retried for a caller who disconnects during the delay', async () => {
    const leaving = new AbortController();
    const { run, clock, meter } = setUp([unavailable()], { signal: leaving.signal });
    const sleep = clock.sleep;
    clock.sleep = (ms, signal) => {
      leaving.abort();
      return sleep(ms, signal);
    };
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(meter.calls).toBe(1);
  });

  test.each<[string, unknown, string]>([
    ['a deadline', new DOMException('late', 'TimeoutError'), 'UPSTREAM_TIMEOUT'],
    ['the caller', new DOMException('gone', 'AbortError'), 'CANCELLED'],
    ['a failure of its own', new Failure('CALLS_EXCEEDED', 'too many'), 'CALLS_EXCEEDED'],
  ])('fails with the reason when it was aborted by %s', async (_name, reason, code) => {
    const { run } = setUp(['value'], { signal: AbortSignal.abort(reason) });
    await expect(run()).rejects.toMatchObject({ code });
  });

  test('rejects with an unexpected error as it is, without a retry', async () => {
    const error = new TypeError('bug');
    const { run, meter } = setUp([error]);
    await expect(run()).rejects.toBe(error);
    expect(meter.calls).toBe(1);
  });
});
