import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';
import { problemsOf } from './problems-of.ts';

const sandbox = 'https://api.sandbox.noah.com/v1';
const production = 'https://api.noah.com/v1';
const loopback = 'http://127.0.0.1:4102/v1';
const pem = ecKey('secp384r1');
const given = { NOAH_API_KEY: 'apikey_sandbox_abc', NOAH_SIGNING_KEY: pem };

const directory = mkdtempSync(join(tmpdir(), 'noah-'));
afterAll(() => rmSync(directory, { recursive: true }));

function ecKey(namedCurve: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function keyFile(text: string): string {
  const path = join(directory, 'key.pem');
  writeFileSync(path, text);
  return path;
}

describe('NOAH credentials', () => {
  test('only NOAH is read, in its sandbox', () => {
    expect(loadConfig(given)).toMatchObject({
      noah: {
        mode: 'remote',
        baseUrl: sandbox,
        environment: 'SANDBOX',
        apiKey: 'apikey_sandbox_abc',
        signingKeyPem: pem.trim(),
        rateLimitPerMinute: null,
      },
      uqpay: null,
      ibanera: null,
    });
  });

  test.each([
    [sandbox, 'apikey_sandbox_abc_def', '', 'SANDBOX'],
    [`${sandbox}/`, 'apikey_sandbox_abc', pem, 'SANDBOX'],
    [production, 'apikey_prod_abc', pem, 'PRODUCTION'],
    [loopback, 'anything', '', 'SANDBOX'],
    ['https://noah.proxy.example/v1', 'anything', '', 'PRODUCTION'],
  ])('%s takes %s and is %#', (baseUrl, apiKey, signingKey, environment) => {
    const env = { NOAH_BASE_URL: baseUrl, NOAH_API_KEY: apiKey, NOAH_SIGNING_KEY: signingKey };
    expect(loadConfig(env).noah).toMatchObject({ environment, apiKey });
  });

  test.each([
    [sandbox, 'apikey_prod_the-secret', 'NOAH_API_KEY', /NOAH_BASE_URL.*apikey_sandbox_$/],
    ['', 'apikey_prod_the-secret', 'NOAH_API_KEY', /NOAH_BASE_URL.*apikey_sandbox_$/],
    [production, 'apikey_sandbox_the-secret', 'NOAH_API_KEY', /NOAH_BASE_URL.*apikey_prod_$/],
    [production, 'the-secret', 'NOAH_API_KEY', /apikey_prod_$/],
    [sandbox, 'apikey_sandbox_', 'NOAH_API_KEY', /apikey_sandbox_$/],
  ])('%s does not take %s, which is not repeated', (baseUrl, apiKey, name, problem) => {
    const problems = problemsOf({ ...given, NOAH_BASE_URL: baseUrl, NOAH_API_KEY: apiKey });
    expect(problems).toEqual({ [name]: expect.stringMatching(problem) });
    expect(problems[name]).not.toContain('the-secret');
  });

  test('production accepts signed requests only', () => {
    expect(problemsOf({ NOAH_BASE_URL: production, NOAH_API_KEY: 'apikey_prod_abc' })).toEqual({
      NOAH_SIGNING_KEY: 'is not set: api.noah.com accepts signed requests only',
    });
  });

  test('a signing key without an API key is incomplete', () => {
    expect(problemsOf({ NOAH_SIGNING_KEY: pem })).toEqual({
      NOAH_API_KEY: 'is not set, but NOAH_SIGNING_KEY is; NOAH requires the API key too',
    });
  });
});

describe('NOAH_SIGNING_KEY', () => {
  test.each([
    ['PEM', pem],
    ['PEM with \\n in the place of line breaks', pem.replaceAll('\n', '\\n')],
    ['a file', `@${keyFile(pem)}`],
  ])('may be %s', (_kind, value) => {
    expect(loadConfig({ ...given, NOAH_SIGNING_KEY: value }).noah).toMatchObject({
      signingKeyPem: pem.trim(),
    });
  });

  test('may be a P-256 key too, which NOAH accepts', () => {
    const p256 = ecKey('prime256v1');
    expect(loadConfig({ ...given, NOAH_SIGNING_KEY: p256 }).noah).toMatchObject({
      signingKeyPem: p256.trim(),
    });
  });

  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  test.each([
    ['hunter2-secret', 'must be a private key in PEM form, not encrypted'],
    [pem.slice(0, 90), 'must be a private key in PEM form'],
    [publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'must be a private key in PEM form'],
    [
      privateKey
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
        .toString(),
      'must be a private key in PEM form, not encrypted',
    ],
    [privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'must be an EC key on the curve P-384'],
    [ecKey('secp521r1'), 'must be an EC key on the curve P-384'],
    [`@${join(directory, 'hunter2-missing.pem')}`, 'names a file that cannot be read (ENOENT)'],
    [`@${directory}`, 'names a file that cannot be read (EISDIR)'],
    ['@/dev/zero', 'names a file that cannot be read (ENOTFILE)'],
  ])('anything else is refused and not shown (%#)', (value, problem) => {
    const problems = problemsOf({ ...given, NOAH_SIGNING_KEY: value });
    expect(problems).toEqual({ NOAH_SIGNING_KEY: expect.stringContaining(problem) });
    expect(problems.NOAH_SIGNING_KEY).not.toContain('hunter2');
    expect(problems.NOAH_SIGNING_KEY).not.toContain(value.slice(0, 40));
  });
});

describe('other variables of NOAH', () => {
  test.each([
    ['NOAH_BASE_URL', 'https://api.noah.com', "must end with /v1 for NOAH's own hosts"],
    ['NOAH_BASE_URL', 'https://api.noah.com.', "must end with /v1 for NOAH's own hosts"],
    ['NOAH_BASE_URL', 'http://api.noah.com/v1', 'must start with https://'],
    ['NOAH_RATE_LIMIT_PER_MINUTE', 'many', 'must be a whole number from 0 to 1000000; it is "many"'],
    ['NOAH_APIKEY', 'x', 'is not a variable of this gateway; did you mean NOAH_API_KEY?'],
    ['NOAH_SIGNINGKEY', 'x', 'is not a variable of this gateway; did you mean NOAH_SIGNING_KEY?'],
  ])('%s %j is refused', (name, value, problem) => {
    expect(problemsOf({ ...given, [name]: value })).toEqual({ [name]: expect.stringContaining(problem) });
  });

  test('the error for an address without a key says what to do', () => {
    expect(problemsOf({ NOAH_BASE_URL: production })).toEqual({
      NOAH_BASE_URL:
        'is set without credentials; set NOAH_API_KEY too, or unset it to use the embedded sandbox',
    });
  });
});

test('mistakes with several providers are reported together', () => {
  expect(
    Object.keys(
      problemsOf({ UQPAY_API_KEY: 'a', IBANERA_USERNAME: 'b', NOAH_SIGNING_KEY: 'c', PORT: 'd' }),
    ).sort(),
  ).toEqual([
    'IBANERA_BASE_URL',
    'IBANERA_PASSWORD',
    'IBANERA_TOTP_SECRET',
    'NOAH_API_KEY',
    'NOAH_SIGNING_KEY',
    'PORT',
    'UQPAY_CLIENT_ID',
  ]);
});
