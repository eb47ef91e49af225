// A replica that is killed while it sends transactions: another one continues, and each row is sent exactly once.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { gatewayEnvironment } from '../faults/gateway.fixture.ts';
import { openStream, type ReadStream } from '../integration/live.fixture.ts';
import { openTestRedis, type Replica, redisTest, startReplica } from './redis.fixture.ts';

const watch = `subscription Watch($since: DateTime) {
  transactionsChanged(filter: { ledgers: [BANKING] }, since: $since) { asOf added { providerTransactionId } }
}`;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Change {
  readonly asOf: string;
  readonly added: readonly { readonly providerTransactionId: string }[];
}

async function changeOf(stream: ReadStream): Promise<Change> {
  const event = await stream.next();
  expect(event?.errors).toBeUndefined();
  const data = event?.data as unknown as { transactionsChanged: Change };
  return data.transactionsChanged;
}

async function startTwo(sandbox: UqpaySandbox): Promise<readonly [Replica, Replica]> {
  const testRedis = await openTestRedis();
  closers.push(() => testRedis.close());
  const directory = mkdtempSync(join(tmpdir(), 'replicas-'));
  closers.push(() => rmSync(directory, { recursive: true }));
  const secret = randomUUID();
  const env = {
    ...{ ...gatewayEnvironment(sandbox), REDIS_URL: testRedis.url, REDIS_TIMEOUT_MS: '5000' },
    ...{ UQPAY_WEBHOOK_SECRET: secret, UQPAY_RATE_LIMIT_PER_MINUTE: '0', REQUEST_TIMEOUT_MS: '20000' },
  };
  const replicas = await Promise.all([startReplica(env, directory), startReplica(env, directory)]);
  const [, other] = replicas;
  closers.push(async () => {
    for (const { process } of replicas) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill('SIGKILL');
      await once(process, 'close');
    }
  });
  // To the replica that stays, which notifies the one that clients read first.
  sandbox.control.setWebhooks({ url: new URL('/webhooks/uqpay', other.url).href, secret });
  return replicas;
}

redisTest('each row comes once, although the replica that told of them is killed in between', async () => {
  const sandbox = await startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null });
  closers.push(() => sandbox.close());
  const [one, other] = await startTwo(sandbox);
  const inserted: string[] = [];
  const insert = (count: number) => {
    for (let index = 0; index < count; index += 1) {
      inserted.push(sandbox.control.insertTransaction('banking').transaction_id);
    }
  };
  const told: string[] = [];

  const first = await openStream(one, watch);
  let { asOf } = await changeOf(first);
  const inserting = setInterval(() => insert(1), 100);
  closers.push(() => clearInterval(inserting));
  while (told.length < 10) {
    const change = await changeOf(first);
    told.push(...change.added.map(({ providerTransactionId }) => providerTransactionId));
    asOf = change.asOf;
  }
  one.process.kill('SIGKILL');
  await expect(first.next()).rejects.toThrow('cut off');
  // More rows than the newest page has.
  insert(120);

  const second = await openStream(other, watch, { variables: { since: asOf } });
  while (told.length < inserted.length) {
    const { added } = await changeOf(second);
    told.push(...added.map(({ providerTransactionId }) => providerTransactionId));
    if (added.length > 0) clearInterval(inserting);
  }
  second.leave();
  expect(told).toHaveLength(inserted.length);
  expect(new Set(told)).toEqual(new Set(inserted));
});
