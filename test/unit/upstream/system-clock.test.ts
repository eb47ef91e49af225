import { expect, test } from '@jest/globals';
import { systemClock } from '../../../src/upstream/index.ts';
import { createListenedSignal, timerCount } from '../../support/left-behind.ts';

test('the system clock returns the system time', () => {
  const beforeMs = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(beforeMs);
});

test('a sleep ends, and an abort ends it with the reason of the signal', async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
  const reason = new Error('gone');
  const leaving = new AbortController();
  const sleeping = systemClock.sleep(60_000, leaving.signal);
  leaving.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(systemClock.sleep(60_000, leaving.signal)).rejects.toBe(reason);
});

test('a sleep leaves no timer or listener behind, however it ended', async () => {
  const signal = createListenedSignal(new Error('gone'));
  const timersBefore = timerCount();
  await systemClock.sleep(1, signal);
  expect(signal.listeners.size).toBe(0);
  const sleeping = systemClock.sleep(60_000, signal);
  expect(timerCount()).toBe(timersBefore + 1);
  for (const act of signal.listeners) act();
  await expect(sleeping).rejects.toBe(signal.reason);
  expect(timerCount()).toBe(timersBefore);
});
