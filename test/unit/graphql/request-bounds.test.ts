import { describe, expect, test } from '@jest/globals';
import type { CancelSignal } from '../../../src/domain/cancellation.ts';
import { CappedCallMeter } from '../../../src/graphql/reads/call-meter.ts';
import { startDeadline } from '../../../src/graphql/reads/deadline.ts';

test('a meter counts up to its maximum and no further', () => {
  const meter = new CappedCallMeter(2);
  meter.calls += 1;
  meter.calls += 1;
  expect(() => {
    meter.calls += 1;
  }).toThrow(
    expect.objectContaining({
      code: 'CALLS_EXCEEDED',
      message: expect.stringContaining('upstream call number 3'),
    }),
  );
  expect(meter.calls).toBe(2);
});

describe('a deadline', () => {
  const reasonOf = (signal: CancelSignal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

  test('aborts with a reason that names the setting', async () => {
    const { signal } = startDeadline(1, new AbortController().signal);
    expect(await reasonOf(signal)).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      message: expect.stringContaining('1 ms (REQUEST_TIMEOUT_MS)'),
    });
  });

  test('aborts when the caller disconnects, before or after it began', () => {
    const caller = new AbortController();
    const early = startDeadline(60_000, caller.signal);
    expect(early.signal.aborted).toBe(false);
    caller.abort();
    const late = startDeadline(60_000, caller.signal);
    for (const { signal, end } of [early, late]) {
      expect(signal.reason).toMatchObject({ code: 'CANCELLED' });
      end();
    }
  });

  test('stops watching when it ends', () => {
    const caller = new AbortController();
    const { signal, end } = startDeadline(60_000, caller.signal);
    end();
    caller.abort();
    expect(signal.aborted).toBe(false);
  });
});
