import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';
import { problemsOf } from './problems-of.ts';

const given = {
  IBANERA_BASE_URL: 'https://ibanera.example',
  IBANERA_USERNAME: 'somebody@example.com',
  IBANERA_PASSWORD: 'a pass phrase',
  IBANERA_TOTP_SECRET: 'JBSWY3DPEHPK3PXP',
};
const names = Object.keys(given);

describe('Ibanera credentials', () => {
  test('only Ibanera is read, without its transactions, and no sandbox is started', () => {
    expect(loadConfig(given)).toMatchObject({
      ibanera: {
        mode: 'remote',
        baseUrl: 'https://ibanera.example',
        environment: 'PRODUCTION',
        username: 'somebody@example.com',
        password: 'a pass phrase',
        totpSecret: 'JBSWY3DPEHPK3PXP',
        transactions: false,
        rateLimitPerMinute: null,
      },
      uqpay: null,
      noah: null,
    });
  });

  test.each(names)('without %s, the error names what is missing and what belongs together', (missing) => {
    const env = { ...given, [missing]: '' };
    const problems = problemsOf(env);
    expect(Object.keys(problems)).toEqual([missing]);
    expect(problems[missing]).toMatch(/^is not set, but IBANERA_[A-Z_]+ is; set all of .*, or none$/);
    for (const name of names) expect(problems[missing]).toContain(name);
  });

  test('one credential alone: everything missing is reported at once', () => {
    expect(Object.keys(problemsOf({ IBANERA_PASSWORD: 'x' })).sort()).toEqual(
      names.filter((name) => name !== 'IBANERA_PASSWORD').sort(),
    );
  });

  test.each([
    ['jbsw y3dp ehpk 3pxp', 'JBSWY3DPEHPK3PXP'],
    ['JBSW-Y3DP-EHPK-3PXP====', 'JBSWY3DPEHPK3PXP'],
  ])('the secret is taken as authenticator apps show it: %j', (secret, totpSecret) => {
    expect(loadConfig({ ...given, IBANERA_TOTP_SECRET: secret }).ibanera).toMatchObject({ totpSecret });
  });

  test.each(['JBSWY3D1', 'hunter1-secret', 'ABC', '324550', '===='])(
    'a secret that is not base32 (%s) is refused and not shown',
    (secret) => {
      const problems = problemsOf({ ...given, IBANERA_TOTP_SECRET: secret });
      expect(problems).toEqual({ IBANERA_TOTP_SECRET: expect.stringContaining('must be base32') });
      expect(problems.IBANERA_TOTP_SECRET).not.toContain(secret);
    },
  );

  test('a user name of only spaces is refused', () => {
    const problems = problemsOf({ ...given, IBANERA_USERNAME: '   ' });
    expect(problems).toEqual({ IBANERA_USERNAME: expect.stringContaining('not blanks alone') });
  });

  test('a password with a line break is refused and not shown', () => {
    const problems = problemsOf({ ...given, IBANERA_PASSWORD: 'hunter2\n' });
    expect(problems).toEqual({ IBANERA_PASSWORD: expect.stringContaining('control character') });
    expect(problems.IBANERA_PASSWORD).not.toContain('hunter2');
  });
});

describe('IBANERA_BASE_URL', () => {
  test.each([
    ['https://ibanera.example/', undefined, 'https://ibanera.example', 'PRODUCTION'],
    ['https://ibanera.example', 'sandbox', 'https://ibanera.example', 'SANDBOX'],
    ['http://127.0.0.1:4101', undefined, 'http://127.0.0.1:4101', 'SANDBOX'],
    ['http://127.0.0.1:4101', 'production', 'http://127.0.0.1:4101', 'PRODUCTION'],
  ])('%s with IBANERA_ENVIRONMENT %s is %s, %s', (value, said, baseUrl, environment) => {
    const env = { ...given, IBANERA_BASE_URL: value, IBANERA_ENVIRONMENT: said };
    expect(loadConfig(env).ibanera).toMatchObject({ baseUrl, environment });
  });

  test.each([
    ['http://ibanera.example', 'must start with https://; plain http is allowed for this machine only'],
    ['ibanera.example', 'must be an absolute URL'],
    ['https://me:hunter2@ibanera.example', 'must not contain a user name'],
    ['https://ibanera.example/api', 'must not have a path'],
  ])('%s is refused: %s', (value, problem) => {
    const problems = problemsOf({ ...given, IBANERA_BASE_URL: value });
    expect(problems).toEqual({ IBANERA_BASE_URL: expect.stringContaining(problem) });
    expect(problems.IBANERA_BASE_URL).not.toContain('hunter2');
  });

  test('without credentials, the error says what to do', () => {
    expect(problemsOf({ IBANERA_BASE_URL: 'https://ibanera.example' })).toEqual({
      IBANERA_BASE_URL:
        'is set without credentials; set IBANERA_USERNAME, IBANERA_PASSWORD and IBANERA_TOTP_SECRET too, or unset it to use the embedded sandbox',
    });
  });
});

describe('other variables of Ibanera', () => {
  test.each([
    ['on', true],
    ['off', false],
  ])(
    'IBANERA_TRANSACTIONS %s applies to Ibanera itself and to the embedded sandbox',
    (value, transactions) => {
      expect(loadConfig({ ...given, IBANERA_TRANSACTIONS: value }).ibanera).toMatchObject({ transactions });
      expect(loadConfig({ IBANERA_TRANSACTIONS: value }).ibanera).toMatchObject({ transactions });
    },
  );

  test.each([
    ['IBANERA_TRANSACTIONS', 'yes', 'must be on or off; it is "yes"'],
    ['IBANERA_ENVIRONMENT', 'live', 'must be one of sandbox, production; it is "live"'],
    ['IBANERA_RATE_LIMIT_PER_MINUTE', '-1', 'must be a whole number from 0 to 1000000; it is "-1"'],
    ['IBANERA_USER', 'somebody', 'is not a variable of this gateway; did you mean IBANERA_USERNAME?'],
    ['ibanera_otp_secret', 'x', 'is not a variable of this gateway; did you mean IBANERA_TOTP_SECRET?'],
  ])('%s %j is refused', (name, value, problem) => {
    expect(problemsOf({ ...given, [name]: value })).toEqual({ [name]: problem });
  });

  test('a setting of Ibanera without its credentials is refused: it would have no effect', () => {
    const uqpay = { UQPAY_CLIENT_ID: 'client-1', UQPAY_API_KEY: 'key-1' };
    expect(problemsOf({ ...uqpay, IBANERA_TRANSACTIONS: 'on' })).toEqual({
      IBANERA_TRANSACTIONS: expect.stringMatching(/^is set without credentials; .* or unset it$/),
    });
  });
});
