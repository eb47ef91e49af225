import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  inTransit,
  isTransitFault,
  type SentAnswer,
  sendAnswer,
  toSent,
  writeHead,
} from '../shared/transit-faults.ts';
import { type Answer, errorInShape, numericError } from './answers.ts';
import type { Api, ApiRequest } from './api.ts';
import type { CallLog } from './call-log.ts';
import { type FaultBox, type UqpayFault, withReplacedField } from './faults.ts';
import { fingerprintToken } from './tokens.ts';

/** What the sandbox server is made of. */
export interface ServerParts {
  readonly api: Api;
  readonly faults: FaultBox;
  readonly calls: CallLog;
  /** Delay before every answer, in milliseconds; may change while running. */
  readonly latency: { ms: number };
  /** Answers requests under `/__control`; null when the interface is not served. */
  readonly control: ((operation: string, contentType: string, body: string) => Answer) | null;
}

const bodyBytesMax = 1024 * 1024;
const apiBase = '/api';
const controlBase = '/__control/';

/** The HTTP server, not listening yet. */
export function createSandboxServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      if (request.socket.destroyed || response.destroyed) return;
      if (response.headersSent) response.destroy();
      else send(response, numericError(500, error instanceof Error ? error.message : 'internal error'));
    });
  });
  // Longer than clients keep idle connections, so that no client uses one that is closing.
  server.keepAliveTimeout = 60_000;
  return server;
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://sandbox.invalid');
  const body = await readBody(request);
  if (url === null || body === null) {
    send(response, url === null ? numericError(404, 'path not found') : numericError(413, 'body too large'));
    return;
  }
  const contentType = request.headers['content-type'] ?? '';
  if (url.pathname.startsWith(controlBase) && parts.control !== null) {
    send(response, parts.control(url.pathname.slice(controlBase.length), contentType, body));
    return;
  }
  const inside = url.pathname === apiBase || url.pathname.startsWith(`${apiBase}/`);
  const apiRequest: ApiRequest = {
    method: request.method ?? 'GET',
    path: inside ? url.pathname.slice(apiBase.length) : '',
    query: url.searchParams,
    authToken: headerOf(request, 'x-auth-token'),
    clientId: headerOf(request, 'x-client-id'),
    apiKey: headerOf(request, 'x-api-key'),
    onBehalfOf: headerOf(request, 'x-on-behalf-of'),
    idempotencyKey: headerOf(request, 'x-idempotency-key'),
    contentType,
    body,
  };
  const noteStatus = logCall(parts, apiRequest);
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  if (parts.latency.ms > 0) await wait(parts.latency.ms, undefined, { signal: closed.signal });
  const fault = parts.faults.take(apiRequest);
  if (fault?.kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const run = () => parts.api.answer(apiRequest);
  const sent = isTransitFault(fault) ? inTransit(fault, run) : toSent(withFault(fault, run));
  noteStatus(sent.status);
  if (fault?.kind === 'slow') await sendSlowly(response, sent, fault, closed.signal);
  else sendAnswer(response, sent);
}

function logCall({ calls, api }: ServerParts, request: ApiRequest): (status: number) => void {
  const sorted = new URLSearchParams(request.query);
  sorted.sort();
  const { authToken } = request;
  return calls.open({
    method: request.method,
    path: request.path,
    query: Object.fromEntries(sorted),
    onBehalfOf: request.onBehalfOf,
    idempotencyKey: request.idempotencyKey,
    token: authToken === null ? null : fingerprintToken(authToken.replace(/^Bearer /, '')),
    at: api.settings.now(),
  });
}

function withFault(fault: UqpayFault | null, run: () => Answer): Answer {
  if (fault?.kind === 'status') {
    return errorInShape(fault.status, fault.shape, fault.retryAfterSeconds ?? null);
  }
  const answer = run();
  if (fault?.kind === 'truncated') {
    return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  }
  if (fault?.kind === 'wrong-content-type') return { ...answer, contentType: 'text/html' };
  if (fault?.kind === 'shape') return withReplacedField(answer, fault.field, fault.value);
  return answer;
}

function send(response: ServerResponse, answer: Answer): void {
  sendAnswer(response, toSent(answer));
}

async function sendSlowly(
  response: ServerResponse,
  sent: SentAnswer,
  { ms, chunks = 1 }: { ms: number; chunks?: number },
  signal: AbortSignal,
): Promise<void> {
  const { bytes } = sent;
  writeHead(response, sent);
  response.flushHeaders();
  const size = Math.max(1, Math.ceil(bytes.length / chunks));
  for (let start = 0; start < bytes.length; start += size) {
    await wait(ms, undefined, { signal });
    response.write(bytes.subarray(start, start + size));
  }
  response.end();
}

/** The body as text; null when it is larger than allowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  }
  return bytes > bodyBytesMax ? null : Buffer.concat(chunks).toString('utf8');
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
