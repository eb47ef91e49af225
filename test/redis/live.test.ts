// Whole gateways on one Redis: all show what one reads, and a read caused by a webhook is made once for all.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { openStream, type ReadStream } from '../integration/live.fixture.ts';
import { type LiveReplicas, openLiveReplicas } from './live.fixture.ts';
import { redisIsThere, redisTest } from './redis.fixture.ts';

const dollars = `subscription {
  balancesChanged(filter: { ledgers: [BANKING], currencies: ["USD"] }) { trigger balances { available { amount } } }
}`;
const rows =
  'subscription { transactionsChanged(filter: { ledgers: [BANKING] }) { trigger added { providerTransactionId } } }';

const streams: ReadStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.leave();
});

async function subscribe(gateway: { readonly url: string }, query: string): Promise<ReadStream> {
  const stream = await openStream(gateway, query);
  streams.push(stream);
  expect(JSON.stringify(await stream.next())).toContain('"START"');
  return stream;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('three replicas', () => {
  let fleet: LiveReplicas;
  beforeEach(async () => {
    if (redisIsThere) fleet = await openLiveReplicas(3, { UQPAY_RATE_LIMIT_PER_MINUTE: '0' });
  });
  afterEach(() => fleet?.close());

  /** Two subscriptions at each replica. */
  async function subscribeAll(query: string): Promise<ReadStream[]> {
    const opened: ReadStream[] = [];
    for (const replica of [...fleet.replicas, ...fleet.replicas])
      opened.push(await subscribe(replica, query));
    return opened;
  }

  const send = (index: number) =>
    fleet.send(fleet.replicas[index % 3] as LiveReplicas['replicas'][0], `e-${index}`);

  redisTest('begin with one read, make one more for a webhook, and none if it is repeated', async () => {
    fleet.setDollars('1.01');
    const all = await subscribeAll(dollars);
    expect(fleet.calls('/v1/balances')).toBe(1);
    fleet.setDollars('2.02');
    expect(await send(0)).toBe(200);
    for (const stream of all) {
      expect(await stream.next()).toMatchObject({
        data: { balancesChanged: { trigger: 'WEBHOOK', balances: [{ available: { amount: '2.02' } }] } },
      });
    }
    expect(fleet.calls('/v1/balances')).toBe(2);
    // Another replica has already accepted it.
    const [, other] = fleet.replicas;
    if (other === undefined) throw new Error('There is one replica only.');
    expect(await fleet.send(other, 'e-0')).toBe(200);
    await pause(1_200);
    expect(fleet.calls('/v1/balances')).toBe(2);
  });

  redisTest('make at most five calls for twelve webhooks at once, and show the last amount', async () => {
    const all = await subscribeAll(dollars);
    // The next read of a list is due a second after the previous one.
    await pause(1_000);
    const before = fleet.calls('/v1/balances');
    const sent: Promise<number>[] = [];
    for (let index = 0; index < 12; index += 1) {
      fleet.setDollars(`12.${10 + index}`);
      sent.push(send(index));
      await pause(5);
    }
    expect(new Set(await Promise.all(sent))).toEqual(new Set([200]));
    for (const stream of all) {
      while (!JSON.stringify(await stream.next()).includes('"12.21"'));
    }
    await pause(1_200);
    expect(fleet.calls('/v1/balances') - before).toBeLessThanOrEqual(5);
  });

  redisTest(
    'read new rows once for a webhook, and at most once more each when their second is over',
    async () => {
      const all = await subscribeAll(rows);
      const before = fleet.calls('/v1/balances/transactions');
      const { transaction_id: id } = fleet.sandbox.control.insertTransaction('banking');
      expect(await send(1)).toBe(200);
      for (const stream of all) expect(JSON.stringify(await stream.next())).toContain(id);
      expect(fleet.calls('/v1/balances/transactions') - before).toBeLessThanOrEqual(4);
    },
  );

  redisTest('read for themselves while Redis is away, and show the change at the next poll', async () => {
    const all = await subscribeAll(dollars);
    const [first] = all;
    fleet.testRedis.cut();
    fleet.setDollars('3.03');
    expect(await send(0)).toBe(200);
    expect(JSON.stringify(await first?.next())).toContain('"3.03"');
    fleet.testRedis.mend();
    for (const stream of all.slice(1)) {
      while (!JSON.stringify(await stream.next()).includes('"3.03"'));
    }
  });
});

describe('two replicas', () => {
  let fleet: LiveReplicas;
  beforeAll(async () => {
    if (redisIsThere) fleet = await openLiveReplicas(2, { UQPAY_RATE_LIMIT_PER_MINUTE: '20' });
  });
  afterAll(() => fleet?.close());

  redisTest(
    'the lists that either watches count for both: the share of the calls is divided among all of them',
    async () => {
      const [one, other] = fleet.replicas;
      if (one === undefined || other === undefined) throw new Error('There are no replicas.');
      const intervalOf = async (url: string, ledger: string) => {
        const query = `subscription { balancesChanged(filter: { ledgers: [${ledger}] }) { nextLookSeconds } }`;
        const stream = await openStream({ url }, query);
        const event = await stream.next();
        return { stream, seconds: Number(event?.data?.balancesChanged?.nextLookSeconds) };
      };
      // Ten calls a minute: one list every 6 s, two every 12 s.
      const { stream, seconds } = await intervalOf(one.url, 'ISSUING');
      expect(seconds).toBeLessThanOrEqual(6);
      for (let found = 0; found <= 6; ) {
        const second = await intervalOf(other.url, 'PAYMENT');
        found = second.seconds;
        await pause(100);
        second.stream.leave();
      }
      stream.leave();
    },
  );
});
