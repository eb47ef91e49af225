import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import { CappedCallMeter } from '../../../src/graphql/reads/call-meter.ts';
import {
  createCallBudget,
  createCallWindow,
  createReadCache,
  createUpstream,
} from '../../../src/upstream/index.ts';
import { aHeldRead, anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

/** An upstream client in which every credential has its own call budget. */
function setUp(callsPerMinute: number) {
  const clock = createSteppedClock();
  const windows = new Map<string, ReturnType<typeof createCallWindow>>();
  const budgets = new Map<string, ReturnType<typeof createCallBudget>>();
  const upstream = createUpstream({
    clock,
    random: () => 0,
    cache: createReadCache(1_000_000),
    ttls: { maxAgeSeconds: { accounts: 5, balances: 5, transactions: 5, rates: 5 }, staleMaxAgeSeconds: 60 },
    budgetOf({ credential }) {
      const known = budgets.get(credential);
      if (known !== undefined) return known;
      const window = createCallWindow(() => ({ callsPerMinute, burst: callsPerMinute }), clock);
      const budget = createCallBudget('UQPAY', window, clock);
      windows.set(credential, window);
      budgets.set(credential, budget);
      return budget;
    },
  });
  const spent = (credential = 'c') => windows.get(credential)?.taken().length ?? 0;
  return { clock, upstream, spent };
}

const exhausted = { code: 'UPSTREAM_BUDGET_EXHAUSTED' };

describe('the call budget of upstream reads', () => {
  test('is not charged by reads that wait for the probe of a circuit', async () => {
    const { clock, upstream, spent } = setUp(100);
    const down = aRead({ attempt: () => Promise.reject(new Failure('UPSTREAM_UNAVAILABLE', 'down')) });
    for (let index = 0; index < 10; index++) await upstream.read(down, anOperation()).catch(() => {});
    await clock.advance(61_000);
    const probe = aHeldRead({ path: '/probe' });
    const reads = [upstream.read(probe.read, anOperation())];
    for (let index = 0; index < 5; index++)
      reads.push(upstream.read(aRead({}, { path: `/${index}` }), anOperation()));
    await settle();
    expect([spent(), probe.attempts.length]).toEqual([1, 1]);
    probe.attempts[0]?.resolve('up');
    expect((await Promise.all(reads)).map(({ value }) => value)).toEqual(['up', ...Array(5).fill('value')]);
    expect(spent()).toBe(6);
  });

  test('is charged for each attempt, but not for cached or shared reads', async () => {
    const { clock, upstream, spent } = setUp(10);
    let attemptCount = 0;
    const read = aRead({
      async attempt() {
        attemptCount += 1;
        if (attemptCount === 1) throw new Failure('UPSTREAM_UNAVAILABLE', 'down', { retryable: true });
        return 'value';
      },
    });
    const readings = [upstream.read(read, anOperation()), upstream.read(read, anOperation())];
    await clock.advance(1_000);
    await Promise.all(readings);
    await upstream.read(read, anOperation());
    expect([attemptCount, spent()]).toEqual([2, 2]);
  });

  test('is charged for a call whose token was refused, which the operation is not', async () => {
    const { upstream, spent } = setUp(2);
    let attemptCount = 0;
    const read = aRead({
      async attempt() {
        attemptCount += 1;
        if (attemptCount === 1) throw new Failure('UPSTREAM_AUTH', 'dead token', { retryable: true });
        return 'value';
      },
    });
    const operation = anOperation({ meter: new CappedCallMeter(1) });
    expect((await upstream.read(read, operation)).value).toBe('value');
    expect([attemptCount, spent(), operation.meter.calls]).toEqual([2, 2, 1]);
  });

  test('is separate for each credential', async () => {
    const { clock, upstream } = setUp(1);
    const deadlineMs = clock.now() + 10_000;
    await upstream.read(aRead(), anOperation({ deadlineMs }));
    const more = upstream.read(aRead({}, { path: '/q' }), anOperation({ deadlineMs }));
    await expect(more).rejects.toMatchObject(exhausted);
    const other = upstream.read(aRead({}, { path: '/q', credential: 'd' }), anOperation({ deadlineMs }));
    expect((await other).value).toBe('value');
  });

  test('serves a stale read when it is used up, at no cost to the operation', async () => {
    const { clock, upstream } = setUp(1);
    await upstream.read(aRead(), anOperation());
    await clock.advance(10_000);
    const operation = anOperation({ deadlineMs: clock.now() + 10_000 });
    const reading = await upstream.read(aRead(), operation);
    expect(reading).toMatchObject({ value: 'value', staleBecause: exhausted });
    expect(operation.meter.calls).toBe(0);
  });

  test('is named in the failure of a caller whose deadline passes while the read waits for it', async () => {
    const { clock, upstream } = setUp(1);
    await upstream.read(aRead({}, { path: '/q' }), anOperation());
    const { read, attempts } = aHeldRead();
    const patient = upstream.read(read, anOperation());
    const hurried = new AbortController();
    const early = upstream.read(read, anOperation({ signal: hurried.signal }));
    await settle();
    hurried.abort(new Failure('UPSTREAM_TIMEOUT', 'late', { retryable: true }));
    await expect(early).rejects.toMatchObject({ ...exhausted, details: { retryAfterSeconds: 61 } });
    await clock.advance(61_000);
    attempts[0]?.resolve('value');
    expect((await patient).value).toBe('value');
  });

  test('is not charged for a caller who disconnected while waiting for it', async () => {
    const { clock, upstream, spent } = setUp(1);
    await upstream.read(aRead({}, { path: '/q' }), anOperation());
    const leaving = new AbortController();
    const left = upstream.read(aRead(), anOperation({ signal: leaving.signal }));
    await settle();
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await clock.advance(61_000);
    expect(spent()).toBe(0);
  });

  test('is not charged while the circuit is open', async () => {
    const { clock, upstream, spent } = setUp(100);
    const attempt = async () => {
      throw new Failure('UPSTREAM_UNAVAILABLE', 'down', { retryable: true, retriesSpent: true });
    };
    for (let index = 0; index < 30; index++) {
      const end = upstream.read(aRead({ attempt }), anOperation({ maxAgeSeconds: 0 })).catch(() => {});
      await clock.advance(1);
      await end;
    }
    expect(spent()).toBe(10);
  });
});
