// The cost and delay of live balances: many subscribers on few accounts for a limited time, over loopback, against
// the embedded sandbox limited to 200 calls a minute. Prints one line of figures for each arrangement.
//   node bench/live.ts [seconds] [arrangement ...]
import { createHmac, randomUUID } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUqpaySandbox, type UqpaySandbox } from '../src/sandbox/uqpay/index.ts';
import { type ServerProcess, startGateway } from './harness/processes.ts';
import { quantile } from './harness/quantile.ts';
import { deleteKeys } from './harness/redis-keys.ts';

const subscriberCount = 1_000;
const accountCount = 10;
/** One caller's share of concurrent operations, which a subscription takes until its first event. */
const openedAtOnce = 50;
const changeMs = 3_000;
const latencyMs = 30;
const callsPerMinute = 200;
const secondsMax = 120;
/** Longest time from the last change until its event arrives. */
const settleMs = 10_000;

interface Arrangement {
  readonly name: string;
  readonly replicaCount: number;
  readonly hasWebhooks: boolean;
}

const arrangements: readonly Arrangement[] = [
  { name: 'one process', replicaCount: 1, hasWebhooks: false },
  { name: 'one process, webhooks', replicaCount: 1, hasWebhooks: true },
  { name: 'three replicas', replicaCount: 3, hasWebhooks: false },
  { name: 'three replicas, webhooks', replicaCount: 3, hasWebhooks: true },
];

const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const keyPrefix = `bench-${randomUUID()}:`;
const webhookSecret = randomUUID();

/** A balance that was changed at the provider, and when its subscribers received it. */
interface Change {
  readonly atMs: number;
  readonly seenMs: number[];
}

async function measure({ name, replicaCount, hasWebhooks }: Arrangement, seconds: number): Promise<string> {
  const sandbox = await startUqpaySandbox({
    seed: 'empty',
    apiKey: randomUUID(),
    rateLimitPerMinute: callsPerMinute,
    latencyMs,
  });
  const accountIds = Array.from({ length: accountCount }, () => sandbox.control.addAccount().account_id);
  for (const id of accountIds)
    sandbox.control.setBalance('banking', id, 'USD', { available_balance: '0.00' });
  const environment = {
    ...{ UQPAY_CLIENT_ID: sandbox.clientId, UQPAY_API_KEY: sandbox.apiKey },
    UQPAY_RATE_LIMIT_PER_MINUTE: String(callsPerMinute),
    ...(replicaCount > 1 ? { REDIS_URL: `${redisUrl}?keyPrefix=${keyPrefix}` } : {}),
    ...(hasWebhooks ? { UQPAY_WEBHOOK_SECRET: webhookSecret } : {}),
  };
  const replicas = await Promise.all(
    Array.from({ length: replicaCount }, () => startGateway(sandbox.baseUrl, environment)),
  );
  const changes = new Map<string, Change>();
  const open: ClientRequest[] = [];
  try {
    const before = await Promise.all(replicas.map((replica) => replica.usage(true)));
    for (let first = 0; first < subscriberCount; first += openedAtOnce) {
      const opened = Array.from({ length: openedAtOnce }, (_, offset) => {
        const index = first + offset;
        const id = accountIds[index % accountCount] ?? '';
        const url = replicas[Math.floor(index / accountCount) % replicaCount]?.url ?? '';
        return subscribe(url, id, open, (amount) => changes.get(amount)?.seenMs.push(Date.now()));
      });
      await Promise.all(opened);
    }
    const idle = await Promise.all(replicas.map((replica) => replica.usage(true)));
    sandbox.control.resetCalls();
    const endMs = Date.now() + seconds * 1_000;
    for (let number = 1; Date.now() < endMs - settleMs; number++) {
      const amount = `${number}.00`;
      changes.set(amount, { atMs: Date.now(), seenMs: [] });
      const accountId = accountIds[number % accountCount] ?? '';
      sandbox.control.setBalance('banking', accountId, 'USD', { available_balance: amount });
      const replica = replicas[number % replicaCount];
      if (hasWebhooks && replica !== undefined) await sendWebhook(replica, accountId);
      await sleep(changeMs);
    }
    await sleep(Math.max(0, endMs - Date.now()));
    const after = await Promise.all(replicas.map((replica) => replica.usage(true)));
    const cpuUs = sum(after.map(({ cpuUs: used }) => used)) - sum(idle.map(({ cpuUs: used }) => used));
    const bytes = sum(idle.map(({ rssBytes }) => rssBytes)) - sum(before.map(({ rssBytes }) => rssBytes));
    return toLine(name, [...changes.values()], sandbox, cpuUs / seconds, bytes);
  } finally {
    for (const sent of open) sent.destroy();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await sandbox.close();
    if (replicaCount > 1) await deleteKeys(redisUrl, keyPrefix);
  }
}

