// Exports that do not fit into memory, over a provider that computes its rows: a slow reader, one that stops, and the
// resident memory of the real process. `npm run nightly` exports a million rows.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

const rowCount = Number(process.env.EXPORT_ROWS ?? 36_000);
const isLong = rowCount >= 1_000_000;
jest.setTimeout(isLong ? 900_000 : 60_000);

const root = join(import.meta.dirname, '../..');
const newestSecond = Date.parse('2026-05-01T00:00:00Z') / 1000;
const rowsOfSecond = 3;

let provider: Server;
let calls = 0;
let directory: string;
let gateway: ChildProcess;
let origin = '';

beforeEach(async () => {
  calls = 0;
  provider = createServer((request, response) => {
    const body = JSON.stringify(answer(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  directory = mkdtempSync(join(tmpdir(), 'gateway-'));
  const env = {
    PORT: '0',
    UQPAY_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/api`,
    UQPAY_CLIENT_ID: 'client',
    UQPAY_API_KEY: 'key',
    UQPAY_RATE_LIMIT_PER_MINUTE: '1000000',
    // As in a pod of 512 MB: without a limit V8 collects rarely, and the test would show nothing.
    NODE_OPTIONS: '--max-old-space-size=256',
  };
  gateway = spawn(process.execPath, [join(root, 'src/main.ts')], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  for await (const chunk of gateway.stdout ?? []) {
    printed += chunk;
    origin = /(http:\/\/[\d.]+:\d+)\/graphql/.exec(printed)?.[1] ?? '';
    if (origin !== '') break;
  }
});

afterEach(async () => {
  gateway.kill('SIGKILL');
  provider.closeAllConnections();
  provider.close();
  rmSync(directory, { recursive: true });
});

/** UQPAY's documented replies (reference sections 1.2 and 5.2) over rows that are made when they are requested. */
function answer({ url = '' }: IncomingMessage): object {
  const { pathname, searchParams } = new URL(url, 'http://provider');
  if (pathname.endsWith('/token')) {
    return { auth_token: 'token', expired_at: Math.floor(Date.now() / 1000) + 1_800 };
  }
  calls += 1;
  const [page, size] = [Number(searchParams.get('page_number')), Number(searchParams.get('page_size'))];
  const end = searchParams.get('end_time');
  const endSecond = end === null ? newestSecond : Math.floor(Date.parse(end) / 1000);
  const first = Math.max(0, newestSecond - endSecond) * rowsOfSecond;
  const start = searchParams.get('start_time');
  const startSecond = start === null ? Number.NEGATIVE_INFINITY : Math.ceil(Date.parse(start) / 1000);
  const last = Math.min(rowCount, (newestSecond - startSecond + 1) * rowsOfSecond);
  const count = Math.max(0, last - first);
  const from = first + (page - 1) * size;
  const rows = Array.from({ length: Math.max(0, Math.min(size, last - from)) }, (_, at) => toRow(from + at));
  return { total_items: count, total_pages: Math.ceil(count / size), data: rows };
}

function toRow(index: number) {
  const time = new Date((newestSecond - Math.floor(index / rowsOfSecond)) * 1000)
    .toISOString()
    .replace('.000', '');
  return {
    transaction_id: idOf(index),
    balance_id: '3b0f8a52-0d0e-4a53-9b7e-0a6f6f1c9d11',
    transaction_type: 'PAYIN',
    currency: 'USD',
    amount: `${index}.25`,
    credit_debit_type: 'C',
    create_time: time,
    complete_time: time,
    reference_id: idOf(index),
    transaction_status: 'COMPLETED',
    transaction_way: 'API',
  };
}

function idOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** The number of calls once there are no new ones. */
async function callsOnceStill(): Promise<number> {
  for (let before = -1; ; ) {
    await delay(500);
    if (calls === before && calls > 0) return calls;
    before = calls;
  }
}

test('a slow reader gets every row once in bounded memory, at most 400 pages behind the provider', async () => {
  const url = new URL(origin);
  const socket = connect(Number(url.port), url.hostname);
  socket.pause();
  socket.write(`GET /export/transactions.csv?ledgers=BANKING HTTP/1.0\r\nHost: ${url.host}\r\n\r\n`);
  // Of at least 360 pages: the gateway reads ahead what the sockets buffer, and no more.
  expect(await callsOnceStill()).toBeLessThan(Math.min(400, (rowCount / 100) * 0.8));
  const found = new Uint8Array(rowCount);
  const resident: number[] = [];
  let tail = '';
  let bytesUntilPause = 0;
  for await (const chunk of socket) {
    const lines = (tail + chunk).split('\r\n');
    tail = lines.pop() ?? '';
    for (const line of lines) {
      const index = /,00000000-0000-4000-8000-(\d{12}),/.exec(line)?.[1];
      if (index === undefined) continue;
      found[Number(index)] = (found[Number(index)] ?? 0) + 1;
      if (!line.includes(`,${Number(index)}.25,USD,`)) throw new Error(`Another amount: ${line}`);
    }
    bytesUntilPause -= chunk.length;
    if (bytesUntilPause > 0) continue;
    bytesUntilPause = 4_000_000;
    resident.push(residentMegabytes());
    await delay(isLong ? 100 : 10);
  }
  expect(found.every((times) => times === 1)).toBe(true);
  expect(calls).toBeLessThan((rowCount / 100) * 1.2);
  // A million rows in memory would take more than this.
  if (isLong) console.log(`resident: ${resident.map(Math.round).join(' ')} MB, ${calls} calls`);
  expect(Math.max(...resident)).toBeLessThan(450);
});

test('nothing is read for a reader that has disconnected', async () => {
  const response = await fetch(`${origin}/export/transactions.ndjson?ledgers=BANKING`);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const gone = await callsOnceStill();
  expect(gone).toBeLessThan((rowCount / 100) * 0.8);
  await delay(300);
  expect(calls).toBe(gone);
});
