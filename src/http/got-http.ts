import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { type Got, type Response } from 'got';
import { Failure } from '../domain/failure.ts';
import type { HttpPort, HttpReply, HttpRequest } from '../ports/http.ts';

export interface GotHttpOptions {
  /** Longest time until the connection stands. */
  readonly connectTimeoutMs: number;
  /** Longest time of one attempt, connecting and reading the body included. */
  readonly requestTimeoutMs: number;
  /** Largest reply body that is read, in bytes after decompression. */
  readonly replyBytesMax: number;
  /** Connections open at once to one host; further requests wait for one. */
  readonly maxSockets: number;
}

/** Transport over got. Nothing it throws holds a query, a header or a body. */
export function createGotHttp(options: GotHttpOptions): HttpPort {
  const { connectTimeoutMs, requestTimeoutMs, replyBytesMax, maxSockets } = options;
  const agentOptions = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    scheduling: 'lifo',
  } as const;
  const agent = { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) };
  const client = got.extend({
    agent,
    timeout: { connect: connectTimeoutMs, request: requestTimeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
    strictContentLength: true,
    http2: false,
    headers: { 'user-agent': 'balances-gateway' },
  });

  return {
    async send(request) {
      try {
        return await sendOnce(client, request, replyBytesMax);
      } catch (error) {
        throw toFailure(error, request, options);
      }
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

async function sendOnce(client: Got, request: HttpRequest, replyBytesMax: number): Promise<HttpReply> {
  const { method, url, headers, body, signal } = request;
  // A stream is the only shape in which got lets a reply be measured while it arrives.
  const stream = client.stream(url, {
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  let response: Response | undefined;
  stream.once('response', (received: Response) => {
    response = received;
  });
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > replyBytesMax) throw new ReplyTooLarge();
    chunks.push(chunk);
  }
  if (response === undefined) throw new Error('The reply ended before it began');
  return {
    status: response.statusCode,
    headers: toSingleHeaders(response.headers),
    text: Buffer.concat(chunks, byteCount).toString('utf8'),
  };
}

function toSingleHeaders(headers: Response['headers']): HttpReply['headers'] {
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}

class ReplyTooLarge extends Error {}

function toFailure(error: unknown, request: HttpRequest, options: GotHttpOptions): Failure {
  const host = hostOf(request.url);
  if (error instanceof ReplyTooLarge) {
    return new Failure(
      'UPSTREAM_SHAPE',
      `${host} answered with more than ${options.replyBytesMax} bytes; the reply was not read to its end.`,
    );
  }
  if (request.signal?.aborted) return new Failure('CANCELLED', `The request to ${host} was cancelled.`);
  const code = codeOf(error);
  if (code === 'ETIMEDOUT') {
    return new Failure('UPSTREAM_TIMEOUT', `${host} did not answer in ${options.requestTimeoutMs} ms.`, {
      retryable: true,
    });
  }
  return new Failure('UPSTREAM_UNAVAILABLE', `${host} could not be read (${code}).`, { retryable: true });
}

/** got's or Node's code. The error itself is dropped: got's errors carry the request's headers. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The provider';
}
