import { describe, expect, test } from '@jest/globals';
import { homePage, startUpLines } from '../../../src/app/start-up-lines.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const url = 'http://127.0.0.1:4000/graphql';
const pair = { UQPAY_CLIENT_ID: 'client-1', UQPAY_API_KEY: 'key-1' };
const ibanera = {
  IBANERA_BASE_URL: 'https://ibanera.example',
  IBANERA_USERNAME: 'client-1',
  IBANERA_PASSWORD: 'key-1',
  IBANERA_TOTP_SECRET: 'ABCDEFGH',
};
const textOf = (env: Record<string, string>) => startUpLines(loadConfig(env), url).join('\n');

describe('start-up lines', () => {
  test('without credentials they say that the data is invented, and give the URLs and the next steps', () => {
    const text = textOf({});
    expect(text).toContain(
      'Data      UQPAY    embedded sandbox, invented data (banking, issuing, payment)\n',
    );
    expect(text).toContain('          Ibanera  embedded sandbox, invented data (asset accounts)\n');
    expect(text).toContain('          NOAH     embedded sandbox, invented data (current account)\n');
    expect(text).toContain(`GraphQL   ${url}`);
    expect(text).toContain('UQPAY_CLIENT_ID and UQPAY_API_KEY');
  });

  test.each([
    ['https://api-sandbox.uqpaytech.com/api', 'UQPAY  sandbox, no real money'],
    ['https://api.uqpay.com/api', 'UQPAY  live data'],
    ['https://other.example/api', 'UQPAY  live data'],
  ])('with credentials for %s they say: %s', (baseUrl, label) => {
    const text = textOf({ ...pair, UQPAY_BASE_URL: baseUrl });
    expect(text).toContain(`${label}: ${baseUrl} (banking, issuing, payment)\n`);
    expect(text).not.toContain('invented');
  });

  test('with credentials of two providers they name those two, and no third', () => {
    const text = textOf({
      ...ibanera,
      NOAH_API_KEY: 'apikey_sandbox_key-1',
    });
    expect(text).toContain(
      'Data      Ibanera  live data: https://ibanera.example (asset accounts, no transactions)\n',
    );
    expect(text).toContain(
      '          NOAH     sandbox, no real money: https://api.sandbox.noah.com/v1 (current account)\n',
    );
    expect(text).not.toMatch(/UQPAY|invented/);
  });

  test('Apollo Sandbox is offered for invented data only', () => {
    expect(textOf({})).toContain(
      `studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(url)}`,
    );
    expect(textOf(pair)).not.toContain('studio');
    expect(homePage(loadConfig(pair), url)).not.toContain('studio');
  });

  test('it is offered if CORS_ORIGINS lists it, and not if CORS_ORIGINS lists only others', () => {
    const studio = 'https://studio.apollographql.com';
    expect(textOf({ CORS_ORIGINS: 'https://one.example' })).not.toContain('studio');
    expect(textOf({ CORS_ORIGINS: `https://one.example,${studio}` })).toContain(`${studio}/sandbox/explorer`);
    expect(textOf({ ...pair, CORS_ORIGINS: studio })).toContain(`${studio}/sandbox/explorer`);
  });

  test('the dashboard at / and the explorer at /explorer are offered if they are on', () => {
    expect(textOf({})).toContain('Dashboard http://127.0.0.1:4000/\n');
    expect(textOf({})).toContain('Explore   http://127.0.0.1:4000/explorer\n');
    expect(textOf({ EXPLORER: 'off' })).not.toMatch(/4000\/(explorer)?\n/);
    expect(textOf({ DASHBOARD: 'off' })).not.toContain('http://127.0.0.1:4000/\n');
  });

  test('neither they nor the home page show a key', () => {
    const env = { ...pair, ...ibanera, NOAH_API_KEY: 'apikey_sandbox_key-1' };
    for (const text of [textOf(env), homePage(loadConfig(env), url)]) {
      expect(text).not.toMatch(/client-1|key-1|ABCDEFGH/);
    }
  });

  test('the home page names providers and their addresses only on this machine', () => {
    const local = { ...pair, ...ibanera };
    expect(homePage(loadConfig(local), url)).toContain('https://ibanera.example');
    const shared = [
      { ...local, HOST: '0.0.0.0', AUTH: 'none' },
      // A proxy on the same machine admits callers from elsewhere.
      { ...local, AUTH: 'none' },
    ];
    for (const env of shared) {
      const text = homePage(loadConfig(env), url);
      expect(text).toContain(`GraphQL   ${url}`);
      expect(text).not.toMatch(/ibanera|uqpay|live data|https:/i);
    }
  });

  test.each([
    ['127.0.0.1', false],
    ['127.1.2.3', false],
    ['localhost', false],
    ['::1', false],
    ['0.0.0.0', true],
    ['::', true],
    ['10.0.0.7', true],
    ['gateway.internal', true],
  ])('HOST %s: warns that no login is required: %s', (host, warns) => {
    expect(textOf({ HOST: host, AUTH: 'none' }).includes('no login is required')).toBe(warns);
  });
});
