import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { credentialDigest } from '../../../../src/providers/shared/credential-digest.ts';
import { parseRetryAfter } from '../../../../src/providers/shared/retry-after.ts';
import { untilAborted } from '../../../../src/providers/shared/until-aborted.ts';

const nowMs = Date.parse('2026-03-01T00:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['120', 120],
    [' 7 ', 7],
    ['Sun, 01 Mar 2026 00:00:30 GMT', 30],
    ['Sat, 28 Feb 2026 23:00:00 GMT', 0],
    ['Sunday, 01-Mar-26 00:00:30 GMT', 30],
    ['Sun Mar  1 00:00:30 2026', 30],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 999_999_999],
  ])('%j is %j seconds', (value, seconds) => {
    expect(parseRetryAfter(value, nowMs)).toBe(seconds);
  });

  test.each(['', '-5', '1.5', 'soon', 'Sun, soon', '99999999999', undefined])(
    '%j is not readable',
    (value) => {
      expect(parseRetryAfter(value, nowMs)).toBeNull();
    },
  );
});

describe('the digest of a credential', () => {
  const parts = ['UQPAY', 'SANDBOX', 'client', 'secret'] as const;

  test('is deterministic and changes with every part', () => {
    const others = [
      credentialDigest('NOAH', 'SANDBOX', 'client', 'secret'),
      credentialDigest('UQPAY', 'PRODUCTION', 'client', 'secret'),
      credentialDigest('UQPAY', 'SANDBOX', 'client2', 'secret'),
      credentialDigest('UQPAY', 'SANDBOX', 'client', 'secret2'),
      credentialDigest('UQPAY', 'SANDBOX', 'clients', 'ecret'),
    ];
    expect(credentialDigest(...parts)).toBe(credentialDigest(...parts));
    expect(new Set([credentialDigest(...parts), ...others]).size).toBe(6);
  });

  test('holds neither part', () => {
    expect(credentialDigest(...parts)).toMatch(/^[\w-]{22}$/);
    expect(credentialDigest(...parts)).not.toMatch(/client|secret/);
  });
});

test('work that fails after all callers cancelled is not reported as a fault', async () => {
  const unheard: unknown[] = [];
  const listen = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', listen);
  try {
    const work = Promise.reject(new Error('no token was issued'));
    await expect(untilAborted(work, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    await setImmediate();
  } finally {
    process.off('unhandledRejection', listen);
  }
  expect(unheard).toEqual([]);
});
