import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Dispatcher } from 'undici';
// This file alone: the whole of undici, with fetch, caches and mocks, was a tenth of the first start.
import Agent from 'undici/lib/dispatcher/agent.js';
import type { CancelSignal } from '../domain/cancellation.ts';
import { atEndOfTurn } from '../domain/end-of-turn.ts';
import type { HttpReply, HttpRequest } from '../ports/http.ts';
import type { HttpOptions } from './http-options.ts';
import { toSingleHeaders } from './single-headers.ts';
import { ReplyTooLarge } from './transport-failure.ts';
import { unpack, unpackedEncodings } from './unpack.ts';

/** A request whose URL has been taken apart, so that nobody has to do it twice. */
export interface Exchange extends Pick<HttpRequest, 'method' | 'body'> {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly signal: CancelSignal | undefined;
}

/** Kept connections to any number of hosts. */
export interface UndiciAgent {
  /** One request and its whole reply. Rejects with undici's, zlib's or our own error, for `toTransportFailure`. */
  exchange(request: Exchange): Promise<HttpReply>;
  /** Cuts every connection; requests under way fail, later ones are not sent. */
  destroy(): void;
}

export function createUndiciAgent(options: HttpOptions): UndiciAgent {
  const agent = new Agent({
    connections: options.maxSockets,
    pipelining: 1,
    connect: { timeout: options.connectTimeoutMs },
    allowH2: false,
    // One timer of ours bounds the whole attempt: these would only restart with every byte of a dripping body.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
  });
  return {
    exchange: (request) => exchange(agent, request, options),
    destroy() {
      // Its promise waits for the last socket to close. Nothing here does.
      void agent.destroy();
    },
  };
}

/** Shorter than the 60 s of common load balancers: who closes an idle connection should be who would use it next. */
const keepAliveMs = 55_000;

function exchange(
  agent: Agent,
  { url, method, headers, body, signal }: Exchange,
  { requestTimeoutMs, replyBytesMax }: HttpOptions,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Error('aborted before it was sent'));
    checkHeaders(headers);
    let controller: Dispatcher.DispatchController | undefined;
    let isOver = false;
    let status = 0;
    let received: HttpReply['headers'] = {};
    const chunks: Buffer[] = [];
    let byteCount = 0;
    const end = () => {
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      if (isOver) return;
      end();
      reject(error);
      controller?.abort(error);
    };
    const onAbort = () => fail(new Error('aborted'));
    const timer = setTimeout(() => fail(new TimedOut()), requestTimeoutMs);
    signal?.addEventListener('abort', onAbort);
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'accept-encoding': unpackedEncodings, ...headers },
        ...(body === undefined ? {} : { body }),
      },
      {
        onRequestStart(started) {
          // It ended while it waited for a connection. Thrown and not aborted: that would cut the connection.
          if (isOver) throw new Error('ended before it was sent');
          controller = started;
        },
        onResponseStart(_controller, statusCode, replyHeaders) {
          status = statusCode;
          received = toSingleHeaders(replyHeaders);
        },
        onResponseData(_controller, chunk) {
          byteCount += chunk.length;
          if (byteCount > replyBytesMax) fail(new ReplyTooLarge());
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (isOver) return;
          end();
          try {
            const bytes = unpack(
              Buffer.concat(chunks, byteCount),
              received['content-encoding'],
              replyBytesMax,
            );
            const reply = { status, headers: received, text: bytes.toString('utf8') };
            atEndOfTurn(() => resolve(reply));
          } catch (error) {
            reject(error);
          }
        },
        onResponseError(_controller, error) {
          fail(error);
        },
      },
    );
  });
}

/** What Node takes for the name and the value of a header (RFC 9110, sections 5.1 and 5.5). */
const sendableName = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
const sendableValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Throws Node's error for what cannot be sent. undici refuses it too, but takes the connection that was to carry it for
 * busy ever after: as many refusals as there are connections, and no request to that host is sent again.
 */
function checkHeaders(headers: Exchange['headers']): void {
  for (const name in headers) {
    const value = headers[name];
    // Node's own functions, which say what is wrong, took 2 % of a small answer.
    if (typeof value === 'string' && sendableName.test(name) && sendableValue.test(value)) continue;
    if (value === undefined) continue;
    validateHeaderName(name);
    for (const each of typeof value === 'string' ? [value] : value) validateHeaderValue(name, each);
  }
}

class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}
