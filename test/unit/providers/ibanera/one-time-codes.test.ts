import { describe, expect, test } from '@jest/globals';
import { createOneTimeCodes } from '../../../../src/providers/ibanera/one-time-codes.ts';
import { codeOfStep, decodeBase32 } from '../../../../src/sandbox/ibanera/codes.ts';
import fc from '../../../support/fast-check.ts';
import { createManualClock } from '../../upstream/manual-clock.ts';

const { signal } = new AbortController();
const codeAt = (secret: string, second: number) =>
  createOneTimeCodes(secret, false, createManualClock(second * 1_000)).send(signal, async ({ text }) => text);

describe('one-time codes', () => {
  // RFC 6238, appendix B, SHA-1: the last six digits of the eight given there.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at second %i follow RFC 6238', async (second, code) => {
    expect(await codeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', second)).toBe(code);
    expect(await codeAt('gezd gnbv-gy3t qojq gezd gnbv gy3t qojq====', second)).toBe(code);
  });

  test('agree with another implementation for any secret and time', async () => {
    const secret = fc.stringMatching(/^([A-Z2-7]{8}){1,8}$/);
    await fc.assert(
      fc.asyncProperty(secret, fc.integer({ min: 0, max: 4_000_000_000 }), async (text, second) => {
        expect(await codeAt(text, second)).toBe(codeOfStep(decodeBase32(text), Math.floor(second / 30)));
      }),
    );
  });

  test.each(['', 'short', '0189-not-base32', 'GEZDGNBV GY3T!OJQ'])(
    'refuse the secret %j without showing it',
    (secret) => {
      expect(() => createOneTimeCodes(secret, false, createManualClock())).toThrow(
        /^IBANERA_TOTP_SECRET must be base32/,
      );
      const show = () => createOneTimeCodes('GEZDGNBVsecret!', false, createManualClock());
      expect(show).not.toThrow(/GEZDGNBV/);
    },
  );

  test('that are single-use: the step of a cancelled waiter goes to the next one', async () => {
    const clock = createManualClock(0);
    const codes = createOneTimeCodes('GEZDGNBVGY3TQOJQ', true, clock);
    const leaving = new AbortController();
    const steps: number[] = [];
    const send = (by: AbortSignal) =>
      codes.send(by, async ({ step }) => {
        steps.push(step);
      });
    const first = send(signal);
    const second = send(leaving.signal);
    const third = send(signal);
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    await Promise.all([first, third]);
    expect(steps).toEqual([0, 1]);
  });
});
