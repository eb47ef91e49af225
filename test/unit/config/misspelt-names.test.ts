import { expect, test } from '@jest/globals';
import { misspeltNames } from '../../../src/config/misspelt-names.ts';
import { variables } from '../../../src/config/variables.ts';

test.each([
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['REDIS_URI', 'REDIS_URL'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['AUTH_KEY', 'AUTH_KEYS'],
  ['BALANCE_MAX_AGE', 'BALANCE_MAX_AGE_SECONDS'],
  ['STALE_MAX_AGE_SECOND', 'STALE_MAX_AGE_SECONDS'],
  ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
  ['MAX_REQUESTS', 'MAX_REQUESTS_PER_MINUTE'],
  ['AUHT', 'AUTH'],
  ['PROT', 'PORT'],
  ['auth', 'AUTH'],
  ['cors_origins', 'CORS_ORIGINS'],
])('%s was probably meant to be %s', (name, meant) => {
  expect(misspeltNames({ [name]: 'x', PATH: '/bin' })).toEqual([{ name, meant }]);
});

test('a variable that is empty, or whose correct name is set too, is not reported', () => {
  expect(misspeltNames({ REDIS_URI: '' })).toEqual([]);
  expect(misspeltNames({ REDIS_URI: 'x', REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([]);
});

test('variables of other programs are not reported, nor are those that are refused', () => {
  const usual =
    'PATH HOME HOSTNAME USER SHELL TERM LANG LANGUAGE PWD EDITOR NODE_ENV NODE_OPTIONS TMPDIR DISPLAY';
  const others =
    'REDIS_SSL REDIS_TTL REDIS_ACL REDIS_HOST REDIS_PASSWORD METRICS_HOST LOG_LABEL LOG_FILE DATABASE_URL';
  const general =
    'UPSTREAM SHUTDOWN COMPILED TRANSACTION CACHE_CONTROL OTEL_SERVICE OTEL_SERVICE_NAME AUTH_URL METRIC';
  // Links to services, as Kubernetes sets them.
  const links =
    'KUBERNETES_PORT REDIS_PORT REDIS_SERVICE_HOST REDIS_PORT_6379_TCP_ADDR METRICS_PORT_9090_TCP AUTH_PORT';
  const names = [usual, others, general, links, 'UQPAY_CLIENT']
    .flatMap((line) => line.split(' '))
    .concat(Object.keys(variables.shape));
  expect(misspeltNames(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  const foreign = names.filter((name) => !(name in variables.shape));
  expect(misspeltNames(Object.fromEntries(foreign.map((name) => [name, 'x'])))).toEqual([]);
});
