import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import type { AccessToken } from '../../../src/ports/token-store.ts';
import { createMemoryTokenStore } from '../../../src/upstream/index.ts';
import { createManualClock } from './manual-clock.ts';

const token = (text: string): AccessToken => ({ text, issuedAtMs: 0, expiresAtMs: 1 });

function setUp() {
  const clock = createManualClock();
  const tokenStore = createMemoryTokenStore({ clock, random: () => 0 });
  let issuedCount = 0;
  const issue = async () => {
    issuedCount += 1;
    const issued = token(`t${issuedCount}`);
    await new Promise(setImmediate);
    return issued;
  };
  return { tokenStore, issue, clock, issuedCount: () => issuedCount };
}

describe('the token store of one process', () => {
  test('requests one token for all concurrent callers, and keeps it', async () => {
    const { tokenStore, issue, issuedCount } = setUp();
    expect(await tokenStore.get('a')).toBeNull();
    const got = await Promise.all(Array.from({ length: 100 }, () => tokenStore.replace('a', null, issue)));
    expect(new Set(got.map(({ text }) => text))).toEqual(new Set(['t1']));
    expect(await tokenStore.get('a')).toEqual(token('t1'));
    expect(issuedCount()).toBe(1);
  });

  test('returns the newer token, without a request, to a caller who wants to replace an old one', async () => {
    const { tokenStore, issue, issuedCount } = setUp();
    const first = await tokenStore.replace('a', null, issue);
    const second = await tokenStore.replace('a', first, issue);
    expect(await tokenStore.replace('a', first, issue)).toBe(second);
    expect(await tokenStore.replace('a', null, issue)).toBe(second);
    expect(issuedCount()).toBe(2);
  });

  test('keeps credentials apart', async () => {
    const { tokenStore, issue } = setUp();
    await Promise.all([tokenStore.replace('a', null, issue), tokenStore.replace('b', null, issue)]);
    expect([(await tokenStore.get('a'))?.text, (await tokenStore.get('b'))?.text]).toEqual(['t1', 't2']);
  });

  test('makes at most three attempts after retryable failures, and then fails with retriesSpent', async () => {
    const { tokenStore, issue, clock } = setUp();
    let tryCount = 0;
    const broken = async () => {
      tryCount += 1;
      throw new Failure('UPSTREAM_UNAVAILABLE', 'down', { retryable: true });
    };
    const spent = { code: 'UPSTREAM_UNAVAILABLE', details: { retryable: true, retriesSpent: true } };
    await Promise.all(
      Array.from({ length: 20 }, () =>
        expect(tokenStore.replace('a', null, broken)).rejects.toMatchObject(spent),
      ),
    );
    expect([tryCount, clock.sleeps.length]).toEqual([3, 2]);
    expect((await tokenStore.replace('a', null, issue)).text).toBe('t1');
  });

  test('does not retry a refused token request, and keeps the token it could not replace', async () => {
    const { tokenStore, issue } = setUp();
    const first = await tokenStore.replace('a', null, issue);
    let tryCount = 0;
    const refused = async () => {
      tryCount += 1;
      throw new Failure('UPSTREAM_AUTH', 'refused', { retryable: false });
    };
    await expect(tokenStore.replace('a', first, refused)).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
    expect(tryCount).toBe(1);
    expect(await tokenStore.get('a')).toBe(first);
  });
});
