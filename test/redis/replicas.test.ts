// Three real gateway processes over one UQPAY sandbox and the real Redis on this machine.
import { afterEach, expect, jest } from '@jest/globals';
import { bankingBalances, openAccounts, wholeBalances } from '../faults/gateway.fixture.ts';
import { type Replicas, redisTest, startReplicas } from './redis.fixture.ts';

jest.setTimeout(60_000);

let fleet: Replicas;
afterEach(() => fleet?.close());

const noCache = { 'cache-control': 'no-cache' };

async function askEach(accountIds: readonly string[], times: number, headers: Record<string, string> = {}) {
  const asked = accountIds.flatMap((id, index) => Array.from({ length: times }, () => ({ id, index })));
  return Promise.all(
    asked.map(async ({ id, index }, turn) => ({
      index,
      answer: await fleet.ask(turn, bankingBalances(id), headers),
    })),
  );
}

function expectWhole(answers: Awaited<ReturnType<typeof askEach>>) {
  for (const { index, answer } of answers) {
    expect(answer.errors).toEqual([]);
    expect(answer.data).toMatchObject(wholeBalances(index));
  }
}

redisTest('a fleet mints one token, and makes each read once for all its replicas', async () => {
  fleet = await startReplicas({ BALANCE_MAX_AGE_SECONDS: '60' });
  const accountIds = openAccounts(fleet.control, 10);
  fleet.control.setLatency(30);
  expectWhole(await askEach(accountIds, 9));
  expectWhole(await askEach(accountIds, 3));
  expect(fleet.dataCalls()).toHaveLength(10);
  expect(fleet.control.mintCount()).toBe(1);
});

redisTest('token killed by somebody else: the fleet mints one new token, and no answer fails', async () => {
  fleet = await startReplicas();
  const accountIds = openAccounts(fleet.control, 30);
  expectWhole(await askEach(accountIds.slice(0, 3), 3));
  fleet.control.expireTokens();
  expectWhole(await askEach(accountIds, 1, noCache));
  expect(fleet.control.mintCount()).toBe(2);
});

redisTest('a fleet makes no more calls a minute than one process may', async () => {
  fleet = await startReplicas({ UQPAY_RATE_LIMIT_PER_MINUTE: '30', STALE_MAX_AGE_SECONDS: '0' });
  const accountIds = openAccounts(fleet.control, 20);
  const answers = await askEach(accountIds, 3, noCache);
  expect(fleet.dataCalls()).toHaveLength(30);
  const failed = answers.filter(({ answer }) => answer.errors.length > 0);
  expect(failed).toHaveLength(30);
  for (const { answer } of failed) {
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BUDGET_EXHAUSTED' } }]);
  }
  expectWhole(answers.filter(({ answer }) => answer.errors.length === 0));
});

redisTest(
  'nothing in Redis can be read without the credentials, and everything there goes away by itself',
  async () => {
    fleet = await startReplicas();
    const accountIds = openAccounts(fleet.control, 3);
    expectWhole(await askEach(accountIds, 3));
    const { redis, names } = fleet.testRedis;
    const found = await names();
    expect(found.length).toBeGreaterThan(4);
    let text = '';
    for (const name of found) {
      const value: readonly (string | null)[] = await readAnything(redis, name);
      text += `${name} ${value.join(' ')}\n`;
      for (const part of value) text += `${Buffer.from(String(part), 'base64').toString('latin1')}\n`;
      expect(await redis.pttl(name)).toBeGreaterThan(0);
    }
    const { accounts } = fleet.control;
    // Each too long for sealed bytes to spell it by chance.
    const secrets = [
      fleet.sandbox.apiKey,
      fleet.sandbox.clientId,
      'currency',
      'balance_id',
      'expiresAtMs',
      ...accounts().map(({ account_id }) => account_id),
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
    const tokens = fleet.control.liveTokens();
    expect(tokens).toHaveLength(1);
    for (const part of tokens.flatMap((token) => token.split('.'))) expect(text).not.toContain(part);
  },
);

for (const trouble of ['cut', 'block'] as const) {
  redisTest(
    `Redis ${trouble} in the middle: no answer fails, no second token, the log says so once, and the fleet comes together again`,
    async () => {
      fleet = await startReplicas({ BALANCE_MAX_AGE_SECONDS: '0', REDIS_TIMEOUT_MS: '1500' });
      const accountIds = openAccounts(fleet.control, 6);
      expectWhole(await askEach(accountIds, 3));
      fleet.testRedis[trouble]();
      for (let round = 0; round < 3; round++) expectWhole(await askEach(accountIds, 3));
      expect(fleet.control.mintCount()).toBe(1);
      for (const { stderr } of fleet.replicas)
        expect(stderr().match(/Redis is unavailable/g)).toHaveLength(1);
      await fleet.testRedis.forgetAll();
      fleet.testRedis.mend();
      await untilEach(() =>
        fleet.replicas.every(({ stderr }) => stderr().includes('Redis is available again')),
      );
      expectWhole(await askEach(accountIds, 3));
      expect(fleet.control.mintCount()).toBe(1);
      expect(
        (await fleet.testRedis.names()).some((name) => name.includes(':token:') && !name.endsWith(':fence')),
      ).toBe(true);
    },
  );
}

redisTest('without a Redis from the start a gateway serves all the same', async () => {
  fleet = await startReplicas({ REDIS_URL: 'redis://127.0.0.1:1' });
  const accountIds = openAccounts(fleet.control, 2);
  expectWhole(await askEach(accountIds.slice(0, 1), 1));
  expect(fleet.replicas[0]?.stderr().match(/Redis is unavailable/g)).toHaveLength(1);
});

async function readAnything(redis: Replicas['testRedis']['redis'], name: string) {
  const type = await redis.type(name);
  if (type === 'hash') return redis.hvals(name);
  return type === 'zset' ? redis.zrange(name, '0', '-1') : [await redis.get(name)];
}

/** Asks every replica now and then until `isDone`. */
async function untilEach(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await Promise.all([0, 1, 2].map((replica) => fleet.ask(replica, '{ balance(currency: "USD") { id } }')));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
