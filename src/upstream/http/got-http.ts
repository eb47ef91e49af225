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
 * Transport over got. Plain reads go over undici's connections, with the headers that got gives requests to their host;
 * the rest, which is logins and UQPAY's issuing balances, goes through got (docs/adr/0007-reads-over-undici.md). Nothing
 * it throws holds a query, a header or a body.
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
    // Unpacked here, for all alike.
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
      if (!isPlainRead(request)) return stream(client, request, replyBytesMax).catch(fail);
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

/** Headers that got gives every request to one origin. */
type ReadTemplate = Readonly<Record<string, string | string[] | undefined>>;

/**
 * What the handler returns for a read. Not the headers themselves: got gives its caller whatever it gets, and its types
 * know of its own replies only.
 */
interface TemplatedRead {
  readonly template: ReadTemplate;
}

/** The handler that a got instance needs for `createReadsFromTemplate`; streams pass it by. */
export const readsFromTemplate = ((normal, next) => {
  if (normal?.isStream) return next(normal);
  // Of a request that it refuses got hands on what it has, or nothing.
  const url = (normal as Options | undefined)?.url;
  if (!(url instanceof URL)) throw new Error('got refused the request');
  return { template: { ...normal.headers } } satisfies TemplatedRead;
}) as HandlerFunction;

/**
 * Sends plain reads over `reads`, with the headers that `client` gives requests to their origin and their own. got is
 * asked once for each origin, of which there are as many as base URLs are configured: asked for each read it took a fifth
 * of a small answer's CPU, to say the same again.
 */
export function createReadsFromTemplate(
  client: Got,
  reads: UndiciAgent,
): (request: HttpRequest) => Promise<HttpReply> {
  const hosts = new Map<string, Host>();

  /** By the text that URLs of the host begin with. */
  function hostOf(text: string): Host {
    const known = hosts.get(text);
    if (known !== undefined) return known;
    const { origin } = new URL(text);
    const { template } = client(origin) as unknown as TemplatedRead;
    const host = { origin, template };
    hosts.set(text, host);
    return host;
  }

  return ({ name, url, headers, signal }) => {
    const [, hostText, path] = plainUrl.exec(url) ?? takeApart(url);
    const { origin, template } = hostOf(hostText as string);
    return reads.exchange({
      name,
      method: 'GET',
      origin,
      path: path as string,
      headers: { ...template, ...headers },
      signal,
    });
  };
}

/** Where a read goes, and what got has to say of it. */
interface Host {
  readonly origin: string;
  readonly template: ReadTemplate;
}

/**
 * URLs as adapters write them, the host's part and the rest of it: nothing in there has to be encoded or resolved. To
 * have each parsed took 2 % of a large answer.
 */
const plainUrl = /^(https?:\/\/[\w.:[\]-]+)((?:\/[\w~-]+)+(?:\?[\w.~%=&+-]+)?)$/;

/** The same of any URL. Throws where it is none of HTTP. */
function takeApart(text: string): readonly [string, string, string] {
  const { protocol, origin, pathname, search } = new URL(text);
  // The origin of a blob is that of an HTTP server, which got is not asked about.
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('not a URL of HTTP');
  return [text, origin, pathname + search];
}

function isPlainRead({ method, body }: HttpRequest): boolean {
  return method === 'GET' && body === undefined;
}

/** A reply whose stream closed before its end. */
class ReplyCut extends Error {
  readonly code = 'ECONNRESET';
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
    signal?.addEventListener('abort', onAbort);
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
    // A stream that is destroyed may close without a word.
    stream.once('close', () => fail(new ReplyCut()));
  });
}
