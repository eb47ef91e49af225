import { expect, test } from '@jest/globals';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

test('TTLs, cache size and Redis are read from the environment', () => {
  const { cache, redis } = loadConfig({
    BALANCE_MAX_AGE_SECONDS: '0',
    TRANSACTION_MAX_AGE_SECONDS: '7',
    ACCOUNT_MAX_AGE_SECONDS: '3600',
    EXCHANGE_RATE_MAX_AGE_SECONDS: '30',
    STALE_MAX_AGE_SECONDS: '86400',
    MEMORY_MAX_BYTES: '1048576',
    REDIS_URL: 'rediss://user:secret@redis.example:6380/2',
  });
  expect(cache).toEqual({
    balanceMaxAgeSeconds: 0,
    transactionMaxAgeSeconds: 7,
    accountMaxAgeSeconds: 3_600,
    exchangeRateMaxAgeSeconds: 30,
    staleMaxAgeSeconds: 86_400,
    staleAfterMs: 500,
    bytesMax: 1_048_576,
  });
  expect(redis).toMatchObject({
    ...{
      kind: 'SINGLE',
      nodes: [{ host: 'redis.example', port: 6380 }],
      username: 'user',
      password: 'secret',
    },
    ...{ database: 2, keyPrefix: '', tls: { ca: null } },
  });
});

test.each([
  ['BALANCE_MAX_AGE_SECONDS', '3601', 'from 0 to 3600'],
  ['TRANSACTION_MAX_AGE_SECONDS', '-1', 'from 0 to 3600'],
  ['ACCOUNT_MAX_AGE_SECONDS', '1.5', 'from 0 to 3600'],
  ['STALE_MAX_AGE_SECONDS', 'never', 'from 0 to 86400'],
  ['MEMORY_MAX_BYTES', '64 MiB', 'from 1048576 to 999999999'],
  ['REDIS_URL', 'http://redis.example', 'must be a URL such as redis://'],
  ['REDIS_URL', 'redis.example:6379', 'must be a URL such as redis://'],
])('%s %j is refused with what is allowed', (name, value, allowed) => {
  expect(() => loadConfig({ [name]: value })).toThrow(`${name} must be`);
  expect(() => loadConfig({ [name]: value })).toThrow(allowed);
});

test('a password in REDIS_URL is not repeated', () => {
  try {
    loadConfig({ REDIS_URL: 'amqp://user:secret@host' });
    throw new Error('was taken');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).not.toContain('secret');
  }
});
