import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Dispatcher } from 'undici';
// Imports one file: loading all of undici, with fetch, caches and mocks, took a tenth of the first start.
import Agent from 'undici/lib/dispatcher/agent.js';
import type { CancelSignal } from '../../domain/cancellation.ts';
import { atEndOfTick } from '../../domain/end-of-tick.ts';
import type { Failure } from '../../domain/failure.ts';
import { RecentValues } from '../../domain/recent-values.ts';
import type { HttpReply, HttpRequest } from '../../ports/http.ts';
import { decodeBody } from './decode-text.ts';
import type { HttpOptions } from './http-options.ts';
import { toSingleHeaders } from './single-headers.ts';
import { ReplyTooLarge, toTransportFailure } from './transport-failure.ts';
import { unpack } from './unpack.ts';

/** A request whose URL is already split, so that it is not parsed twice. */
export interface Exchange extends Pick<HttpRequest, 'method' | 'name' | 'provider'> {
  /** `https://host`, with the port if it is not the default. */
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string | undefined;
  readonly signal: CancelSignal | undefined;
}

/** Keep-alive connections to any number of hosts. */
export interface UndiciAgent {
  /** Sends one request and reads the whole reply. Rejects as `HttpPort.send` does. */
  exchange(request: Exchange): Promise<HttpReply>;
  /** Closes every connection; requests in flight fail, later ones are not sent. */
  destroy(): void;
}

export function createUndiciAgent(options: HttpOptions): UndiciAgent {
  const agent = new Agent({
    connections: options.maxSockets,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    allowH2: false,
    // Our own timer limits the whole attempt: these would restart with every byte of a body that trickles in.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
  });
  const recentHeaders = new RecentValues<string>(headerNamesMax);
  return {
    exchange: (request) => exchange(agent, request, options, recentHeaders),
    destroy() {
      // Not awaited: the promise waits for the last socket to close.
      void agent.destroy();
    },
  };
}

/**
 * Shorter than the 60 s of common load balancers, so that the client closes an idle connection before the server does.
 */
const keepAliveMs = 55_000;

/** Header names whose last valid value is cached; adapters send about ten. */
const headerNamesMax = 50;

function exchange(
  agent: Agent,
  request: Exchange,
  options: HttpOptions,
  recentHeaders: RecentValues<string>,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const { origin, path, method, headers, body, signal } = request;
    const reply = new PendingReply(request, options, resolve, reject);
    if (signal?.aborted) return reply.fail(new Error('aborted before it was sent'));
    try {
      checkHeaders(headers, recentHeaders);
    } catch (error) {
      return reply.fail(error);
    }
    reply.watch();
    agent.dispatch(
      {
        origin,
        path,
        method,
        headers: headers as Record<string, string | string[] | undefined>,
        ...(body === undefined ? {} : { body }),
      },
      reply,
    );
  });
}

/** A reply that undici is filling. */
class PendingReply implements Dispatcher.DispatchHandler {
  private readonly request: Exchange;
  private readonly options: HttpOptions;
  private readonly resolve: (reply: HttpReply) => void;
  private readonly reject: (failure: Failure) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly startedMs = performance.now();
  private isSent = false;
  private isOver = false;
  private status = 0;
  private headers: HttpReply['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private byteCount = 0;
  private readonly onAbort = () => this.fail(new Error('aborted'));

  constructor(
    request: Exchange,
    options: HttpOptions,
    resolve: (reply: HttpReply) => void,
    reject: (failure: Failure) => void,
  ) {
    this.request = request;
    this.options = options;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Starts the timeout and listens for the abort signal. */
  watch(): void {
    this.timer = setTimeout(timeOut, this.options.requestTimeoutMs, this);
    this.request.signal?.addEventListener('abort', this.onAbort);
  }

  fail(error: unknown): void {
    if (this.isOver) return;
    this.end();
    if (!this.isSent) this.reportSent();
    const { name, origin: url, signal } = this.request;
    this.reject(toTransportFailure(error, { name, url, signal }, this.options));
    this.controller?.abort(error as Error);
  }

  onRequestStart(started: Dispatcher.DispatchController): void {
    // The request ended while it waited for a connection. Throwing keeps the connection; aborting would close it.
    if (this.isOver) throw new Error('ended before it was sent');
    this.controller = started;
    this.reportSent();
  }

  onResponseStart(_: unknown, status: number, headers: Parameters<typeof toSingleHeaders>[0]): void {
    this.status = status;
    this.headers = toSingleHeaders(headers);
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.byteCount += chunk.length;
    if (this.byteCount > this.options.replyBytesMax) this.fail(new ReplyTooLarge());
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.isOver) return;
    try {
      const [only] = this.chunks;
      const packed =
        only !== undefined && this.chunks.length === 1 ? only : Buffer.concat(this.chunks, this.byteCount);
      const bytes = unpack(packed, this.headers['content-encoding'], this.options.replyBytesMax);
      const body = decodeBody(bytes, this.headers['content-type']);
      const reply = { status: this.status, headers: this.headers, ...body };
      this.end();
      atEndOfTick(() => this.resolve(reply));
    } catch (error) {
      this.fail(error);
    }
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(error);
  }

  /**
   * Counts requests that are given up while they wait too; otherwise nothing would show that no requests are being
   * sent.
   */
  private reportSent(): void {
    this.isSent = true;
    this.options.onSent?.(this.request, performance.now() - this.startedMs);
  }

  private end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.request.signal?.removeEventListener('abort', this.onAbort);
  }
}

function timeOut(reply: PendingReply): void {
  reply.fail(new TimedOut());
}

/** The header names and values that Node accepts (RFC 9110, sections 5.1 and 5.5). */
const sendableName = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const sendableValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Throws Node's error for a header that cannot be sent. undici refuses it too, but then treats the connection it chose
 * as busy forever: after as many refusals as there are connections, it sends no more requests to that host.
 */
function checkHeaders(headers: Exchange['headers'], recentHeaders: RecentValues<string>): void {
  for (const name in headers) {
    const value = headers[name];
    // Most values are the same as in the request before, including tokens of a thousand characters.
    if (value === undefined || recentHeaders.get(name) === value) continue;
    // Node's own functions, which name the problem, took 2 % of the CPU of a small response.
    if (typeof value === 'string' && sendableName.test(name) && sendableValue.test(value)) {
      recentHeaders.set(name, value);
      continue;
    }
    validateHeaderName(name);
    for (const each of typeof value === 'string' ? [value] : value) validateHeaderValue(name, each);
  }
}

class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}
