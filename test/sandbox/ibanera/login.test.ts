import { describe, expect, test } from '@jest/globals';
import { codeOfStep, decodeBase32 } from '../../../src/sandbox/ibanera/codes.ts';
import { balancesPath, codesOf, withBench } from './support.ts';

describe('one-time codes (section 2.2)', () => {
  // RFC 6238, appendix B, SHA-1: the last six digits of the eight given there.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i follow RFC 6238', (second, code) => {
    const key = decodeBase32('GEZDGNBVGY3TQOJQ gezdgnbvgy3tqojq');
    expect(key.toString()).toBe('12345678901234567890');
    expect(codeOfStep(key, Math.floor(second / 30))).toBe(code);
  });

  test.each([0, 1] as const)('stay valid for %i more steps', (codeStepsBackMax) =>
    withBench({ behaviour: { codeStepsBackMax } }, async ({ open, get, sandbox, clock }) => {
      await open();
      const otp = sandbox.control.currentCode();
      clock.nowMs += 29_999;
      expect((await get(balancesPath, { otp })).status).toBe(200);
      clock.nowMs += 1;
      expect((await get(balancesPath, { otp })).status).toBe(codeStepsBackMax === 1 ? 200 : 401);
      clock.nowMs += 30_000;
      expect((await get(balancesPath, { otp })).status).toBe(401);
    }),
  );

  test('are accepted once if single-use, logins included', () =>
    withBench({ behaviour: { codesAreSingleUse: true } }, async ({ open, get, clock }) => {
      await open();
      expect((await get(balancesPath)).status).toBe(401);
      clock.nowMs += 30_000;
      expect((await get(balancesPath)).status).toBe(200);
      expect((await get(balancesPath)).status).toBe(401);
    }));
});

describe('a login (section 2.1)', () => {
  test('answers a token with its lifetime in seconds', () =>
    withBench({ tokenLifetimeSeconds: 60 }, async ({ login, open, get, clock }) => {
      const reply = await login();
      expect([reply.status, reply.json]).toEqual([
        200,
        {
          id: 0,
          status: '1',
          errors: [],
          details: {
            accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
            expiresIn: 60,
            refreshToken: expect.any(String),
            refreshTokenExpiresIn: 86_400,
          },
        },
      ]);
      await open();
      clock.nowMs += 59_999;
      expect((await get(balancesPath)).status).toBe(200);
      clock.nowMs += 1;
      expect((await get(balancesPath)).status).toBe(401);
    }));

  test('is refused with the documented codes, and locks for ten minutes after too many', () =>
    withBench({ behaviour: { loginFailuresMax: 3 } }, async ({ login, clock, sandbox }) => {
      expect(codesOf(await login({ username: '' }))).toEqual(['Required']);
      expect(codesOf(await login({ password: 'guess' }))).toEqual(['Username_Or_Password_Incorrect']);
      expect(codesOf(await login({ username: 'guess' }))).toEqual(['Username_Or_Password_Incorrect']);
      expect((await login({ otp: '000000' })).json).toMatchObject({ status: '0', details: null });
      expect(codesOf(await login())).toEqual(['Account_Locked']);
      clock.nowMs += 10 * 60_000 - 1;
      expect(codesOf(await login())).toEqual(['Account_Locked']);
      clock.nowMs += 1;
      expect((await login()).status).toBe(200);
      sandbox.control.setStanding('suppressed');
      expect(codesOf(await login())).toEqual(['Account_Suppressed']);
      sandbox.control.setStanding('not-verified');
      expect(codesOf(await login())).toEqual(['Account_Not_Verified']);
      expect(sandbox.control.loginCount()).toBe(1);
    }));

  test('invalidates the previous token only with the setting on', async () => {
    for (const singleLiveToken of [true, false]) {
      await withBench({ behaviour: { singleLiveToken } }, async ({ open, login, get }) => {
        await open();
        await login();
        expect((await get(balancesPath)).status).toBe(singleLiveToken ? 401 : 200);
      });
    }
  });
});

describe('a call', () => {
  test('needs both the token and the code', () =>
    withBench({}, async ({ open, get }) => {
      await open();
      const refused = [
        { otp: null },
        { otp: '12345' },
        { authorization: null },
        { authorization: 'Bearer x' },
      ];
      for (const headers of refused) expect((await get(balancesPath, headers)).status).toBe(401);
      expect((await get(balancesPath)).status).toBe(200);
    }));

  test.each(['401-envelope', '401-text', '401-empty', '403-envelope', '400-envelope'] as const)(
    'is refused in the configured shape: %s',
    (refusalOfCalls) =>
      withBench({ behaviour: { refusalOfCalls } }, async ({ get }) => {
        const reply = await get(balancesPath);
        expect(reply.status).toBe(Number(refusalOfCalls.slice(0, 3)));
        expect(reply.json !== null).toBe(refusalOfCalls.endsWith('envelope'));
      }),
  );
});
