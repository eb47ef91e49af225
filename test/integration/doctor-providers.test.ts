// What the doctor reports about a provider with problems, and how few calls it makes.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openTestRedis, redisTest } from '../redis/redis.fixture.ts';
import { consult, openIbanera, openNoah, openUqpay, type Report, troubles } from './doctor.fixture.ts';

jest.setTimeout(60_000);

const token = '/v1/connect/token';
const reads = ['/v1/balances', '/v1/issuing/balances', '/v2/payment/balances', '/v1/accounts'];
const all = 'BANKING balances, ISSUING balances, PAYMENT balances, accounts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** No secret and no amount, whatever went wrong. */
function expectDiscreet({ text, sections }: Report, env: Record<string, string>): void {
  const secrets = Object.entries(env).filter(([name]) => !/_(BASE_URL|TIMEOUT_MS)$|^PORT$/.test(name));
  for (const printed of [text, JSON.stringify(sections)]) {
    for (const [, secret] of secrets) expect(printed).not.toContain(secret);
    expect(printed).not.toContain('987654');
  }
}

describe('UQPAY', () => {
  let uqpay: Awaited<ReturnType<typeof openUqpay>>;
  beforeEach(async () => {
    uqpay = await openUqpay();
    closers.push(uqpay.close);
  });

  async function findings(env: Record<string, string> = {}, visit = {}) {
    const whole = { ...uqpay.env, ...env };
    const report = await consult(whole, visit);
    expectDiscreet(report, whole);
    return report.of('UQPAY');
  }

  test('without problems: one token, one call for each ledger and the accounts', async () => {
    const found = await findings();
    expect(troubles(found)).toEqual([]);
    expect(found.map(({ text }) => text)).toContain(`${all}: can be read.`);
    expect(found.at(-1)?.text).toBe('Calls made: 5, 1 of them for a new token.');
    expect(found.at(-1)?.remedy).toMatch(/may have lost its token/);
    expect(uqpay.paths()).toEqual([token, ...reads]);
  });

  test('a wrong key is reported after one call', async () => {
    const found = await findings({ UQPAY_API_KEY: 'a-wrong-key' });
    expect(troubles(found)).toEqual([
      expect.stringMatching(
        `^problem ${all}: UQPAY refused the credentials .*UQPAY_CLIENT_ID and UQPAY_API_KEY.*IP allow-list`,
      ),
    ]);
    expect(found.find(({ level }) => level === 'problem')?.remedy).toMatch(
      /taken for a sandbox of UQPAY: a key of another environment is refused/,
    );
    expect(uqpay.paths()).toEqual([token]);
  });

  test('a missing permission is distinguished from a bad token, and requests no second token', async () => {
    for (const path of ['/v1/issuing/balances', '/v1/accounts']) {
      uqpay.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path } });
    }
    const found = await findings();
    expect(troubles(found)).toEqual([
      expect.stringMatching(
        /^problem ISSUING balances: UQPAY GET .* is forbidden\. Check that UQPAY has enabled/,
      ),
      'problem accounts: forbidden (HTTP 403), with a token that worked for other reads.',
    ]);
    expect(uqpay.paths()).toEqual([token, ...reads]);
  });

  test('a new token that is refused everywhere is not followed by another', async () => {
    uqpay.control.inject({
      kind: 'status',
      status: 401,
      shape: 'B',
      match: { path: /^\/v[12]\/(?!connect)/ },
    });
    const found = await findings();
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^problem BANKING balances, .*: refused \(HTTP 401\), with a new token/),
    ]);
    expect(uqpay.paths()).toEqual([token, ...reads]);
  });

  test('a web page in place of the API', async () => {
    uqpay.control.inject({ kind: 'status', status: 403, shape: 'html', match: {} });
    const found = await findings();
    expect(troubles(found)).toEqual([
      expect.stringMatching(
        /^problem BANKING.*: it answered with a web page \(HTTP 403\), not an answer of UQPAY's API/,
      ),
    ]);
    expect(uqpay.paths()).toEqual([token]);
  });

  test('a timeout or a rate limit ends the calls', async () => {
    uqpay.control.inject({ kind: 'slow', ms: 5_000, match: { path: '/v1/balances' }, times: 1 });
    expect(troubles(await findings({ REQUEST_TIMEOUT_MS: '400' }))).toEqual([
      expect.stringMatching(/^problem BANKING balances: .* did not answer in 200 ms/),
    ]);
    expect(uqpay.paths()).toEqual([token, '/v1/balances']);

    uqpay.control.resetCalls();
    uqpay.control.inject({
      ...{ kind: 'status', status: 429, shape: 'A', retryAfterSeconds: 2 },
      match: { path: '/v1/balances' },
    });
    const limited = await findings();
    expect(troubles(limited)).toEqual([
      expect.stringMatching(/^warning BANKING balances: .*rate limit is reached/),
    ]);
    expect(limited.find(({ level }) => level === 'warning')?.remedy).toMatch(/^Wait 2 s/);
    expect(uqpay.paths()).toEqual([token, '/v1/balances']);
  });

  test('a failing token endpoint is called once', async () => {
    uqpay.control.inject({ kind: 'status', status: 503, shape: 'html', match: { path: token } });
    expect(troubles(await findings())).toEqual([expect.stringMatching(/^problem BANKING.*HTTP 503/)]);
    expect(uqpay.paths()).toEqual([token]);
  });

  test('a reply of an unexpected shape', async () => {
    uqpay.control.inject({ kind: 'shape', field: 'data', value: 7, match: { path: '/v2/payment/balances' } });
    expect(troubles(await findings())).toEqual([
      expect.stringMatching(/^problem PAYMENT balances: UQPAY GET \/v2\/payment\/balances/),
    ]);
    expect(uqpay.paths()).toEqual([token, ...reads]);
  });

  test('next to a running gateway no token is requested, except with --new-token', async () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const gateway = await startGateway(loadConfig({ ...uqpay.env, PORT: '0' }), { logger });
    closers.push(() => gateway.close());
    const PORT = new URL(gateway.url).port;
    const found = await findings({ PORT });
    expect(found.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(`^${all}: not asked\\. This requires a new token, which may invalidate the one`),
    );
    expect(uqpay.paths()).toEqual([]);
    expect(troubles(await findings({ PORT }, { newToken: true }))).toEqual([]);
    expect(uqpay.paths()).toEqual([token, ...reads]);
  });

  redisTest('a token that the replicas share is used', async () => {
    const testRedis = await openTestRedis();
    closers.push(testRedis.close);
    const env = { REDIS_URL: testRedis.url };
    await findings(env);
    const found = await findings(env);
    expect(troubles(found)).toEqual([]);
    expect(found.at(-1)).toEqual({ level: 'note', text: 'Calls made: 4.' });
    expect(uqpay.paths()).toEqual([token, ...reads, ...reads]);
    // A missing permission must not invalidate the replicas' token.
    uqpay.control.resetCalls();
    uqpay.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/accounts' } });
    expect(troubles(await findings(env))).toEqual([
      'problem accounts: forbidden (HTTP 403), with a token that worked for other reads.',
    ]);
    expect(uqpay.paths()).toEqual(reads);
  });

  test('while Redis is unavailable no token is requested, because the replicas share one', async () => {
    const report = await consult({ ...uqpay.env, REDIS_URL: 'redis://:a-redis-password@127.0.0.1:9' });
    expect(troubles(report.of('Redis'))).toEqual([
      expect.stringMatching(/^problem Redis at 127\.0\.0\.1:9 cannot be used/),
    ]);
    expect(report.text).not.toContain('a-redis-password');
    expect(uqpay.paths()).toEqual([]);
  });
});

