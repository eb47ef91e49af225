import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createListenedSignal, timerCount } from '../../../support/left-behind.ts';
import { startBytes } from './loopback.fixture.ts';
import { clients, subjectOf, ways } from './subject.fixture.ts';

const cutAfter = (head: Record<string, string>, text: string): RequestListener => {
  return (_request, response) => {
    response.writeHead(200, head).write(text);
    setImmediate(() => response.destroy());
  };
};

describe.each(ways)('failures of %s, a %s, are reported and not repeated', (client, method) => {
  const subject = subjectOf(client, method);

  test.each<[string, RequestListener]>([
    ['a connection that is reset', (request) => request.socket.resetAndDestroy()],
    ['a connection that is closed', (request) => request.socket.destroy()],
    ['a body shorter than its content-length', cutAfter({ 'content-length': '50' }, '{"cut":')],
    [
      'the same on a connection that is not kept',
      cutAfter({ 'content-length': '50', connection: 'close' }, '{"cut":'),
    ],
    ['a chunked body without its end', cutAfter({}, '{"cut":')],
    ['the same on a connection that is not kept', cutAfter({ connection: 'close' }, '{"cut":')],
    [
      'a gzip body without its end',
      (_request, response) => {
        const whole = gzipSync('{"a":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}');
        response.setHeader('content-encoding', 'gzip').end(whole.subarray(0, whole.length - 12));
      },
    ],
    [
      'a body that is not the gzip it says it is',
      (_request, response) => void response.setHeader('content-encoding', 'gzip').end('{"plain":1}'),
    ],
    ['bytes that are not HTTP', (request) => void request.socket.end('220 mail.example.com ESMTP\r\n')],
  ])('%s: UPSTREAM_UNAVAILABLE, retryable', async (_name, listener) => {
    let requestCount = 0;
    await subject.start((request, response) => {
      requestCount += 1;
      listener(request, response);
    });
    const { code, details, message } = await subject.failureOf();
    expect([code, details.retryable, requestCount]).toEqual(['UPSTREAM_UNAVAILABLE', true, 1]);
    expect(message).toMatch(
      /^X GET \/x could not be read: (?:the connection closed|its compressed|its reply is)/,
    );
    expect(message).not.toContain(new URL(subject.server.url).host);
  });

  test('connection refused: UPSTREAM_UNAVAILABLE with the reason; host and port are only logged', async () => {
    await subject.start((_request, response) => response.end());
    await subject.server.close();
    const { code, details, message } = await subject.failureOf();
    expect([code, details.retryable]).toEqual(['UPSTREAM_UNAVAILABLE', true]);
    expect(message).toBe('X GET /x could not be read: the connection was refused (ECONNREFUSED).');
    expect(details.upstreamHost).toBe(new URL(subject.server.url).host);
  });

  test.each<[string, RequestListener]>([
    ['a name', (_request, response) => void response.setHeader('x'.repeat(20_000), 'y').end()],
    ['a value', (_request, response) => void response.setHeader('x', 'y'.repeat(20_000)).end()],
    [
      'many',
      (_request, response) => {
        for (let index = 0; index < 5_000; index += 1) response.setHeader(`x-${index}`, 'y'.repeat(20));
        response.end();
      },
    ],
  ])('headers that are too long, %s: UPSTREAM_SHAPE, not repeated', async (_name, listener) => {
    await subject.start(listener);
    const { code, details, message } = await subject.failureOf();
    expect([code, details.retryable]).toEqual(['UPSTREAM_SHAPE', false]);
    expect(message).toBe('X GET /x answered with headers that are too long.');
  });

  test.each(['no address at all', 'ftp://127.0.0.1/a'])('%s: UPSTREAM_UNAVAILABLE', async (url) => {
    subject.open();
    const sent = subject.http.send({ name: 'X GET /x', method, url, headers: {} });
    await expect(sent).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('with an invalid header nothing is sent, and later requests are not affected', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<string | undefined>();
    await subject.start(
      (request, response) => {
        arrive(request.url);
        response.end('{}');
      },
      { maxSockets: 2 },
    );
    // Valid values of the same headers make no difference.
    const url = `${subject.server.url}/good`;
    await subject.http.send({ name: 'X GET /x', method, url, headers: { 'x-value': 'a', x: 'e' } });
    const refused = [{ 'x bad name': 'v' }, { 'x-value': 'a\r\nx-more: b' }, { ':scheme': 'v' }, { x: '€' }];
    for (const headers of refused) {
      const sent = subject.http.send({
        name: 'X GET /x',
        method,
        url: subject.server.url,
        headers: { ...headers },
      });
      await expect(sent).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
    expect((await subject.send('/good')).text).toBe('{}');
    expect(await arrived).toBe('/good');
  });

  test.each<[string, RequestListener]>([
    ['no reply', () => undefined],
    ['a body that does not end', (_request, response) => void response.write('{')],
    [
      'a body that drips',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 5);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('%s in time: UPSTREAM_TIMEOUT, retryable, and the connection is cut', async (_name, listener) => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    await subject.start(
      (request, response) => {
        request.socket.once('close', () => close());
        listener(request, response);
      },
      { requestTimeoutMs: 80 },
    );
    const { code, details } = await subject.failureOf();
    expect([code, details.retryable]).toEqual(['UPSTREAM_TIMEOUT', true]);
    await closed;
  });

  test('a reply above the size limit fails with UPSTREAM_SHAPE; one at the limit is read', async () => {
    let requestCount = 0;
    await subject.start((request, response) => {
      requestCount += 1;
      if (request.url === '/endless') {
        const timer = setInterval(() => response.write('x'.repeat(400)), 1);
        response.once('close', () => clearInterval(timer));
      } else response.end('x'.repeat(1_000));
    });
    expect((await subject.send('/fits')).text).toHaveLength(1_000);
    const { code, message } = await subject.failureOf('/endless');
    expect([code, requestCount]).toEqual(['UPSTREAM_SHAPE', 2]);
    expect(message).toContain('1000 bytes');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('a small %s body that unpacks beyond the limit: UPSTREAM_SHAPE', async (encoding, pack) => {
    const bomb = pack('x'.repeat(100_000));
    expect(bomb.length).toBeLessThan(1_000);
    await subject.start((_request, response) => response.setHeader('content-encoding', encoding).end(bomb));
    const { code, message } = await subject.failureOf();
    expect(code).toBe('UPSTREAM_SHAPE');
    expect(message).toContain('1000 bytes');
  });
});

describe.each(ways)('an abort of %s, a %s', (client, method) => {
  const subject = subjectOf(client, method);

  test('before it is sent: nothing is sent', async () => {
    let requestCount = 0;
    await subject.start((_request, response) => {
      requestCount += 1;
      response.end();
    });
    expect((await subject.failureOf('/', AbortSignal.abort())).code).toBe('CANCELLED');
    expect(requestCount).toBe(0);
  });

  test.each<[string, RequestListener]>([
    ['the reply', () => undefined],
    ['the rest of the body', (_request, response) => void response.write('{')],
  ])('while it waits for %s: CANCELLED, and the connection is cut', async (_name, listener) => {
    const leaving = new AbortController();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    await subject.start((request, response) => {
      request.socket.once('close', () => close());
      listener(request, response);
      setTimeout(() => leaving.abort(), 20);
    });
    expect((await subject.failureOf('/', leaving.signal)).code).toBe('CANCELLED');
    await closed;
  });

  test.each(['that is answered', 'that is cut off'])('%s: leaves nothing behind', async (end) => {
    await subject.start((request, response) => {
      if (end === 'that is answered') response.end('{}');
      else request.socket.destroy();
    });
    const signal = createListenedSignal();
    const timersBefore = timerCount();
    const body = method === 'GET' ? {} : { body: '{}' };
    const sent = subject.http.send({
      name: 'X GET /x',
      method,
      url: subject.server.url,
      headers: {},
      signal,
      ...body,
    });
    expect(signal.listeners.size).toBe(1);
    await sent.catch(() => undefined);
    expect(signal.listeners.size).toBe(0);
    // There may be fewer, when one of an earlier test ended meanwhile.
    expect(timerCount()).toBeLessThanOrEqual(timersBefore);
  });

  test('after the reply changes nothing, for it or for the next on the same connection', async () => {
    const leaving = new AbortController();
    await subject.start((_request, response) => response.end('{}'));
    const reply = await subject.send('/', leaving.signal);
    leaving.abort();
    expect(reply.text).toBe('{}');
    await delay(20);
    expect((await subject.send()).text).toBe('{}');
    expect(subject.server.connectionCount()).toBe(1);
  });
});

describe.each(clients)('%s, a read', (client) => {
  const subject = subjectOf(client);

  test('that cannot connect in time: UPSTREAM_TIMEOUT, long before the limit for the whole request', async () => {
    // Accepts the connection and stays silent, so that the TLS handshake never ends.
    const silent = await startBytes(() => undefined);
    subject.open({ connectTimeoutMs: 50, requestTimeoutMs: 600_000 });
    const { code } = await subject.failureOf(silent.url.replace('http:', 'https:'));
    expect(code).toBe('UPSTREAM_TIMEOUT');
    await silent.close();
  });
});
