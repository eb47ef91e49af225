// Three real gateway processes over one UQPAY sandbox and the real Redis on this machine.
import { afterEach, expect, jest } from '@jest/globals';
import { bankingBalances, openAccounts, wholeBalances } from '../faults/gateway.fixture.ts';
import { type Cluster, redisTest, startCluster } from './redis.fixture.ts';

jest.setTimeout(60_000);

let cluster: Cluster;
afterEach(() => cluster?.close());

const noCache = { 'cache-control': 'no-cache' };

async function askEach(accountIds: readonly string[], times: number, headers: Record<string, string> = {}) {
  const asked = accountIds.flatMap((id, index) => Array.from({ length: times }, () => ({ id, index })));
  return Promise.all(
    asked.map(async ({ id, index }, turn) => ({
      index,
      answer: await cluster.ask(turn, bankingBalances(id), headers),
    })),
  );
}

function expectWhole(answers: Awaited<ReturnType<typeof askEach>>) {
  for (const { index, answer } of answers) {
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject(wholeBalances(index));
  }
}

redisTest('replicas request one token, and make each read once for all of them', async () => {
  cluster = await startCluster({ BALANCE_MAX_AGE_SECONDS: '60' });
  const accountIds = openAccounts(cluster.control, 10);
  cluster.control.setLatency(30);
  expectWhole(await askEach(accountIds, 9));
  expectWhole(await askEach(accountIds, 3));
  expect(cluster.dataCalls()).toHaveLength(10);
  expect(cluster.control.mintCount()).toBe(1);
});

redisTest('token revoked: the replicas request one new token, and no response fails', async () => {
  cluster = await startCluster();
  const accountIds = openAccounts(cluster.control, 30);
  expectWhole(await askEach(accountIds.slice(0, 3), 3));
  cluster.control.expireTokens();
  expectWhole(await askEach(accountIds, 1, noCache));
  expect(cluster.control.mintCount()).toBe(2);
});

redisTest('replicas together make no more calls per minute than one process may', async () => {
  cluster = await startCluster({ UQPAY_RATE_LIMIT_PER_MINUTE: '30', STALE_MAX_AGE_SECONDS: '0' });
  const accountIds = openAccounts(cluster.control, 20);
  const answers = await askEach(accountIds, 3, noCache);
  expect(cluster.dataCalls()).toHaveLength(30);
  const failed = answers.filter(({ answer }) => answer.errors.length > 0);
  expect(failed).toHaveLength(30);
  for (const { answer } of failed) {
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BUDGET_EXHAUSTED' } }]);
  }
  expectWhole(answers.filter(({ answer }) => answer.errors.length === 0));
});

redisTest('nothing in Redis can be read without the credentials, and everything in it expires', async () => {
  cluster = await startCluster();
  const accountIds = openAccounts(cluster.control, 3);
  expectWhole(await askEach(accountIds, 3));
  const { redis, names } = cluster.testRedis;
  const found = await names();
  expect(found.length).toBeGreaterThan(4);
  let text = '';
  for (const name of found) {
    const value: readonly (string | null)[] = await readAnything(redis, name);
    text += `${name} ${value.join(' ')}\n`;
    for (const part of value) text += `${Buffer.from(String(part), 'base64').toString('latin1')}\n`;
    expect(await redis.pttl(name)).toBeGreaterThan(0);
  }
  const { accounts } = cluster.control;
  // Each is too long to appear in encrypted bytes by chance.
  const secrets = [
    cluster.sandbox.apiKey,
    cluster.sandbox.clientId,
    'currency',
    'balance_id',
    'expiresAtMs',
    ...accounts().map(({ account_id }) => account_id),
  ];
  for (const secret of secrets) expect(text).not.toContain(secret);
  const tokens = cluster.control.liveTokens();
  expect(tokens).toHaveLength(1);
  for (const part of tokens.flatMap((token) => token.split('.'))) expect(text).not.toContain(part);
});

for (const trouble of ['cut', 'block'] as const) {
  redisTest(
    `Redis ${trouble} while in use: no response fails, no second token, one log line, and the replicas share it again later`,
    async () => {
      // No stale reads: every answer needs new ones.
      cluster = await startCluster({
        BALANCE_MAX_AGE_SECONDS: '0',
        REDIS_TIMEOUT_MS: '1500',
        STALE_AFTER_MS: '10000',
      });
      const accountIds = openAccounts(cluster.control, 6);
      expectWhole(await askEach(accountIds, 3));
      cluster.testRedis[trouble]();
      for (let round = 0; round < 3; round++) expectWhole(await askEach(accountIds, 3));
      expect(cluster.control.mintCount()).toBe(1);
      for (const { stderr } of cluster.replicas)
        expect(stderr().match(/Redis is unavailable/g)).toHaveLength(1);
      await cluster.testRedis.forgetAll();
      cluster.testRedis.mend();
      await untilEach(() =>
        cluster.replicas.every(({ stderr }) => stderr().includes('Redis is available again')),
      );
      expectWhole(await askEach(accountIds, 3));
      expect(cluster.control.mintCount()).toBe(1);
      expect(
        (await cluster.testRedis.names()).some(
          (name) => name.includes(':token:') && !name.endsWith(':fence'),
        ),
      ).toBe(true);
    },
  );
}

redisTest('a gateway starts and serves while Redis is unreachable', async () => {
  cluster = await startCluster({ REDIS_URL: 'redis://127.0.0.1:1' });
  const accountIds = openAccounts(cluster.control, 2);
  expectWhole(await askEach(accountIds.slice(0, 1), 1));
  expect(cluster.replicas[0]?.stderr().match(/Redis is unavailable/g)).toHaveLength(1);
});

async function readAnything(redis: Cluster['testRedis']['redis'], name: string) {
  const type = await redis.type(name);
  if (type === 'hash') return redis.hvals(name);
  return type === 'zset' ? redis.zrange(name, '0', '-1') : [await redis.get(name)];
}

/** Queries every replica repeatedly until `isDone`. */
async function untilEach(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await Promise.all(
      [0, 1, 2].map((replica) => cluster.ask(replica, '{ balance(currency: "USD") { id } }')),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

redisTest('replicas read exchange rates once a minute for all of them, whatever they convert', async () => {
  cluster = await startCluster();
  const { masterAccountId } = cluster.sandbox;
  cluster.control.setBalance('banking', masterAccountId, 'USD', { available_balance: '10.00' });
  cluster.control.setRate('USDSGD', { buy: '1.5000', sell: '1.5000' });
  cluster.control.setLatency(30);
  const targets = ['SGD', 'EUR', 'GBP', 'JPY', 'XTS', 'SGD'];
  const answers = await Promise.all(
    targets.map((code, turn) =>
      cluster.ask(turn, `{ balanceTotals(convertTo: "${code}") { converted { available { amount } } } }`),
    ),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(answers[5]?.data).toEqual({ balanceTotals: { converted: { available: { amount: '15.00' } } } });
  const rateCalls = () => cluster.dataCalls().filter(({ path }) => path === '/v1/exchange/rates');
  expect(rateCalls()).toHaveLength(1);
  await cluster.ask(1, '{ exchangeRates { unavailable } }', noCache);
  expect(rateCalls()).toHaveLength(2);
});
