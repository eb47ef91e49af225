import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Got, type HandlerFunction, type Options, type Response } from 'got';
import type { HttpPort, HttpReply, HttpRequest } from '../ports/http.ts';
import { type HttpOptions, userAgent } from './http-options.ts';
import { toSingleHeaders } from './single-headers.ts';
import { ReplyTooLarge, toTransportFailure } from './transport-failure.ts';
import { createUndiciAgent, type UndiciAgent } from './undici-agent.ts';

/**
 * Transport over got. A handler, got's documented extension point, carries plain reads over undici's connections;
 * the rest, which is logins, goes over got's own (docs/adr/0007-reads-over-undici.md). Nothing it throws holds a
 * query, a header or a body.
 */
export function createGotHttp(options: HttpOptions): HttpPort {
  const { connectTimeoutMs, requestTimeoutMs, replyBytesMax, maxSockets } = options;
  const sockets = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: 'lifo' } as const;
  const agents = { http: new HttpAgent(sockets), https: new HttpsAgent(sockets) };
  const reads = createUndiciAgent(options);
  const client = got.extend({
    agent: agents,
    timeout: { connect: connectTimeoutMs, request: requestTimeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
    strictContentLength: true,
    http2: false,
    headers: { 'user-agent': userAgent },
    handlers: [carryReads(reads)],
  });

  return {
    async send(request) {
      try {
        return await (isPlainRead(request) ? read(client, request) : stream(client, request, replyBytesMax));
      } catch (error) {
        throw toTransportFailure(error, request, options);
      }
    },
    close() {
      reads.destroy();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/**
 * What the handler returns for a read. Not the promise itself: beside a promise got builds one of its own, for a
 * seventh of the whole request.
 */
interface Carried {
  readonly reply: Promise<HttpReply>;
}

function carryReads(reads: UndiciAgent): HandlerFunction {
  // got takes whatever a handler returns; its types know of got's own replies only.
  const carry = (normal: Options) => toCarried(normal, reads) as unknown as ReturnType<HandlerFunction>;
  return ((normal, next) => (normal?.isStream ? next(normal) : carry(normal))) as HandlerFunction;
}

/** Sends what got made of the request: its URL, the instance's headers and its own. */
function toCarried(normal: Options | undefined, reads: UndiciAgent): Carried {
  // Of a request that it refuses got hands on what it has, or nothing. The context is merged last.
  if (!(normal?.url instanceof URL) || !('request' in normal.context)) {
    throw new Error('got refused the request');
  }
  const { headers, signal } = normal.context.request as HttpRequest;
  return {
    reply: reads.exchange({
      method: 'GET',
      url: normal.url,
      headers: { ...normal.headers, ...headers },
      signal,
    }),
  };
}

function isPlainRead({ method, body }: HttpRequest): boolean {
  return method === 'GET' && body === undefined;
}

function read(client: Got, request: HttpRequest): Promise<HttpReply> {
  // As part of the context, which got hands on as it is: headers of its own it would copy and check one by one.
  const carried: unknown = client(request.url, { context: { request } });
  return (carried as Carried).reply;
}

function stream(client: Got, request: HttpRequest, replyBytesMax: number): Promise<HttpReply> {
  const { method, url, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Error('aborted before it was sent'));
    // A stream is the only shape in which got lets a reply be measured while it arrives.
    const stream = client.stream(url, {
      method,
      headers: { ...headers },
      // Without one got waits for whoever pipes into it.
      body: body ?? '',
    });
    const fail = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort);
      reject(error);
      stream.destroy();
    };
    const onAbort = () => fail(new Error('aborted'));
    signal?.addEventListener('abort', onAbort, { once: true });
    let response: Response | undefined;
    const chunks: Buffer[] = [];
    let byteCount = 0;
    stream.once('response', (received: Response) => {
      response = received;
    });
    stream.on('data', (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount > replyBytesMax) fail(new ReplyTooLarge());
      else chunks.push(chunk);
    });
    stream.on('error', fail);
    stream.once('end', () => {
      signal?.removeEventListener('abort', onAbort);
      if (response === undefined) return fail(new Error('The reply ended before it began'));
      resolve({
        status: response.statusCode,
        headers: toSingleHeaders(response.headers),
        text: Buffer.concat(chunks, byteCount).toString('utf8'),
      });
    });
    // A stream that is destroyed may close without a word.
    stream.once('close', () => fail(new Error('The reply was cut short')));
  });
}
