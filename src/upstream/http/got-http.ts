import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Got, type HandlerFunction, type Options, type Response } from 'got';
import type { HttpPort, HttpReply, HttpRequest } from '../../ports/http.ts';
import { decodeBody } from './decode-text.ts';
import { type HttpOptions, userAgent } from './http-options.ts';
import { toSingleHeaders } from './single-headers.ts';
import { ReplyTooLarge, toTransportFailure } from './transport-failure.ts';
import { createUndiciAgent, type UndiciAgent } from './undici-agent.ts';
import { unpack, unpackedEncodings } from './unpack.ts';

/**
 * Transport over got. Plain reads use undici's connections, with the headers that got sets on requests to their origin.
 * The rest (logins and UQPAY's issuing balances) goes through got (docs/adr/0007-reads-over-undici.md). Its errors
 * never contain a query, a header or a body.
 */
export function createGotHttp(options: HttpOptions): HttpPort {
  const { connectTimeoutMs, requestTimeoutMs, maxSockets } = options;
  const sockets = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: 'lifo' } as const;
  const agents = { http: new HttpAgent(sockets), https: new HttpsAgent(sockets) };
  const reads = createUndiciAgent(options);
  const client = got.extend({
    agent: agents,
    timeout: { connect: connectTimeoutMs, request: requestTimeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    // `unpack` decompresses, for both clients.
    decompress: false,
    strictContentLength: true,
    http2: false,
    headers: { 'user-agent': userAgent, 'accept-encoding': unpackedEncodings },
    handlers: [readsFromTemplate],
  });
  const read = createReadsFromTemplate(client, reads);

  return {
    send(request) {
      const fail = (error: unknown) => Promise.reject(toTransportFailure(error, request, options));
      if (!isPlainRead(request)) return stream(client, request, options).catch(fail);
      try {
        return read(request);
      } catch (error) {
        return fail(error);
      }
    },
    close() {
      reads.destroy();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Headers that got sets on every request to an origin. */
type ReadTemplate = Readonly<Record<string, string | string[] | undefined>>;

/** What the handler returns for a read. got returns it unchanged, but got's types only know its own responses. */
interface TemplatedRead {
  readonly template: ReadTemplate;
}

/** The handler that a got instance needs for `createReadsFromTemplate`; it does not affect streams. */
export const readsFromTemplate = ((normal, next) => {
  if (normal?.isStream) return next(normal);
  // For a request that got refuses, it passes incomplete options, or none.
  const url = (normal as Options | undefined)?.url;
  if (!(url instanceof URL)) throw new Error('got refused the request');
  return { template: { ...normal.headers } } satisfies TemplatedRead;
}) as HandlerFunction;

/**
 * Sends plain reads over `reads`, with the headers that `client` sets on requests to their origin, and their own. got
 * is asked once per origin, and there are as many origins as configured base URLs. Asking it for each read took a fifth
 * of the CPU of a small response, for the same result.
 */
export function createReadsFromTemplate(
  client: Got,
  reads: UndiciAgent,
): (request: HttpRequest) => Promise<HttpReply> {
  const hosts = new Map<string, Host>();

  /** Looked up by the scheme and host part of the URL. */
  function hostOf(text: string): Host {
    const known = hosts.get(text);
    if (known !== undefined) return known;
    const { origin } = new URL(text);
    const { template } = client(origin) as unknown as TemplatedRead;
    const host = { origin, template };
    hosts.set(text, host);
    return host;
  }

  return ({ name, provider, url, headers, signal }) => {
    const [, hostText, path] = plainUrl.exec(url) ?? splitUrl(url);
    const { origin, template } = hostOf(hostText as string);
    return reads.exchange({
      name,
      ...(provider !== undefined && { provider }),
      method: 'GET',
      origin,
      path: path as string,
      headers: { ...template, ...headers },
      signal,
    });
  };
}

/** Where a read goes, and the headers that got sets on it. */
interface Host {
  readonly origin: string;
  readonly template: ReadTemplate;
}

/**
 * Splits URLs as adapters write them into scheme and host, and the rest. Nothing in such a URL needs encoding or
 * resolving. Parsing each with `URL` took 2 % of the CPU of a large response.
 */
const plainUrl = /^(https?:\/\/[\w.:[\]-]+)((?:\/[\w~-]+)+(?:\?[\w.~%=&+-]+)?)$/;

/** Splits any other URL the same way. Throws unless it is HTTP or HTTPS. */
function splitUrl(text: string): readonly [string, string, string] {
  const { protocol, origin, pathname, search } = new URL(text);
  // A `blob:` URL may have an HTTP origin, but is no HTTP request.
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('not an HTTP URL');
  return [text, origin, pathname + search];
}

function isPlainRead({ method, body }: HttpRequest): boolean {
  return method === 'GET' && body === undefined;
}

/** A reply whose stream closed before its end. */
class ReplyCut extends Error {
  readonly code = 'ECONNRESET';
}

function stream(
  client: Got,
  request: HttpRequest,
  { replyBytesMax, onSent }: HttpOptions,
): Promise<HttpReply> {
  const { method, url, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Error('aborted before it was sent'));
    // got can limit the size of a reply while it arrives only when it streams.
    const stream = client.stream(url, {
      method,
      headers: { ...headers },
      // Without a body got waits for something to be piped into the stream.
      body: body ?? '',
    });
    const fail = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort);
      reject(error);
      stream.destroy();
    };
    const onAbort = () => fail(new Error('aborted'));
    signal?.addEventListener('abort', onAbort);
    let response: Response | undefined;
    const chunks: Buffer[] = [];
    let byteCount = 0;
    stream.once('response', (received: Response) => {
      response = received;
      const { timings } = received;
      const sentMs = timings?.secureConnect ?? timings?.connect ?? timings?.socket;
      if (timings !== undefined && sentMs !== undefined) onSent?.(request, sentMs - timings.start);
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
      const headers = toSingleHeaders(response.headers);
      try {
        const bytes = unpack(Buffer.concat(chunks, byteCount), headers['content-encoding'], replyBytesMax);
        resolve({
          status: response.statusCode,
          headers,
          ...decodeBody(bytes, headers['content-type']),
        });
      } catch (error) {
        fail(error);
      }
    });
    // A destroyed stream may close without `error` or `end`.
    stream.once('close', () => fail(new ReplyCut()));
  });
}
