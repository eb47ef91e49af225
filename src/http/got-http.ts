import got, { type Got, type Response } from 'got';
import type { HttpPort, HttpReply, HttpRequest } from '../ports/http.ts';
import { createAgents, type HttpOptions, userAgent } from './http-options.ts';
import { ReplyTooLarge, toTransportFailure } from './transport-failure.ts';

/** Transport over got. Nothing it throws holds a query, a header or a body. */
export function createGotHttp(options: HttpOptions): HttpPort {
  const { connectTimeoutMs, requestTimeoutMs, replyBytesMax } = options;
  const agent = createAgents(options);
  const client = got.extend({
    agent,
    timeout: { connect: connectTimeoutMs, request: requestTimeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: true,
    strictContentLength: true,
    http2: false,
    headers: { 'user-agent': userAgent },
  });

  return {
    async send(request) {
      try {
        return await sendOnce(client, request, replyBytesMax);
      } catch (error) {
        throw toTransportFailure(error, request, options);
      }
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function sendOnce(client: Got, request: HttpRequest, replyBytesMax: number): Promise<HttpReply> {
  const { method, url, headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new Error('aborted before it was sent'));
    // A stream is the only shape in which got lets a reply be measured while it arrives. Its events and our own
    // watch over the signal: iterating over it, and leaving the signal to got, took a sixth of the whole request.
    const stream = client.stream(url, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
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

function toSingleHeaders(headers: Response['headers']): HttpReply['headers'] {
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) {
    single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return single;
}
