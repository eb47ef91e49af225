// Replicas that request tokens without Redis: in turn, and no more often than their cached reads allow.
import { expect, test } from '@jest/globals';
import { createOfflineTokenTurns } from '../../../../src/upstream/redis/offline-token-turns.ts';
import { createManualClock } from '../manual-clock.ts';

const staleMaxAgeMs = 60_000;

function setUp(random = 0.5) {
  const clock = createManualClock();
  const startMs = clock.now();
  const offline = createOfflineTokenTurns({ clock, random: () => random, staleMaxAgeMs });
  return {
    clock,
    offline,
    elapsedMs: () => clock.now() - startMs,
    async untilTurn(hadToken: boolean) {
      while (!(await offline.isItsTurn('c', hadToken)));
    },
  };
}

test('the first token comes at random within four seconds, for which callers wait', async () => {
  const { untilTurn, elapsedMs } = setUp(0.75);
  await untilTurn(false);
  expect(elapsedMs()).toBe(3_000);
});

test('a lost token is replaced at a random time within half the age of a stale read, and callers are refused at once', async () => {
  const { clock, offline, untilTurn, elapsedMs } = setUp(0.5);
  await expect(offline.isItsTurn('c', true)).rejects.toMatchObject({
    code: 'UPSTREAM_AUTH',
    details: { tokenMissing: 'BEFORE_CALL', retryAfterSeconds: 15 },
  });
  expect(clock.sleeps).toEqual([]);
  clock.advance(14_000);
  await untilTurn(true);
  expect(elapsedMs()).toBe(15_000);
});

test('no other token is requested before the reads of the last one are too old', async () => {
  const { clock, offline, untilTurn } = setUp(0);
  await untilTurn(false);
  offline.issued('c');
  offline.served('c');
  clock.advance(10_000);
  await expect(offline.isItsTurn('c', true)).rejects.toMatchObject({ details: { retryAfterSeconds: 50 } });
  clock.advance(50_000);
  expect(await offline.isItsTurn('c', true)).toBe(true);
});

test('a token that was ended at once is replaced soon, but not a second time', async () => {
  const { clock, offline, untilTurn, elapsedMs } = setUp(0);
  await untilTurn(false);
  offline.issued('c');
  clock.advance(400);
  await untilTurn(true);
  expect(elapsedMs()).toBe(2_400);
  offline.issued('c');
  clock.advance(400);
  await expect(offline.isItsTurn('c', true)).rejects.toMatchObject({ details: { retryAfterSeconds: 60 } });
});

test('a token that served no call before it ended is replaced soon, but not a second time', async () => {
  const { clock, offline, untilTurn, elapsedMs } = setUp(0);
  await untilTurn(false);
  offline.issued('c');
  clock.advance(900);
  await untilTurn(true);
  expect(elapsedMs()).toBe(2_900);
  offline.issued('c');
  clock.advance(900);
  await expect(offline.isItsTurn('c', true)).rejects.toMatchObject({ details: { retryAfterSeconds: 60 } });
});

test('when Redis is back, everything starts from the beginning', async () => {
  const { offline, untilTurn } = setUp(0);
  await untilTurn(false);
  offline.issued('c');
  offline.end();
  expect(await offline.isItsTurn('c', true)).toBe(true);
});
