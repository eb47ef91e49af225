import { describe, expect, test } from '@jest/globals';
import { Cancellation } from '../../../src/domain/cancellation.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { ReadContext } from '../../../src/ports/upstream.ts';
import { type CallBudget, createUpstream } from '../../../src/upstream/index.ts';
import { aHeldRead, anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

/** A gate whose budget notes what becomes of each permit; `hold` lets no more of them out. */
function setUp() {
  const clock = createSteppedClock();
  const permits: string[][] = [];
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const permit = () => {
    const told: string[] = [];
    permits.push(told);
    return {
      spent: () => void told.push('spent'),
      returned: () => void told.push('returned'),
      refused: () => void told.push('refused'),
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
    letOut() {
      for (const next of waiting.splice(0)) next();
    },
  };
}

const down = new Failure('UPSTREAM_UNAVAILABLE', 'down');

describe('exactly one thing is said of each permit', () => {
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

  test('after a refused token, and again for the attempt that follows', async () => {
    const { upstream, permits } = setUp();
    let attemptCount = 0;
    const attempt = async () => {
      attemptCount += 1;
      if (attemptCount === 1) throw new Failure('UPSTREAM_AUTH', 'dead token', { retryable: true });
      return 'value';
    };
    const meter = { calls: 0 };
    await upstream.read(aRead({ attempt }), anOperation({ meter }));
    expect([permits, meter.calls]).toEqual([[['returned'], ['spent']], 1]);
  });

  test('when everybody left while it was waited for', async () => {
    const { upstream, permits, hold, letOut } = setUp();
    hold();
    const signal = new Cancellation();
    const meter = { calls: 0 };
    const read = upstream.read(aRead(), anOperation({ signal, meter })).catch(({ code }) => code);
    signal.abort(undefined);
    letOut();
    expect(await read).toBe('CANCELLED');
    await settle();
    expect([permits, meter.calls]).toEqual([[['returned']], 0]);
  });

  test('when a probe was waited for without it, however the probe ends', async () => {
    const { clock, upstream, permits, failing, hold, letOut } = setUp();
    for (let index = 0; index < 10; index++) await failing(down);
    await clock.advance(61_000);
    permits.length = 0;
    const probe = aHeldRead({ path: '/probe' });
    const first = upstream.read(probe.read, anOperation());
    const second = upstream.read(aRead({}, { path: '/second' }), anOperation());
    await settle();
    expect(permits).toEqual([[], ['returned']]);
    // The next one is waited for, and its reader leaves meanwhile: nothing more is said of the one before.
    hold();
    probe.attempts[0]?.resolve('up');
    await settle();
    letOut();
    expect((await Promise.all([first, second])).map(({ value }) => value)).toEqual(['up', 'value']);
    expect(permits).toEqual([['spent'], ['returned'], ['spent']]);
  });

  test('when the circuit opens while a probe is waited for', async () => {
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

  test('when who counts calls throws, which also ends a probe', async () => {
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