/** Opens a subscription, and resolves with its first event; `onAmount` gets the amount of each one. */
function subscribe(
  url: string,
  accountId: string,
  open: ClientRequest[],
  onAmount: (amount: string) => void,
): Promise<void> {
  const id = Buffer.from(JSON.stringify([1, 'A', 'UQPAY', accountId])).toString('base64url');
  const body = JSON.stringify({
    query: `subscription { balancesChanged(filter: { accountIds: ["${id}"], ledgers: [BANKING] }) {
      balances { id asOf available { amount currency } } } }`,
  });
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    open.push(sent);
    sent.once('error', reject);
    sent.once('response', (response) => {
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('data', (chunk: string) => {
        if (chunk.includes('"errors"')) reject(new Error(chunk));
        for (const [, amount = ''] of chunk.matchAll(/"amount":"([^"]+)"/g)) onAmount(amount);
        if (chunk.includes('event: next')) resolve();
      });
    });
    sent.end(body);
  });
}

/** As UQPAY sends it, signed; it says that something changed, but not what. */
async function sendWebhook({ url }: ServerProcess, accountId: string): Promise<void> {
  const timestamp = String(Date.now());
  const body = JSON.stringify({
    event_id: randomUUID(),
    event_name: 'DEPOSIT',
    event_type: 'deposit.completed',
    data: { account_id: accountId, direct_id: accountId },
  });
  const signature = createHmac('sha512', webhookSecret).update(body).update(timestamp).digest('hex');
  const { status } = await fetch(new URL('/webhooks/uqpay', url), {
    method: 'POST',
    headers: { 'x-wk-signature': signature, 'x-wk-timestamp': timestamp },
    body,
  });
  if (status !== 200) throw new Error(`The webhook was answered with ${status}.`);
}

function toLine(
  name: string,
  changes: readonly Change[],
  { control }: UqpaySandbox,
  cpuUsPerSecond: number,
  idleBytes: number,
): string {
  const times = changes.flatMap(({ atMs, seenMs }) => seenMs.map((at) => at - atMs)).sort((a, b) => a - b);
  const expected = changes.length * (subscriberCount / accountCount);
  const calls = control.calls().filter(({ path }) => path !== '/v1/connect/token');
  const perMinute = Map.groupBy(calls, ({ at }) => Math.floor(at / 60_000));
  const cells = [
    name,
    changes.length,
    `${times.length} of ${expected}`,
    ...[0.5, 0.95, 1].map((share) => `${(quantile(times, share) / 1_000).toFixed(2)} s`),
    calls.length,
    Math.max(0, ...Array.from(perMinute.values(), (inMinute) => inMinute.length)),
    `${(cpuUsPerSecond / subscriberCount).toFixed(0)} us`,
    `${(idleBytes / subscriberCount / 1_024).toFixed(0)} KiB`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const [secondsText = '60', ...names] = process.argv.slice(2);
const seconds = Math.min(secondsMax, Number(secondsText));
process.stdout.write(
  '| Arrangement | Changes | Events | Median | 95th | latest | Calls | in one minute | CPU a second for each subscriber | Memory for each |\n',
);
for (const arrangement of arrangements) {
  if (names.length > 0 && !names.includes(arrangement.name)) continue;
  process.stdout.write(`${await measure(arrangement, seconds)}\n`);
}
