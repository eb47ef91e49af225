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
import type { Answer } from './answers.ts';
import { type CallFault, withReplacedField } from './faults.ts';
import {
  inTransit,
  isTransitFault,
  type SentAnswer,
  sendAnswer,
  toSent,
  writeHead,
} from './transit-faults.ts';

/** A received request. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a sandbox server is made of; `Call` is what the API reads of a request. */
export interface ServerParts<Call> {
  readonly toCall: (received: ReceivedCall) => Call;
  /** The API itself: no sockets, no faults, no delays. */
  readonly answer: (call: NoInfer<Call>) => Answer;
  /** An error of any status in the API's own shape. */
  readonly errorAnswer: (status: number) => Answer;
  /** Logs a call; returns the function that records its status. */
  readonly log: (call: NoInfer<Call>) => (status: number) => void;
  /** The faults; `take` returns what happens to a call, an answer in place of the route's, or null for nothing. */
  readonly faults: { take(call: NoInfer<Call>): CallFault | Answer | null };
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
export async function startServer<Call>(
  parts: ServerParts<Call>,
  port: number,
  host: string,
): Promise<RunningServer> {
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

async function handle<Call>(
  parts: ServerParts<Call>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://sandbox.invalid');
  const body = await readBody(request);
  if (url === null || body === null) {
    return sendAnswer(response, toSent(parts.errorAnswer(url === null ? 404 : 413)));
  }
  if (url.pathname.startsWith(controlBase) && parts.control !== null) {
    const operation = url.pathname.slice(controlBase.length);
    const answer = parts.control(operation, request.headers['content-type'] ?? '', body);
    return sendAnswer(response, toSent(answer));
  }
  const { method = 'GET', headers } = request;
  const call = parts.toCall({ method, path: url.pathname, query: url.searchParams, headers, body });
  const noteStatus = parts.log(call);
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  if (parts.latency.ms > 0) await wait(parts.latency.ms, undefined, { signal: closed.signal });
  const taken = parts.faults.take(call);
  const fault = taken !== null && 'kind' in taken ? taken : null;
  if (fault?.kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  const answer = () => (taken !== null && !('kind' in taken) ? taken : parts.answer(call));
  const sent = isTransitFault(fault) ? inTransit(fault, answer) : toSent(withFault(answer(), fault));
  noteStatus(sent.status);
  if (fault?.kind === 'slow') await sendSlowly(response, sent, fault, closed.signal);
  else sendAnswer(response, sent);
}

function withFault(answer: Answer, fault: CallFault | null): Answer {
  if (fault?.kind === 'truncated') {
    return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  }
  if (fault?.kind === 'wrong-content-type') return { ...answer, contentType: 'text/html' };
  return fault?.kind === 'shape' ? withReplacedField(answer, fault.field, fault.value) : answer;
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
