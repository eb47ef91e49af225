// Which AUTH settings are accepted, and the errors for the others.
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { loadConfig } from '../../../../src/config/load-config.ts';

const hash = 'ab'.repeat(32);
const key = { subject: 'dashboard', sha256: hash, scopes: ['balances:read'], accounts: ['UQPAY/*'] };
const jwt = { AUTH: 'jwt', AUTH_JWT_ISSUER: 'https://issuer.example', AUTH_JWT_AUDIENCE: 'balances' };
const secret = 'x'.repeat(32);

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain(secret);
    expect(error.message).not.toContain(hash);
    return error.problems.map(({ name }) => name);
  }
}

describe('HOST', () => {
  test.each(['0.0.0.0', '::', '10.0.0.7', 'gateway.internal', '127.0.0.1.example.com'])(
    '%s needs AUTH, or an explicit AUTH=none',
    (HOST) => {
      expect(problemsOf({ HOST })).toEqual(['AUTH']);
      expect(loadConfig({ HOST, AUTH: 'none' }).auth).toEqual({ mode: 'none' });
      expect(problemsOf({ HOST, AUTH: 'keys', AUTH_KEYS: JSON.stringify([key]) })).toEqual([]);
    },
  );

  test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('%s does not', (HOST) => {
    expect(loadConfig({ HOST }).auth).toEqual({ mode: 'none' });
  });
});

test('a setting that would have no effect is refused, because the gateway would be open', () => {
  expect(problemsOf({ AUTH_KEYS: JSON.stringify([key]) })).toEqual(['AUTH_KEYS']);
  expect(problemsOf({ AUTH: 'none', AUTH_JWT_SECRET: secret })).toEqual(['AUTH_JWT_SECRET']);
  expect(problemsOf({ ...jwt, AUTH_JWT_SECRET: secret, AUTH_KEYS: JSON.stringify([key]) })).toEqual([
    'AUTH_KEYS',
  ]);
});

test('keys are parsed, with their rights', () => {
  const { auth } = loadConfig({ AUTH: 'keys', AUTH_KEYS: JSON.stringify([key]) });
  expect(auth).toEqual({
    mode: 'keys',
    keys: [
      {
        sha256: hash,
        caller: {
          subject: 'dashboard',
          scopes: ['balances:read'],
          grants: [{ provider: 'UQPAY', account: 'ALL' }],
        },
      },
    ],
  });
});

test.each([
  ['no JSON', 'dashboard'],
  ['no list', JSON.stringify(key)],
  ['nobody', '[]'],
  ['a key instead of its hash', JSON.stringify([{ ...key, sha256: secret }])],
  ['an unknown scope', JSON.stringify([{ ...key, scopes: ['balances:write'] }])],
  ['an unknown provider', JSON.stringify([{ ...key, accounts: ['UQPEY/*'] }])],
  ['no account', JSON.stringify([{ ...key, accounts: [] }])],
  ['a misspelt setting', JSON.stringify([{ ...key, account: [] }])],
  ['a rate below nothing', JSON.stringify([{ ...key, requestsPerMinute: -1 }])],
  ['one subject twice', JSON.stringify([key, { ...key, sha256: 'cd'.repeat(32) }])],
  ['one key twice', JSON.stringify([key, { ...key, subject: 'other' }])],
])('AUTH_KEYS with %s is refused', (_what, AUTH_KEYS) => {
  expect(problemsOf({ AUTH: 'keys', AUTH_KEYS })).toEqual(['AUTH_KEYS']);
});

test('of several keys, the error names the wrong one and its member, but never the value', () => {
  const wrong = { ...key, subject: 'other', sha256: 'top secret' };
  const load = () => loadConfig({ AUTH: 'keys', AUTH_KEYS: JSON.stringify([key, wrong]) });
  expect(load).toThrow(
    /AUTH_KEYS .*\. Number 2 of the array is wrong in "sha256": it is the SHA-256 of the key/,
  );
  expect(load).not.toThrow(/top secret/);
});

