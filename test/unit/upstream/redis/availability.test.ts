import { expect, test } from '@jest/globals';
import { createAvailability } from '../../../../src/upstream/redis/availability.ts';

test('a command that timed out blocks only commands that would wait no longer', () => {
  const availability = createAvailability(1_000);
  availability.unanswered(1_000);
  expect([1_000, 2_500].map(availability.mayTry)).toEqual([false, true]);
  expect(availability.isUsed()).toBe(false);
});

test('a late reply lets through only commands that wait twice as long', () => {
  const availability = createAvailability(1_000);
  availability.unanswered(5_000);
  availability.answered(1_200);
  expect([1_000, 2_399, 2_400, 5_000].map(availability.mayTry)).toEqual([false, false, true, true]);
  expect(availability.isUsed()).toBe(false);
  availability.answered(500);
  expect(availability.mayTry(1_000)).toBe(true);
  expect(availability.isUsed()).toBe(true);
});

test('a refusal ends with the first write that is answered, and commands are tried meanwhile', () => {
  const availability = createAvailability(1_000);
  availability.refused();
  expect([availability.isUsed(), availability.mayTry(1_000)]).toEqual([false, true]);
  availability.answered(1);
  expect(availability.isUsed()).toBe(true);
});

test('a new connection is tried by all, and used once it has answered', () => {
  const availability = createAvailability(1_000);
  availability.unanswered(2_500);
  availability.disconnected();
  expect(availability.isUsed()).toBe(false);
  availability.connected();
  expect(availability.mayTry(1_000)).toBe(true);
});
