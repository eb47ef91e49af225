// What the doctor reports about the settings, this machine and its connections.
import { afterEach, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { openTestRedis, redisTest } from '../redis/redis.fixture.ts';
import { consult, openAnswering, openFakeRedis, troubles } from './doctor.fixture.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function answering(body: string, status?: number) {
  const server = await openAnswering(body, status);
  closers.push(server.close);
  return server;
}

describe('settings', () => {
  test('without credentials all data is invented, and no provider is called', async () => {
    const { sections, of } = await consult({});
    expect(of('Configuration').map(({ text }) => text)).toEqual([
      'Every variable can be used.',
      'No provider has credentials: all data is invented, by embedded sandboxes.',
    ]);
    expect(sections.map(({ name }) => name)).toEqual(['Node', 'Configuration', 'Ports', 'Callers']);
  });

  test('all invalid variables are named together, and nothing is tried', async () => {
    const { sections, of, text } = await consult({
      PORT: 'x',
      UQPAY_API_KEY: 'half-a-pair',
      EXPLORER: 'yes',
    });
    expect(sections.map(({ name }) => name)).toEqual(['Node', 'Configuration']);
    expect(troubles(of('Configuration'))).toEqual([
      expect.stringMatching(/^problem UQPAY_CLIENT_ID /),
      expect.stringMatching(/^problem PORT must be a whole number/),
      expect.stringMatching(/^problem EXPLORER must be on or off/),
    ]);
    expect(text).not.toContain('half-a-pair');
  });

  test('a variable that resembles one of the gateway is a warning without its value', async () => {
    const { of, text } = await consult({ REDIS_URI: 'redis://:pass-word@127.0.0.1' });
    expect(troubles(of('Configuration'))).toEqual([
      'warning REDIS_URI is not a variable of this gateway, and is ignored.',
    ]);
    expect(of('Configuration').find(({ level }) => level === 'warning')?.remedy).toBe(
      'Did you mean REDIS_URL?',
    );
    expect(text).not.toContain('pass-word');
  });

  test('features open with live data are warnings', async () => {
    const found = await consult({
      // Nothing listens there, because this only checks the settings.
      IBANERA_BASE_URL: 'http://127.0.0.1:9',
      IBANERA_USERNAME: 'user',
      IBANERA_PASSWORD: 'secret-password',
      IBANERA_TOTP_SECRET: 'ONQW4ZDCN54GIZLN',
      IBANERA_ENVIRONMENT: 'production',
      HOST: '0.0.0.0',
      AUTH: 'none',
      EXPLORER: 'on',
      INTROSPECTION: 'on',
      CORS_ORIGINS: 'https://dashboard.example',
    });
    expect(troubles(found.of('Configuration')).map((text) => text.slice(0, 40))).toEqual([
      'warning AUTH is none and HOST is 0.0.0.0',
      'warning EXPLORER is on with live data.',
      'warning INTROSPECTION is on with live da',
      'warning Pages of https://dashboard.examp',
    ]);
    expect(troubles(found.of('Ibanera'))).toEqual(['problem 127.0.0.1:9 cannot be reached (ECONNREFUSED).']);
    expect(found.of('Ibanera').at(-1)?.text).toBe('Calls made: 0.');
  });
});

describe('this machine', () => {
  test('a port in use by something else', async () => {
    const { port } = await answering('hello');
    expect(troubles((await consult({ PORT: String(port) })).of('Ports'))).toEqual([
      expect.stringMatching(`^problem Port ${port} on 127.0.0.1 is in use\\.`),
    ]);
  });

  redisTest('a Redis that answers', async () => {
    const testRedis = await openTestRedis();
    closers.push(testRedis.close);
    const found = (await consult({ REDIS_URL: testRedis.url })).of('Redis');
    expect(found[0]?.text).toMatch(/^Redis at \S+ takes writes, in [\d.]+ ms\.$/);
    expect(found[1]?.text).toMatch(/^Version \d+\.\S+, maxmemory-policy \w+/);
  });
});

describe('an unhealthy Redis', () => {
  const memory =
    'redis_version:7.0.15\r\nused_memory:95\r\nmaxmemory:100\r\nmaxmemory_policy:allkeys-lru\r\n';

  test('one that refuses writes', async () => {
    const redis = await openFakeRedis({ info: memory, toSet: '-OOM command not allowed' });
    closers.push(redis.close);
    expect((await consult({ REDIS_URL: redis.url })).of('Redis')).toEqual([
      {
        level: 'problem',
        text: expect.stringMatching(/cannot be used \(cached reads: OOM\)/),
        remedy: expect.stringMatching(/^It refuses writes: its memory or its disk is full\./),
      },
    ]);
  });

  test('one that is nearly full and may evict keys', async () => {
    const redis = await openFakeRedis({ info: memory, toSet: '+OK' });
    closers.push(redis.close);
    // Long enough for a machine that stalls now and then.
    const given = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '5000' };
    expect(troubles((await consult(given)).of('Redis'))).toEqual([
      'warning Its memory is 95 % full.',
      'warning With allkeys-lru it may evict token, locks and call budget when its memory is full.',
    ]);
  });
});

describe('the connection to a provider', () => {
  const credentials = { NOAH_API_KEY: 'some-key' };

  test('an unknown host name, and a server without TLS', async () => {
    const unknown = { ...credentials, NOAH_BASE_URL: 'https://noah.invalid/v1' };
    const { port } = await answering('{}');
    const plain = { ...credentials, NOAH_BASE_URL: `https://127.0.0.1:${port}/v1` };
    for (const [env, expected] of [
      [unknown, /^problem The host name noah\.invalid was not found\.$/],
      [plain, /^problem 127\.0\.0\.1:\d+ does not speak TLS/],
    ] as const) {
      const found = (await consult({ ...env, NOAH_SIGNING_KEY: '' })).of('NOAH');
      expect(troubles(found)).toEqual([expect.stringMatching(expected)]);
      expect(found.at(-1)?.text).toBe('Calls made: 0.');
    }
  });
});

describe('callers', () => {
  const jwt = { AUTH: 'jwt', AUTH_JWT_ISSUER: 'https://issuer.example', AUTH_JWT_AUDIENCE: 'gateway' };
  const findingFor = async (AUTH_JWKS_URL: string) =>
    (await consult({ ...jwt, AUTH_JWKS_URL })).of('Callers')[0];

  test("the issuer's keys are fetched and tried", async () => {
    const { publicKey } = await generateKeyPair('ES256');
    const key = await exportJWK(publicKey);
    const good = await answering(JSON.stringify({ keys: [key, { ...key, use: 'enc' }] }));
    expect(await findingFor(good.url)).toEqual({
      level: 'ok',
      text: expect.stringMatching(/ publishes 1 key that can be used\.$/),
    });
    const p384 = await exportJWK((await generateKeyPair('ES384')).publicKey);
    const foreign = await answering(JSON.stringify({ keys: [p384, { kty: 'oct', k: 'c2VjcmV0' }] }));
    expect(await findingFor(foreign.url)).toMatchObject({
      level: 'problem',
      text: expect.stringMatching(
        /has no key for RS256, PS256, ES256, EdDSA, so every token will be refused/,
      ),
    });
  });

  test('an address without a key set', async () => {
    for (const [body, status, expected] of [
      ['<html>', 200, /did not answer with JSON/],
      ['{}', 200, /without a key set/],
      ['no', 404, /answered with HTTP 404/],
    ] as const) {
      const { url } = await answering(body, status);
      expect((await findingFor(url))?.text).toMatch(expected);
    }
  });
});