test.each([
  [
    { scopes: ['balances:read', 'accounts:raed'] },
    'there is no scope "accounts:raed": allowed are accounts:read,',
  ],
  [
    { scopes: [secret.toUpperCase()] },
    'there is no scope that may be shown here: allowed are accounts:read,',
  ],
  [{ scopes: undefined, scope: ['accounts:read'] }, 'it has no member "scope"'],
  [{ accounts: ['UQPAY/*', 'uqpay'] }, 'entry 2 names no account: allowed are *, UQPAY/*, UQPAY/master,'],
])('a mistake in AUTH_KEYS is reported with the wrong word and the allowed ones: %j', (members, told) => {
  const AUTH_KEYS = JSON.stringify([{ ...key, ...members }]);
  expect(() => loadConfig({ AUTH: 'keys', AUTH_KEYS })).toThrow(told);
  expect(() => loadConfig({ AUTH: 'keys', AUTH_KEYS })).not.toThrow(secret.toUpperCase());
});

test('AUTH=keys without keys, AUTH=jwt without its parts', () => {
  expect(problemsOf({ AUTH: 'keys' })).toEqual(['AUTH_KEYS']);
  expect(problemsOf({ AUTH: 'jwt' })).toEqual(['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE', 'AUTH_JWKS_URL']);
  const both = { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: 'https://issuer.example/keys' };
  expect(problemsOf({ ...jwt, ...both })).toEqual(['AUTH_JWKS_URL']);
  expect(problemsOf({ ...jwt, AUTH_JWT_SECRET: 'short' })).toEqual(['AUTH_JWT_SECRET']);
  expect(problemsOf({ ...jwt, AUTH_JWKS_URL: 'http://issuer.example/keys' })).toEqual(['AUTH_JWKS_URL']);
  expect(problemsOf({ ...jwt, AUTH_JWKS_URL: 'http://127.0.0.1:9/keys' })).toEqual([]);
});

test('a secret goes with HS algorithms only, published keys with none of them', () => {
  const bySecret = { ...jwt, AUTH_JWT_SECRET: secret };
  const byUrl = { ...jwt, AUTH_JWKS_URL: 'https://issuer.example/keys' };
  expect(loadConfig(bySecret).auth).toMatchObject({ algorithms: ['HS256'] });
  expect(loadConfig(byUrl).auth).toMatchObject({ algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] });
  expect(problemsOf({ ...bySecret, AUTH_JWT_ALGORITHMS: 'HS256,RS256' })).toEqual(['AUTH_JWT_ALGORITHMS']);
  expect(problemsOf({ ...byUrl, AUTH_JWT_ALGORITHMS: 'ES256,HS256' })).toEqual(['AUTH_JWT_ALGORITHMS']);
  expect(problemsOf({ ...byUrl, AUTH_JWT_ALGORITHMS: 'none' })).toEqual(['AUTH_JWT_ALGORITHMS']);
});

describe('rates and proxies', () => {
  test('callers are counted as soon as AUTH is set', () => {
    const keys = { AUTH: 'keys', AUTH_KEYS: JSON.stringify([{ ...key, requestsPerMinute: 6000 }]) };
    expect(loadConfig({}).rates.requestsPerMinute).toBe(0);
    expect(loadConfig({ AUTH: 'none' }).rates.requestsPerMinute).toBe(1_200);
    expect(loadConfig(keys)).toMatchObject({
      rates: { requestsPerMinute: 1_200 },
      auth: { keys: [{ caller: { subject: 'dashboard', requestsPerMinute: 6_000 } }] },
    });
    expect(loadConfig({ ...keys, MAX_REQUESTS_PER_MINUTE: '0' }).rates.requestsPerMinute).toBe(0);
    expect(loadConfig({ MAX_REQUESTS_PER_MINUTE: '60' }).rates.requestsPerMinute).toBe(60);
    expect(problemsOf({ MAX_REQUESTS_PER_MINUTE: 'many' })).toEqual(['MAX_REQUESTS_PER_MINUTE']);
  });

  test('a proxy is an address or a network, and never every address', () => {
    const TRUSTED_PROXIES = '10.0.0.0/8,192.0.2.7,fd00::/8';
    expect(loadConfig({ TRUSTED_PROXIES }).trustedProxies).toEqual(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
    for (const value of ['0.0.0.0/0', '10.0.0.1,', 'router.internal', '10.0.0.0/8 192.0.2.7']) {
      expect(problemsOf({ TRUSTED_PROXIES: value })).toEqual(['TRUSTED_PROXIES']);
    }
  });
});
