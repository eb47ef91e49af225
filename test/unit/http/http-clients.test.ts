import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import { type HttpOptions, httpClients } from '../../../src/http/index.ts';
import type { HttpPort } from '../../../src/ports/http.ts';
import { type Loopback, startLoopback } from './loopback.ts';

const usual: HttpOptions = {
  connectTimeoutMs: 1_000,
  requestTimeoutMs: 5_000,
  replyBytesMax: 1_000,
  maxSockets: 4,
};
const secrets = { headers: { 'x-api-key': 'key-that-must-not-show' }, query: 'q=query-that-must-not-show' };

describe.each(['got', 'node'] as const)('the client %s', (client) => {
  let server: Loopback;
  let http: HttpPort;

  async function start(listener: RequestListener, options: Partial<HttpOptions> = {}) {
    server = await startLoopback(listener);
    http = httpClients[client]({ ...usual, ...options });
  }

  const get = (path = `/a?${secrets.query}`, signal?: AbortSignal) =>
    http.send({
      method: 'GET',
      url: `${server.url}${path}`,
      headers: secrets.headers,
      ...(signal === undefined ? {} : { signal }),
    });

  async function failureOf(sent: Promise<unknown>): Promise<Failure> {
    const error = await sent.then(
      () => new Error('was answered'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Failure)) throw error;
    const told = JSON.stringify([error.message, error.details, error.stack, String(error.cause)]);
    expect(told).not.toMatch(/must-not-show/);
    return error;
  }

  afterEach(async () => {
    http.close();
    await server.close();
  });

  describe('replies', () => {
    test('carry status, headers in lower case and text, whatever the status', async () => {
      await start((request, response) => {
        response.writeHead(request.url === '/err' ? 503 : 200, { 'X-Name': 'Value' }).end('grüß');
      });
      expect(await get()).toMatchObject({ status: 200, text: 'grüß', headers: { 'x-name': 'Value' } });
      expect(await get('/err')).toMatchObject({ status: 503, text: 'grüß' });
    });

    test('a POST sends its body and headers as they are, on a connection that is used again', async () => {
      const seen: unknown[] = [];
      await start((request, response) => {
        request
          .setEncoding('utf8')
          .on('data', (body) => seen.push([request.method, request.headers['x-api-key'], body]));
        request.on('end', () => response.end('{}'));
      });
      for (const body of ['{"a":1}', '{"a":2}']) {
        await http.send({ method: 'POST', url: `${server.url}/p`, headers: secrets.headers, body });
      }
      expect(seen).toEqual([
        ['POST', 'key-that-must-not-show', '{"a":1}'],
        ['POST', 'key-that-must-not-show', '{"a":2}'],
      ]);
      expect(server.connectionCount()).toBe(1);
    });

    test('a character cut by a chunk is put together; gzip is unpacked', async () => {
      const bytes = Buffer.from('"é"');
      await start((request, response) => {
        if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync('{"z":1}'));
        else {
          response.write(bytes.subarray(0, 2));
          setImmediate(() => response.end(bytes.subarray(2)));
        }
      });
      expect((await get()).text).toBe('"é"');
      expect((await get('/gzip')).text).toBe('{"z":1}');
    });

    test('a redirect is answered, not followed', async () => {
      let requestCount = 0;
      await start((_request, response) => {
        requestCount += 1;
        response.writeHead(302, { location: '/elsewhere' }).end();
      });
      expect((await get()).status).toBe(302);
      expect(requestCount).toBe(1);
    });
  });

  describe('troubles become failures and are not repeated here', () => {
    test.each<[string, RequestListener]>([
      ['a connection that is reset', (request) => request.socket.destroy()],
      [
        'a body shorter than its content-length',
        (_request, response) => {
          response.writeHead(200, { 'content-length': '50' }).write('{"cut":');
          setImmediate(() => response.destroy());
        },
      ],
      [
        'a chunked body without its end',
        (_request, response) => {
          response.write('{"cut":');
          setImmediate(() => response.destroy());
        },
      ],
      [
        'a gzip body without its end',
        (_request, response) => {
          const whole = gzipSync('{"a":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}');
          response.setHeader('content-encoding', 'gzip').end(whole.subarray(0, whole.length - 12));
        },
      ],
    ])('%s: UPSTREAM_UNAVAILABLE, retryable', async (_name, listener) => {
      let requestCount = 0;
      await start((request, response) => {
        requestCount += 1;
        listener(request, response);
      });
      const failure = await failureOf(get());
      expect([failure.code, failure.details.retryable, requestCount]).toEqual([
        'UPSTREAM_UNAVAILABLE',
        true,
        1,
      ]);
    });

    test('nobody listening: UPSTREAM_UNAVAILABLE with the reason', async () => {
      await start((_request, response) => response.end());
      await server.close();
      const failure = await failureOf(get());
      expect([failure.code, failure.details.retryable]).toEqual(['UPSTREAM_UNAVAILABLE', true]);
      expect(failure.message).toContain('ECONNREFUSED');
    });

    test.each<[string, RequestListener]>([
      ['no reply', () => undefined],
      ['a body that does not end', (_request, response) => void response.write('{')],
    ])('%s in time: UPSTREAM_TIMEOUT, retryable', async (_name, listener) => {
      await start(listener, { requestTimeoutMs: 80 });
      const failure = await failureOf(get());
      expect([failure.code, failure.details.retryable]).toEqual(['UPSTREAM_TIMEOUT', true]);
    });

    test('a reply above the limit is not read to its end: UPSTREAM_SHAPE; one at the limit is', async () => {
      let requestCount = 0;
      await start((request, response) => {
        requestCount += 1;
        if (request.url === '/endless') {
          const timer = setInterval(() => response.write('x'.repeat(400)), 1);
          response.once('close', () => clearInterval(timer));
        } else response.end('x'.repeat(1_000));
      });
      expect((await get('/fits')).text).toHaveLength(1_000);
      const failure = await failureOf(get('/endless'));
      expect([failure.code, requestCount]).toEqual(['UPSTREAM_SHAPE', 2]);
      expect(failure.message).toContain('1000 bytes');
    });

    test('a small gzip body that unpacks beyond the limit is refused', async () => {
      await start((_request, response) =>
        response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(5_000))),
      );
      expect((await failureOf(get())).code).toBe('UPSTREAM_SHAPE');
    });

    test('an abort ends a request under way, and one not begun is not sent: CANCELLED', async () => {
      const leaving = new AbortController();
      let requestCount = 0;
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      await start((request) => {
        requestCount += 1;
        request.socket.once('close', close);
        leaving.abort();
      });
      expect((await failureOf(get('/a', leaving.signal))).code).toBe('CANCELLED');
      await closed;
      expect((await failureOf(get('/b', leaving.signal))).code).toBe('CANCELLED');
      expect(requestCount).toBe(1);
    });
  });
});
