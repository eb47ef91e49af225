// A fast, fixed simulation of the UQPAY routes that the workloads read: bodies are built once and kept as bytes. It
// checks only the page rules and the token, and refuses what UQPAY's reference does not allow.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import {
  accountRow,
  bankingBalances,
  credential,
  firstIndexUpTo,
  laneAccounts,
  masterAccountId,
  pagedAccounts,
  paymentBalances,
  transactionAt,
  transactionCount,
} from './data.ts';

/** Messages from the bench to this process, and back. */
export type UpstreamOrder =
  | { readonly latencyMs: number }
  /** Whether every body is different: each has another `nonce`, which no query selects. */
  | { readonly varies: boolean }
  | { readonly ask: 'calls' };

const claims = { entity_id: masterAccountId, parent_entity_id: '0', bus_type: 'BANKING' };
const token = ['{"alg":"none"}', JSON.stringify(claims), 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

let latencyMs = 0;
let callCount = 0;
let varies = false;

interface Body {
  readonly status: number;
  readonly bytes: Buffer;
}

const bodies = new Map<string, Body>();
const bodiesMax = 10_000;

const server = createServer((request, response) => {
  const url = request.url ?? '';
  if (request.method === 'POST') {
    request.resume();
    send(response, tokenBody(url, request.headers));
    return;
  }
  callCount += 1;
  const body = bodyOf(url, request.headers);
  if (latencyMs === 0) send(response, body);
  else setTimeout(send, latencyMs, response, body);
});
server.keepAliveTimeout = 60_000;

function send(response: ServerResponse, { status, bytes }: Body): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(varies ? toAnother(bytes) : bytes);
}

const nonceStart = '{"nonce":"';
const nonceLength = 10;

/** The same body with another nonce. */
function toAnother(bytes: Buffer): Buffer {
  const another = Buffer.from(bytes);
  another.write(String(callCount).padStart(nonceLength, '0'), nonceStart.length, 'latin1');
  return another;
}

function tokenBody(url: string, headers: IncomingHttpHeaders): Body {
  const isKnown =
    headers['x-client-id'] === credential.clientId && headers['x-api-key'] === credential.apiKey;
  if (url !== '/api/v1/connect/token' || !isKnown) return toBody(403, { error: 'Forbidden' });
  return toBody(200, { auth_token: token, expired_at: Math.floor(Date.now() / 1_000) + 1_800 });
}

function bodyOf(url: string, headers: IncomingHttpHeaders): Body {
  if (headers['x-auth-token'] !== `Bearer ${token}`) return toBody(401, { error: 'invalid auth token' });
  const accountId = String(headers['x-on-behalf-of'] ?? masterAccountId);
  const key = `${accountId} ${url}`;
  const known = bodies.get(key);
  if (known !== undefined) return known;
  const body = makeBody(accountId, new URL(url, 'http://upstream'));
  if (bodies.size >= bodiesMax) bodies.clear();
  bodies.set(key, body);
  return body;
}

function makeBody(accountId: string, { pathname, searchParams }: URL): Body {
  const path = pathname.replace(/^\/api/, '');
  const single = /^\/(v1|v2\/payment)\/balances\/([A-Z]{3})$/.exec(path);
  if (single !== null) {
    const rows = single[1] === 'v1' ? bankingBalances(accountId) : paymentBalances();
    const row = rows.find(({ currency }) => currency === single[2]);
    return row === undefined
      ? toBody(400, { type: 'not_found', code: 'not_found', message: 'none' })
      : toBody(200, row);
  }
  const size = Number(searchParams.get('page_size'));
  const page = Number(searchParams.get('page_number'));
  if (!(size >= 10 && size <= 100 && page >= 1)) {
    return toBody(400, { type: 'invalid_request_error', code: 'invalid_parameter', message: 'page' });
  }
  const from = (page - 1) * size;
  switch (path) {
    case '/v1/accounts':
      return list([...pagedAccounts, ...laneAccounts].map(accountRow), from, size);
    case '/v1/balances':
      return list(bankingBalances(accountId), from, size);
    case '/v2/payment/balances':
      return list(paymentBalances(), from, size);
    case '/v1/balances/transactions': {
      const endTime = searchParams.get('end_time');
      const first = endTime === null ? 0 : firstIndexUpTo(Date.parse(endTime) / 1_000);
      const count = Math.max(0, transactionCount - first);
      const onPage = Math.max(0, Math.min(size, count - from));
      const rows = Array.from({ length: onPage }, (_, offset) =>
        transactionAt(accountId, first + from + offset),
      );
      return toBody(200, { total_pages: Math.ceil(count / size), total_items: count, data: rows });
    }
    default:
      return toBody(404, { code: 404, message: 'no such route' });
  }
}

function list(rows: readonly unknown[], from: number, size: number): Body {
  return toBody(200, {
    total_pages: Math.ceil(rows.length / size),
    total_items: rows.length,
    data: rows.slice(from, from + size),
  });
}

function toBody(status: number, value: object): Body {
  return { status, bytes: Buffer.from(JSON.stringify({ nonce: '0'.repeat(nonceLength), ...value })) };
}

process.on('message', (order: UpstreamOrder) => {
  if ('latencyMs' in order) latencyMs = order.latencyMs;
  else if ('varies' in order) varies = order.varies;
  else process.send?.({ calls: callCount });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  process.stdout.write(`ready http://127.0.0.1:${port}/api\n`);
});