describe('Ibanera', () => {
  test('one login and one read; a wrong password is tried once', async () => {
    const ibanera = await openIbanera();
    closers.push(ibanera.close);
    const login = '/api/v1/public/auth/login';
    expect(troubles((await consult(ibanera.env)).of('Ibanera'))).toEqual([]);
    expect(ibanera.paths()).toEqual([login, '/api/v1/customer/accounts/balances']);

    ibanera.control.resetCalls();
    const env = { ...ibanera.env, IBANERA_PASSWORD: 'not-the-password' };
    const report = await consult(env);
    expect(troubles(report.of('Ibanera'))).toEqual([
      expect.stringMatching(/^problem ASSET balances: Ibanera did not log in.*IBANERA_PASSWORD/),
    ]);
    expectDiscreet(report, env);
    expect(ibanera.paths()).toEqual([login]);
  });

  test('a wrong clock is reported first', async () => {
    const ibanera = await openIbanera();
    closers.push(ibanera.close);
    const found = (await consult(ibanera.env, { clockAheadMs: -10 * 60_000 })).of('Ibanera');
    expect(troubles(found)).toEqual([
      expect.stringMatching(/^problem ASSET balances: Ibanera did not log in/),
      'warning The clock of this machine is 10 minutes behind, by that of Ibanera.',
    ]);
    expect(found.find(({ level }) => level === 'problem')?.remedy).toMatch(
      /^Set the clock of this machine first: it is 10 minutes behind/,
    );
    expect(ibanera.paths()).toHaveLength(1);
  });
});

describe('NOAH', () => {
  test('one signed call; a wrong key, and a key of the other environment', async () => {
    const noah = await openNoah();
    closers.push(noah.close);
    expect(troubles((await consult(noah.env)).of('NOAH'))).toEqual([]);
    expect(noah.control.callCount()).toBe(1);

    const env = { ...noah.env, NOAH_API_KEY: 'apikey_sandbox_wrong' };
    const report = await consult(env);
    expect(troubles(report.of('NOAH'))).toEqual([
      expect.stringMatching(/^problem CURRENT balances: .*Check NOAH_API_KEY and NOAH_SIGNING_KEY/),
    ]);
    expectDiscreet(report, env);
    expect(noah.control.callCount()).toBe(2);

    const other = { NOAH_API_KEY: 'apikey_prod_secret', NOAH_BASE_URL: 'https://api.sandbox.noah.com/v1' };
    expect(troubles((await consult(other)).of('Configuration'))).toEqual([
      expect.stringMatching(/^problem NOAH_API_KEY /),
    ]);
  });
});
