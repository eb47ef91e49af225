import { describe, expect, test } from '@jest/globals';
import { Cancellation } from '../../../src/domain/cancellation.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { ReadContext } from '../../../src/ports/upstream.ts';
import { type CallBudget, createUpstream } from '../../../src/upstream/index.ts';
import { aHeldRead, anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

/** An upstream client whose budget records how each permit is settled; `hold` makes it give out no more. */
function setUp() {
  const clock = createSteppedClock();
  const permits: string[][] = [];
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const permit = () => {
    const settled: string[] = [];
    permits.push(settled);
    return {
      spent: () => void settled.push('spent'),
      returned: () => void settled.push('returned'),
      refused: () => void settled.push('refused'),
    };
  };
  const budget: CallBudget = {
    take: () => (isHeld ? new Promise((resolve) => waiting.push(() => resolve(permit()))) : permit()),
    exhausted: () => new Failure('UPSTREAM_BUDGET_EXHAUSTED', 'none left'),
    report: () => ({ callsLeft: 0, waiting: 0, pausedUntilMs: null }),
  };
  const upstream = createUpstream({ clock, random: () => 0, budgetOf: () => budget });
  const failing = (failure: Error, fields: Partial<ReadContext> = {}) =>
    upstream
      .read(aRead({ attempt: () => Promise.reject(failure) }), anOperation(fields))
      .catch((error: Error) => error.message);
  return {
    ...{ clock, upstream, permits, failing },
    hold() {
      isHeld = true;
    },
    release() {
      for (const next of waiting.splice(0)) next();
    },
  };
}

const down = new Failure('UPSTREAM_UNAVAILABLE', 'down');

describe('each permit is settled exactly once', () => {
  test.each([
    ['a value', null, 'spent'],
    ['a refusal', new Failure('UPSTREAM_REJECTED', 'no'), 'spent'],
    ['a limit', new Failure('UPSTREAM_RATE_LIMITED', 'slowly'), 'refused'],
    ['a mistake of ours', new Error('broken'), 'spent'],
  ])('after %s', async (_name, failure, said) => {
    const { upstream, permits, failing } = setUp();
    if (failure === null) await upstream.read(aRead(), anOperation());
    else await failing(failure);
    expect(permits).toEqual([[said]]);
  });

  test('after a refused token, and so is the one of the following attempt', async () => {
    const { upstream, permits } = setUp();
    let attemptCount = 0;
    const attempt = async () => {
      attemptCount += 1;
      if (attemptCount === 1) throw new Failure('UPSTREAM_AUTH', 'dead token', { retryable: true });
      return 'value';
    };
    const meter = { calls: 0 };
    await upstream.read(aRead({ attempt }), anOperation({ meter }));
    expect([permits, meter.calls]).toEqual([[['spent'], ['spent']], 1]);
  });

  test('where a token was missing: the call is charged if it was made', async () => {
    const { upstream, permits } = setUp();
    for (const tokenMissing of ['BEFORE_CALL', 'AFTER_CALL'] as const) {
      const details = { retryable: true, retriesSpent: true, tokenMissing };
      const attempt = () => Promise.reject(new Failure('UPSTREAM_AUTH', 'no token', details));
      const meter = { calls: 0 };
      await expect(upstream.read(aRead({ attempt }), anOperation({ meter }))).rejects.toMatchObject({
        details,
      });
      expect(meter.calls).toBe(0);
    }
    expect(permits).toEqual([['returned'], ['spent']]);
  });

  test('when all callers disconnected while they waited for it', async () => {
    const { upstream, permits, hold, release } = setUp();
    hold();
    const signal = new Cancellation();
    const meter = { calls: 0 };
    const read = upstream.read(aRead(), anOperation({ signal, meter })).catch(({ code }) => code);
    signal.abort(undefined);
    release();
    expect(await read).toBe('CANCELLED');
    await settle();
    expect([permits, meter.calls]).toEqual([[['returned']], 0]);
  });

  test('when its read waited for a probe, whatever the outcome of the probe', async () => {
    const { clock, upstream, permits, failing, hold, release } = setUp();
    for (let index = 0; index < 10; index++) await failing(down);
    await clock.advance(61_000);
    permits.length = 0;
    const probe = aHeldRead({ path: '/probe' });
    const first = upstream.read(probe.read, anOperation());
    const second = upstream.read(aRead({}, { path: '/second' }), anOperation());
    await settle();
    expect(permits).toEqual([[], ['returned']]);
    // The second read waits for another permit; the one it returned is not settled again.
    hold();
    probe.attempts[0]?.resolve('up');
    await settle();
    release();
    expect((await Promise.all([first, second])).map(({ value }) => value)).toEqual(['up', 'value']);
    expect(permits).toEqual([['spent'], ['returned'], ['spent']]);
  });

  test('when the circuit opens while its read waits for a probe', async () => {
    const { clock, upstream, permits, failing } = setUp();
    for (let index = 0; index < 10; index++) await failing(down);
    await clock.advance(61_000);
    permits.length = 0;
    const probe = aHeldRead({ path: '/probe' });
    const reads = [probe.read, aRead({}, { path: '/second' })].map((read) =>
      upstream.read(read, anOperation()).catch(({ code }) => code),
    );
    await settle();
    probe.attempts[0]?.reject(down);
    expect(await Promise.all(reads)).toEqual(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE']);
    expect(permits).toEqual([['spent'], ['returned']]);
  });

  test('when an observer throws, which also ends a probe', async () => {
    const { clock, upstream, permits, failing } = setUp();
    for (let index = 0; index < 10; index++) await failing(down);
    await clock.advance(61_000);
    permits.length = 0;
    const observer = {
      ...{ used() {}, waited() {} },
      called() {
        throw new Error('an observer broke');
      },
    };
    await expect(upstream.read(aRead(), anOperation({ observer }))).rejects.toThrow('an observer broke');
    expect((await upstream.read(aRead(), anOperation())).value).toBe('value');
    expect(permits).toEqual([['spent'], ['spent']]);
  });
});
