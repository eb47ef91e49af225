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
