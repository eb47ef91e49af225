// Features that are on for development, and off if others can reach the gateway or the data is live.
import { expect, test } from '@jest/globals';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const live = {
  UQPAY_CLIENT_ID: 'client-1',
  UQPAY_API_KEY: 'key-1',
  UQPAY_BASE_URL: 'https://api.uqpay.com/api',
};
const sandbox = { ...live, UQPAY_BASE_URL: 'https://api-sandbox.uqpaytech.com/api' };
const exposed = { HOST: '0.0.0.0', AUTH: 'none' };

test.each([
  ['invented data on this machine', {}, true],
  ["UQPAY's sandbox on this machine", sandbox, true],
  ['live data on this machine', live, false],
  ['invented data for others', exposed, false],
  ['live data for others', { ...live, ...exposed }, false],
])('explorer and introspection with %s: %#', (_what, env, isOn) => {
  expect(loadConfig(env)).toMatchObject({ explorer: isOn, introspection: isOn });
  expect(loadConfig({ ...env, EXPLORER: 'on', INTROSPECTION: 'off' })).toMatchObject({
    explorer: true,
    introspection: false,
  });
});

test.each([
  ['EXPLORER', 'yes'],
  ['INTROSPECTION', 'true'],
  ['COMPILED_EXECUTION', 'false'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'dashboard.example'],
  ['CORS_ORIGINS', 'https://dashboard.example/'],
  ['CORS_ORIGINS', 'https://one.example, https://two.example'],
  ['MAX_QUERY_COST', '0'],
  ['MAX_QUERY_DEPTH', '-1'],
])('%s=%s is refused, naming the variable', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => loadConfig({ [name]: value })).toThrow(RegExp(`  ${name} must`));
});
