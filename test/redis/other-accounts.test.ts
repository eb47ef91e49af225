// What one replica has read of a master account's list, whose rows are not all its own, and another gets from Redis.
import { afterEach, expect, jest } from '@jest/globals';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { type Cluster, redisTest, startCluster } from './redis.fixture.ts';

jest.setTimeout(60_000);

let cluster: Cluster;
afterEach(() => cluster?.close());

const master = encodeAccountId({ provider: 'UQPAY', providerAccountId: null });
const query = `{ transactions(filter: { ledgers: [BANKING], accountIds: ["${master}"] }) {
  nodes { providerTransactionId } sources { state } } }`;

redisTest('a row of a sub-account stays out of the master account’s list of every replica', async () => {
  cluster = await startCluster({ TRANSACTION_MAX_AGE_SECONDS: '60' }, { behaviour: { masterLists: 'all' } });
  const { control } = cluster;
  const { account_id } = control.addAccount();
  const own = control.insertTransaction('banking', { create_time: '2026-01-01T00:00:00Z' });
  control.insertTransaction('banking', { account_id, create_time: '2026-01-01T00:00:01Z' });
  for (const replica of [0, 1, 2]) {
    expect((await cluster.ask(replica, query)).data).toEqual({
      transactions: {
        nodes: [{ providerTransactionId: own.transaction_id }],
        sources: [{ state: 'PARTIAL' }],
      },
    });
  }
  // Each replica needs one reply of its own to know the master account's rows from others.
  expect(cluster.dataCalls()).toHaveLength(3);
});
