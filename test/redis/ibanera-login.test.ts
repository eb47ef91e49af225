// Replicas on one Redis share one login at Ibanera: a second login may invalidate the token of the first.
import { expect } from '@jest/globals';
import { ask } from '../faults/gateway.fixture.ts';
import { startThreeProviders } from '../integration/three-providers.fixture.ts';
import { openTestRedis, redisTest } from './redis.fixture.ts';

const query = '{ balances(first: 100, filter: { providers: [IBANERA] }) { totalCount sources { state } } }';

redisTest('two replicas with concurrent queries log in at Ibanera once', async () => {
  const testRedis = await openTestRedis();
  const password = `password of ${testRedis.url}`;
  const three = await startThreeProviders({
    env: { REDIS_URL: testRedis.url, BALANCE_MAX_AGE_SECONDS: '0' },
    ibanera: { password, behaviour: { singleLiveToken: true } },
  });
  const other = await three.startReplica();
  try {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(index % 2 === 0 ? three.url : other.url, query)),
    );
    for (const { data, errors } of answers) {
      expect(errors).toEqual([]);
      expect(data).toEqual({ balances: { totalCount: 8, sources: [{ state: 'OK' }] } });
    }
    expect(three.ibanera.loginCount()).toBe(1);
    const stored = await Promise.all((await testRedis.names()).map((name) => testRedis.redis.dump(name)));
    expect(stored.join('')).not.toContain(password);
  } finally {
    await other.close();
    await three.close();
    await testRedis.close();
  }
});
