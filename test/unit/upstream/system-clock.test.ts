import { expect, test } from '@jest/globals';
import { systemClock } from '../../../src/upstream/index.ts';

test('the system clock tells the time of this machine', () => {
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
