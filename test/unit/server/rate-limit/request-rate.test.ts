// How often one caller may send requests, with the counter of one process; the test ends the minute.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { anonymous, type Caller } from '../../../../src/domain/caller.ts';
import {
  countedKeysMax,
  createCallerKey,
  createMemoryCounter,
  createRequestRate,
} from '../../../../src/server/rate-limit/index.ts';
import { originAt } from '../../../support/origin.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_900_000_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

const clock = { now: () => Date.now(), sleep: async () => {} };
const named = (subject: string): Caller => ({ ...anonymous, subject });

function createRate(perMinute: number, hasNames = true) {
  const lines: unknown[] = [];
  const counter = createMemoryCounter();
  let countings = 0;
  const admit = createRequestRate({
    counter: {
      count(key) {
        countings += 1;
        return counter.count(key);
      },
    },
    perMinute,
    callerKey: createCallerKey(hasNames),
    clock,
    log: { warn: (details) => lines.push(details) },
  });
  return { admit, lines, countings: () => countings };
}

const limited = (retryAfterSeconds: number) => ({ code: 'RATE_LIMITED', details: { retryAfterSeconds } });

describe('a caller with a name', () => {
  test('is admitted as often as allowed, then refused until the minute is over, then admitted again', async () => {
    const { admit } = createRate(3);
    const ask = () => admit(named('alice'), originAt('192.0.2.1'));
    await ask();
    jest.advanceTimersByTime(20_000);
    await ask();
    await ask();
    await expect(ask()).rejects.toMatchObject(limited(40));
    jest.advanceTimersByTime(39_000);
    await expect(ask()).rejects.toMatchObject(limited(1));
    jest.advanceTimersByTime(1_000);
    await expect(ask()).resolves.toBeUndefined();
  });

  test('is one caller from any address, and does not affect others', async () => {
    const { admit } = createRate(1);
    await admit(named('alice'), originAt('192.0.2.1'));
    await expect(admit(named('alice'), originAt('192.0.2.2'))).rejects.toMatchObject(limited(60));
    await expect(admit(named('bob'), originAt('192.0.2.1'))).resolves.toBeUndefined();
  });

  test('may have their own limit', async () => {
    const { admit } = createRate(1);
    const router = { ...named('router'), requestsPerMinute: 2 };
    const free = { ...named('free'), requestsPerMinute: 0 };
    for (let n = 0; n < 2; n += 1) await admit(router, originAt('192.0.2.1'));
    await expect(admit(router, originAt('192.0.2.1'))).rejects.toMatchObject(limited(60));
    for (let n = 0; n < 5; n += 1) await admit(free, originAt('192.0.2.1'));
  });

  test('a caller that continues costs one log line and no more counting', async () => {
    const { admit, lines, countings } = createRate(2);
    const asks = Array.from({ length: 20 }, () => admit(named('alice'), originAt('192.0.2.1')));
    expect((await Promise.allSettled(asks)).filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(lines).toEqual([{ subject: 'alice', client: '192.0.2.1', perMinute: 2 }]);
    const before = countings();
    await expect(admit(named('alice'), originAt('192.0.2.1'))).rejects.toMatchObject(limited(60));
    expect(countings()).toBe(before);
    jest.advanceTimersByTime(60_000);
    await Promise.allSettled(Array.from({ length: 5 }, () => admit(named('alice'), originAt('192.0.2.1'))));
    expect(lines).toHaveLength(2);
  });
});

describe('callers without names', () => {
  test('are distinguished by address, in IPv6 by network', async () => {
    const { admit } = createRate(1, false);
    await admit(anonymous, originAt('192.0.2.1'));
    await admit(anonymous, originAt('192.0.2.2'));
    await expect(admit(anonymous, originAt('192.0.2.1'))).rejects.toMatchObject(limited(60));
    await admit(anonymous, originAt('2001:db8::1'));
    await expect(admit(anonymous, originAt('2001:db8::2'))).rejects.toMatchObject(limited(60));
    await admit(anonymous, originAt('2001:db8:0:1::1'));
  });
});

test('0 means no limit and no counting', async () => {
  const { admit, countings } = createRate(0);
  for (let n = 0; n < 5; n += 1) await admit(named('alice'), originAt('192.0.2.1'));
  expect(countings()).toBe(0);
});

test('the number of keys is bounded: the least recently seen is evicted', async () => {
  const counter = createMemoryCounter();
  await counter.count('first');
  await counter.count('kept');
  for (let index = 0; index < countedKeysMax - 2; index += 1) await counter.count(`key ${index}`);
  expect(await counter.count('kept')).toMatchObject({ count: 2 });
  await counter.count('one more');
  expect(await counter.count('kept')).toMatchObject({ count: 3 });
  expect(await counter.count('first')).toMatchObject({ count: 1 });
});
