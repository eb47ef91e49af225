import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { HttpPort, HttpReply, HttpRequest } from '../ports/http.ts';
import { type Agents, createAgents, type HttpOptions, userAgent } from './http-options.ts';
import { ReplyTooLarge, toTransportFailure } from './transport-failure.ts';

/**
 * Transport over node:http itself, for two fifths of what got costs per request (docs/adr/0007-two-http-clients.md).
 * Nothing it throws holds a query, a header or a body.
 */
export function createNodeHttp(options: HttpOptions): HttpPort {
  const agents = createAgents(options);
  return {
    async send(request) {
      try {
        return await sendOnce(request, agents, options);
      } catch (error) {
        throw toTransportFailure(error, request, options);
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function sendOnce(request: HttpRequest, agents: Agents, options: HttpOptions): Promise<HttpReply> {
  const { signal, body } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Error('aborted before it was sent'));
    const isSecure = request.url.startsWith('https:');
    const sent = open(request, agents);
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
      // Destroyed without an error: everybody who waits has been told.
      sent.destroy();
    };
    const onAbort = () => fail(new Error('aborted'));
    const timer = setTimeout(() => fail(new TimedOut()), options.requestTimeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    sent.on('error', fail);
    sent.once('socket', (socket) => {
      if (!socket.connecting) return;
      const connecting = setTimeout(() => fail(new TimedOut()), options.connectTimeoutMs);
      const onConnected = () => clearTimeout(connecting);
      socket.once(isSecure ? 'secureConnect' : 'connect', onConnected);
      socket.once('close', onConnected);
    });
    sent.once('response', (response) => {
      readText(response, options.replyBytesMax).then((text) => {
        end();
        resolve({ status: response.statusCode ?? 0, headers: toSingleHeaders(response.headers), text });
      }, fail);
    });
    sent.end(body);
  });
}

function open({ method, url, headers, body }: HttpRequest, agents: Agents): ClientRequest {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const isSecure = protocol === 'https:';
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return (isSecure ? httpsRequest : httpRequest)({
    method,
    agent: isSecure ? agents.https : agents.http,
    // Node takes IPv6 addresses without their brackets.
    hostname: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port }),
    path: pathname + search,
    headers: { 'user-agent': userAgent, 'accept-encoding': 'gzip, deflate, br', ...length, ...headers },
  });
}

/** The whole body as text; rejects when it is cut short or longer than `bytesMax`. */
function readText(response: IncomingMessage, bytesMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = unpacked(response, reject);
    const chunks: Buffer[] = [];
    let byteCount = 0;
    body.on('data', (chunk: Buffer) => {
      byteCount += chunk.length;
      if (byteCount > bytesMax) reject(new ReplyTooLarge());
      else chunks.push(chunk);
    });
    body.once('end', () => resolve(Buffer.concat(chunks, byteCount).toString('utf8')));
    body.once('error', reject);
    // A body that is cut off may close without a word.
    response.once('close', () => {
      if (!response.complete) reject(new Error('cut short'));
    });
  });
}

function unpacked(response: IncomingMessage, onError: (error: unknown) => void): Readable {
  const unpack = unpackers[response.headers['content-encoding']?.toLowerCase() ?? ''];
  if (unpack === undefined) return response;
  response.once('error', onError);
  return response.pipe(unpack());
}

const unpackers: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

function toSingleHeaders(headers: IncomingMessage['headers']): HttpReply['headers'] {
  const { 'set-cookie': cookies, ...single } = headers;
  return cookies === undefined
    ? (single as HttpReply['headers'])
    : { ...(single as HttpReply['headers']), 'set-cookie': cookies.join(', ') };
}

class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}
