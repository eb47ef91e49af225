// What the upstream budget gains: many viewers poll one dashboard for a limited time, over loopback, against the
// embedded sandbox limited to 200 calls a minute. Prints one line of figures for each arrangement.
//   node bench/budget.ts [seconds] [arrangement ...]
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUqpaySandbox } from '../src/sandbox/uqpay/index.ts';
import { quantile } from './harness/quantile.ts';
import { deleteKeys } from './harness/redis-keys.ts';

const viewerCount = 1_000;
const pollMs = 5_000;
const accountCount = 10;
const latencyMs = 30;
const callsPerMinute = 200;
const secondsMax = 120;

interface Arrangement {
  readonly name: string;
  readonly replicaCount: number;
  readonly env: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const keyPrefix = `bench-${randomUUID()}:`;
const arrangements: readonly Arrangement[] = [
  { name: 'one process', replicaCount: 1, env: {}, headers: {} },
  {
    name: 'three replicas, Redis',
    replicaCount: 3,
    env: { REDIS_URL: `${redisUrl}?keyPrefix=${keyPrefix}` },
    headers: {},
  },
  {
    name: 'cache and budget off',
    replicaCount: 1,
    env: {
      BALANCE_MAX_AGE_SECONDS: '0',
      ACCOUNT_MAX_AGE_SECONDS: '0',
      STALE_MAX_AGE_SECONDS: '0',
      UQPAY_RATE_LIMIT_PER_MINUTE: '0',
    },
    // Joins no read that was in flight before the request. The circuit breaker and the pause after a 429 stay on.
    headers: { 'cache-control': 'no-cache' },
  },
];

const dashboard = JSON.stringify({
  query: `{ accounts(first: ${accountCount}) { nodes {
    name balances(filter: { ledgers: [BANKING] }) { nodes { available { amount currency } asOf } sources { state } }
  } } }`,
});

interface Poll {
  readonly isComplete: boolean;
  /** Age of the oldest balance when the answer arrived; null without balances. */
  readonly ageMs: number | null;
  readonly tookMs: number;
}

async function measure({ name, replicaCount, env, headers }: Arrangement, seconds: number): Promise<string> {
  const sandbox = await startUqpaySandbox({
    seed: 'empty',
    apiKey: randomUUID(),
    rateLimitPerMinute: callsPerMinute,
    latencyMs,
  });
  const accountIds = [sandbox.masterAccountId];
  for (let index = 1; index < accountCount; index++) accountIds.push(sandbox.control.addAccount().account_id);
  for (const id of accountIds) {
    for (const currency of ['EUR', 'SGD', 'USD']) sandbox.control.setBalance('banking', id, currency);
  }
  const environment = {
    ...{ UQPAY_BASE_URL: sandbox.baseUrl, UQPAY_CLIENT_ID: sandbox.clientId, UQPAY_API_KEY: sandbox.apiKey },
    ...{ PORT: '0', LOG_LEVEL: 'silent', ...env },
  };
  const replicas = await Promise.all(Array.from({ length: replicaCount }, () => startGateway(environment)));
  try {
    const agent = new Agent({ keepAlive: true, maxSockets: 500 });
    const endMs = Date.now() + seconds * 1_000;
    const viewers = Array.from({ length: viewerCount }, (_, index) =>
      view(replicas[index % replicaCount]?.url ?? '', (index / viewerCount) * pollMs, endMs, agent, headers),
    );
    const polls = (await Promise.all(viewers)).flat();
    agent.destroy();
    return toLine(name, polls, sandbox.control.calls(), sandbox.control.mintCount());
  } finally {
    for (const { child } of replicas) child.kill('SIGKILL');
    await sandbox.close();
    if (env.REDIS_URL !== undefined) await deleteKeys(redisUrl, keyPrefix);
  }
}

/** One viewer, who polls at fixed times until the end. */
async function view(
  url: string,
  offsetMs: number,
  endMs: number,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
): Promise<Poll[]> {
  const polls: Poll[] = [];
  for (let dueMs = Date.now() + offsetMs; dueMs < endMs; dueMs += pollMs) {
    await sleep(Math.max(0, dueMs - Date.now()));
    const startMs = Date.now();
    const text = await post(url, agent, headers).catch(() => '');
    polls.push({ ...judge(text), tookMs: Date.now() - startMs });
  }
  return polls;
}

function judge(text: string): Pick<Poll, 'isComplete' | 'ageMs'> {
  if (text === '') return { isComplete: false, ageMs: null };
  const times = Array.from(text.matchAll(/"asOf":"([^"]+)"/g), ([, time]) => Date.parse(time ?? ''));
  const isComplete = !text.includes('"errors"') && times.length === accountCount * 3;
  return { isComplete, ageMs: times.length === 0 ? null : Date.now() - Math.min(...times) };
}

function post(url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...headers },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
      response.once('error', reject);
    });
    sent.end(dashboard);
  });
}

async function startGateway(env: Record<string, string>): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    cwd: import.meta.dirname,
    env: { NODE_DISABLE_COMPILE_CACHE: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  for (;;) {
    const [chunk] = await once(child.stdout, 'data');
    stdout += chunk;
    const url = /^ {2}GraphQL +(\S+)$/m.exec(stdout)?.[1];
    if (url !== undefined && stdout.includes('Stop with')) return { url, child };
  }
}

interface Call {
  readonly path: string;
  readonly at: number;
  readonly status: number | null;
}

function toLine(name: string, polls: readonly Poll[], calls: readonly Call[], issuedCount: number): string {
  const dataCalls = calls.filter(({ path }) => path !== '/v1/connect/token');
  const complete = polls.filter(({ isComplete }) => isComplete);
  const ages = complete.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs])).sort((a, b) => a - b);
  const times = polls.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const perMinute = Map.groupBy(dataCalls, ({ at }) => Math.floor(at / 60_000));
  const cells = [
    name,
    polls.length,
    `${((100 * complete.length) / Math.max(1, polls.length)).toFixed(2)} %`,
    ...[0.5, 0.99, 1].map((share) => inSeconds(quantile(ages, share))),
    ...[0.5, 0.99].map((share) => `${quantile(times, share)} ms`),
    dataCalls.length,
    Math.max(0, ...Array.from(perMinute.values(), (inMinute) => inMinute.length)),
    dataCalls.filter(({ status }) => status === 429).length,
    issuedCount,
  ];
  return `| ${cells.join(' | ')} |`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

const [secondsText = '60', ...names] = process.argv.slice(2);
const seconds = Math.min(secondsMax, Number(secondsText));
process.stdout.write(
  '| Arrangement | Answers | Complete | Age, median | 99th | oldest | Time, median | 99th | Calls | in one minute | 429s | Tokens |\n',
);
for (const arrangement of arrangements) {
  if (names.length > 0 && !names.includes(arrangement.name)) continue;
  process.stdout.write(`${await measure(arrangement, seconds)}\n`);
}
