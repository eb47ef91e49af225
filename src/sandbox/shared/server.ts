import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, htmlAnswer } from './answers.ts';
import { type Fault, type FaultBox, withReplacedField } from './faults.ts';
import { inTransit, isTransitFault, sendAnswer, toSent } from './transit-faults.ts';

/** A received request. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a sandbox server is made of. */
export interface ServerParts {
  /** The API itself: no sockets, no faults, no delays. */
  readonly answer: (call: ReceivedCall) => Answer;
  /** An error of any status in the API's own shape. */
  readonly errorAnswer: (status: number) => Answer;
  /** Logs a call; returns the function that records its status. */
  readonly log: (call: ReceivedCall) => (status: number) => void;
  readonly faults: FaultBox;
  /** Delay before every answer, in milliseconds; may change while running. */
  readonly latency: { ms: number };
  /** Answers POST requests under `/__control/`; null when the interface is not served. */
  readonly control: ((operation: string, contentType: string, body: string) => Answer) | null;
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

const bodyBytesMax = 1024 * 1024;
const controlBase = '/__control/';

/** Starts the HTTP server of a sandbox; port 0 uses any free one. Rejects if the port is not available. */
export async function startServer(parts: ServerParts, port: number, host: string): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      if (request.socket.destroyed || response.destroyed) return;
      if (response.headersSent) response.destroy();
      else sendAnswer(response, toSent({ status: 500, body: String(error), contentType: 'text/plain' }));
    });
  });
  // Longer than clients keep idle connections, so that no client uses one that is closing.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: createClose(server),
  };
}

function createClose(server: Server): () => Promise<void> {
  let closed: Promise<unknown> | null = null;
  return async () => {
    if (closed === null) {
      closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
    }
    await closed;
  };
}

async function handle(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://sandbox.invalid');
  const body = await readBody(request);
  if (url === null || body === null)
    return sendAnswer(response, toSent(parts.errorAnswer(url === null ? 404 : 413)));
  if (url.pathname.startsWith(controlBase) && parts.control !== null) {
    const operation = url.pathname.slice(controlBase.length);
    const answer = parts.control(operation, request.headers['content-type'] ?? '', body);
    return sendAnswer(response, toSent(answer));
  }
  const { method = 'GET', headers } = request;
  const call: ReceivedCall = { method, path: url.pathname, query: url.searchParams, headers, body };
  const noteStatus = parts.log(call);
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  if (parts.latency.ms > 0) await wait(parts.latency.ms, undefined, { signal: closed.signal });
  const fault = parts.faults.take(call);
  if (fault?.kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault?.kind === 'slow') await wait(fault.ms, undefined, { signal: closed.signal });
  const sent = isTransitFault(fault)
    ? inTransit(fault, () => parts.answer(call))
    : toSent(withFault(fault, call, parts));
  noteStatus(sent.status);
  sendAnswer(response, sent);
}

function withFault(fault: Fault | null, call: ReceivedCall, parts: ServerParts): Answer {
  if (fault?.kind === 'status') {
    const { status, retryAfterSeconds } = fault;
    const answer = fault.body === 'html' ? htmlAnswer(status) : parts.errorAnswer(status);
    const bare = fault.body === 'empty' ? { ...answer, body: '' } : answer;
    return retryAfterSeconds === undefined
      ? bare
      : { ...bare, headers: { 'retry-after': String(retryAfterSeconds) } };
  }
  const answer = parts.answer(call);
  if (fault?.kind === 'truncated') {
    return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  }
  if (fault?.kind === 'wrong-content-type') return { ...answer, contentType: 'text/html' };
  return fault?.kind === 'shape' ? withReplacedField(answer, fault.field, fault.value) : answer;
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
