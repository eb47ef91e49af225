import { expect, test } from '@jest/globals';
import { ProviderTime } from '../../../src/live/provider-time.ts';

const startMs = Date.UTC(2026, 5, 1);
const startSecond = startMs / 1_000;
const minuteMs = 60_000;

test('until a row shows more, the provider’s clock may be a minute behind', () => {
  const time = new ProviderTime();
  expect(time.lastPastSecond(startMs)).toBe(startSecond - 62);
  time.observe(startMs, startMs + 200);
  expect(time.lastPastSecond(startMs + 200)).toBe(startSecond - 2);
});

test('our clock set forward: earlier rows count for at most twenty minutes', () => {
  const time = new ProviderTime();
  time.observe(startMs, startMs);
  const jumpMs = 30_000;
  const nowMs = (afterMs: number) => startMs + jumpMs + afterMs;
  // A row of each minute, which is read at once by a clock that is now half a minute ahead.
  for (let minute = 1; minute <= 21; minute += 1) {
    time.observe(startMs + minute * minuteMs, nowMs(minute * minuteMs));
  }
  const afterMs = 21 * minuteMs;
  // The provider's current second is not assumed to be over.
  expect(time.lastPastSecond(nowMs(afterMs))).toBe(startSecond + afterMs / 1_000 - 2);
});

test('our clock set back by hours: rows seen at the other time do not count', () => {
  const time = new ProviderTime();
  time.observe(startMs, startMs);
  const earlierMs = startMs - 180 * minuteMs;
  time.observe(earlierMs - 5_000, earlierMs);
  expect(time.lastPastSecond(earlierMs)).toBe(earlierMs / 1_000 - 7);
});

test('a list without new rows has no effect: its newest row does not lower the bound', () => {
  const time = new ProviderTime();
  for (let second = 0; second < 300; second += 5) time.observe(startMs, startMs + second * 1_000);
  expect(time.lastPastSecond(startMs + 300_000)).toBe(startSecond + 300 - 2);
});
