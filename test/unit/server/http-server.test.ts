// The HTTP server over real sockets, with a stand-in for Apollo that echoes its input.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import { afterEach, describe, expect, test } from '@jest/globals';
import { anonymous } from '../../../src/domain/caller.ts';
import type { CancelSignal } from '../../../src/domain/cancellation.ts';
import type { HttpServerOptions, IncomingRequest, RunningHttpServer } from '../../../src/server/contract.ts';
import { startHttpServer } from '../../../src/server/http-server.ts';
import type { ServerLimits } from '../../../src/server/server-limits.ts';
import { openAdmission } from '../../support/admission.ts';

type Answer = (request: HTTPGraphQLRequest, context: IncomingRequest) => Promise<HTTPGraphQLResponse>;

const running: RunningHttpServer[] = [];
const logged: { level: string; details: object; message: string }[] = [];
const logAt = (level: string) => (details: object, message: string) => {
  logged.push({ level, details, message });
};
const log = { debug: logAt('debug'), warn: logAt('warn'), error: logAt('error') };

afterEach(async () => {
  logged.length = 0;
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(answer: Answer, options: Partial<HttpServerOptions<IncomingRequest>> = {}) {
  const requests: HTTPGraphQLRequest[] = [];
  const server = await startHttpServer<IncomingRequest>({
    host: '127.0.0.1',
    port: 0,
    log,
    authenticate: async () => anonymous,
    ...openAdmission(),
    createContext: async (request) => request,
    apollo: {
      async executeHTTPGraphQLRequest({ httpGraphQLRequest, context }) {
        requests.push(httpGraphQLRequest);
        return answer(httpGraphQLRequest, await context());
      },
    },
    ...options,
  });
  running.push(server);
  return { ...server, requests };
}

function complete(string: string, status?: number, headers: [string, string][] = []): HTTPGraphQLResponse {
  const head = { headers: new HeaderMap([['content-type', 'application/json'], ...headers]) };
  return { ...(status === undefined ? head : { ...head, status }), body: { kind: 'complete', string } };
}

const echo: Answer = async ({ body, search }) => complete(JSON.stringify({ body, search }));
const json = { 'content-type': 'application/json' };
const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
  fetch(url, { method: 'POST', body, headers });

function open(origin: string): Socket {
  return connect(Number(new URL(origin).port), '127.0.0.1');
}

/** Resolves once no connection is accepted any more; until then, responses say that their connection closes. */
async function refused(origin: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${origin}/livez`).catch(() => null);
    if (response === null) return;
    expect(response.headers.get('connection')).toBe('close');
  }
}

/** Everything the server sends on this connection until it closes it. */
async function textUntilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

describe('GraphQL over HTTP', () => {
  test('POST hands over the parsed body, GET the query string', async () => {
    const { url, requests } = await start(echo);
    const posted = await post(url, '{"query":"{ ping }","variables":{"n":"é€😀"}}');
    expect(await posted.json()).toEqual({
      body: { query: '{ ping }', variables: { n: 'é€😀' } },
      search: '',
    });
    const got = await fetch(`${url}?query=%7Bping%7D`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await got.json()).toEqual({ search: '?query=%7Bping%7D' });
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(requests[1]?.headers.get('apollo-require-preflight')).toBe('yes');
  });

  test('status and headers of the response reach the caller, with security headers added', async () => {
    const { url } = await start(async () => complete('{}', 400, [['x-extra', 'yes']]));
    const { status, headers } = await post(url, '{"query":"{"}');
    expect(status).toBe(400);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json',
      'content-length': '2',
      'x-extra': 'yes',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('an answer that sets Cache-Control keeps its own', async () => {
    const { url } = await start(async () => complete('{}', 200, [['cache-control', 'private, max-age=5']]));
    expect((await post(url, '{}')).headers.get('cache-control')).toBe('private, max-age=5');
  });

  test('content-length counts bytes, not characters', async () => {
    const { url } = await start(async () => complete('"é😀"'));
    const response = await post(url, '{}');
    expect(response.headers.get('content-length')).toBe('8');
    expect(await response.text()).toBe('"é😀"');
  });

  test('a bug in the gateway is 500 without its text, and is logged with the request id', async () => {
    const { url } = await start(async () => {
      throw new Error('secret internals');
    });
    const response = await post(url, '{}', { ...json, 'x-request-id': 'trace-7' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      errors: [
        { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'trace-7' } },
      ],
    });
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'error', details: expect.objectContaining({ requestId: 'trace-7' }) }),
    );
  });
});

describe('request ids', () => {
  test.each(['abc-123', 'A.b_c-9', 'x'.repeat(128)])('%s is accepted and echoed', async (id) => {
    const { url } = await start(async (_, { requestId }) => complete(JSON.stringify(requestId)));
    const response = await post(url, '{}', { ...json, 'x-request-id': id });
    expect([response.headers.get('x-request-id'), await response.json()]).toEqual([id, id]);
  });

  test.each(['', 'two words', 'a,b', '<script>', 'x'.repeat(129)])('%j is replaced by a UUID', async (id) => {
    const { url } = await start(async (_, { requestId }) => complete(JSON.stringify(requestId)));
    const response = await post(url, '{}', { ...json, 'x-request-id': id });
    const made = response.headers.get('x-request-id');
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await response.json()).toBe(made);
  });
});

describe('request bodies', () => {
  const limits = { bodyBytesMax: 1_000 };

  test.each([
    ['no content type', '{}', {}, 415],
    ['a form', 'query=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['JSON as text', '{}', { 'content-type': 'text/plain' }, 415],
    ['another charset', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['a compressed body', '{}', { ...json, 'content-encoding': 'gzip' }, 415],
    ['broken JSON', '{"query":', json, 400],
    ['an empty body', '', json, 400],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), json, 400],
    ['1,001 bytes', `"${'x'.repeat(999)}"`, json, 413],
  ])('%s is refused before Apollo sees it', async (_, body, headers, status) => {
    const { url, requests } = await start(echo, { limits });
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const response = await post(url, bytes, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      errors: [
        { message: expect.any(String), extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } },
      ],
    });
    expect(requests).toHaveLength(0);
  });

  test.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON'])(
    '%s is JSON',
    async (contentType) => {
      const { url } = await start(echo, { limits });
      expect((await post(url, '{}', { 'content-type': contentType })).status).toBe(200);
    },
  );

  test('1,000 bytes are accepted', async () => {
    const { url } = await start(echo, { limits });
    expect((await post(url, `"${'x'.repeat(998)}"`)).status).toBe(200);
  });

  test('a body without a declared length is counted as it arrives', async () => {
    const { origin, requests } = await start(echo, { limits });
    const socket = open(origin);
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n');
    socket.write('transfer-encoding: chunked\r\nconnection: close\r\n\r\n');
    socket.write(`3e9\r\n${'x'.repeat(1_001)}\r\n0\r\n\r\n`);
    expect(await textUntilClosed(socket)).toMatch(/^HTTP\/1\.1 413 /);
    expect(requests).toHaveLength(0);
  });

  test('a caller that keeps sending after 413 is disconnected', async () => {
    const { origin } = await start(echo, { limits });
    const socket = open(origin);
    socket.on('error', () => {});
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n');
    socket.write(`content-length: 100000\r\n\r\n${'x'.repeat(9_000)}`);
    expect(await textUntilClosed(socket)).toMatch(/^(HTTP\/1\.1 413 |$)/);
  });

  test('a caller that stops in the middle of its body gets 408 and is disconnected', async () => {
    const slow: Partial<ServerLimits> = { headersTimeoutMs: 40, requestTimeoutMs: 40, timeoutCheckMs: 10 };
    const { origin, requests } = await start(echo, { limits: slow });
    const socket = open(origin);
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    );
    expect(await textUntilClosed(socket)).toMatch(/^HTTP\/1\.1 408 /);
    expect(requests).toHaveLength(0);
  });
});

describe('other methods and paths', () => {
  test.each([
    ['GET', '/livez', 200, 'ok\n'],
    ['HEAD', '/livez', 200, ''],
    ['OPTIONS', '/livez', 204, ''],
    ['POST', '/livez', 405, 'Use GET.\n'],
    ['GET', '/', 404, 'Not found. The GraphQL endpoint is /graphql.\n'],
    ['GET', '/graphql/', 404, 'Not found. The GraphQL endpoint is /graphql.\n'],
    ['GET', '/graphqlx', 404, 'Not found. The GraphQL endpoint is /graphql.\n'],
    ['OPTIONS', '/graphql', 204, ''],
    ['HEAD', '/graphql', 405, ''],
  ])('%s %s is %d', async (method, path, status, text) => {
    const { origin } = await start(echo);
    const response = await fetch(origin + path, { method });
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('x-request-id')).not.toBeNull();
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('%s /graphql is 405 and names what is allowed', async (method) => {
    const { url } = await start(echo);
    const response = await fetch(url, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST, OPTIONS']);
  });

  test('an absolute target, as proxies send it, is understood', async () => {
    const { origin } = await start(echo);
    const socket = open(origin);
    socket.write(
      'GET http://gateway.example/livez?x=1 HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\n\r\n',
    );
    expect(await textUntilClosed(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('two Host headers are refused (RFC 9112)', async () => {
    const { origin, requests } = await start(echo);
    const socket = open(origin);
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(await textUntilClosed(socket)).toMatch(/^HTTP\/1\.1 400 .*"Host\\" must be sent once/s);
    expect(requests).toEqual([]);
  });

  test('a header called __proto__ is a header like any other', async () => {
    const { origin, requests } = await start(echo);
    const socket = open(origin);
    socket.write('GET /graphql HTTP/1.1\r\nHost: localhost\r\n__proto__: x\r\nConnection: close\r\n\r\n');
    expect(await textUntilClosed(socket)).toMatch(/^HTTP\/1\.1 200 /);
    expect(requests).toHaveLength(1);
  });

  test('the home page contains the URL of the endpoint', async () => {
    const { origin, url } = await start(echo, { homePage: (graphqlUrl) => `Ask ${graphqlUrl}\n` });
    const response = await fetch(origin);
    expect(await response.text()).toBe(`Ask ${url}\n`);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });
});

describe('web pages on other origins', () => {
  const studio = 'https://studio.apollographql.com';
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-request-id',
  };

  test('may send requests if their origin is listed', async () => {
    const { url } = await start(echo, { corsOrigins: [studio] });
    const asked = await fetch(url, { method: 'OPTIONS', headers: { origin: studio, ...preflight } });
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': studio,
      'access-control-allow-headers': 'content-type,x-request-id',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      vary: 'accept, x-upstream-report, origin',
    });
    const answer = await post(url, '{}', { ...json, origin: studio });
    expect(answer.headers.get('access-control-allow-origin')).toBe(studio);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/^age, retry-after, x-request-id/);
  });

  test.each([
    ['another origin', [studio], 'https://evil.example'],
    ['a longer origin', [studio], `${studio}.evil.example`],
    ['no origin is listed', [], studio],
  ])('may not when it is not: %s', async (_, corsOrigins, origin) => {
    const { url } = await start(echo, { corsOrigins });
    const asked = await fetch(url, { method: 'OPTIONS', headers: { origin, ...preflight } });
    const answer = await post(url, '{}', { ...json, origin });
    for (const { headers } of [asked, answer]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

/** Resolves when `signal` aborts, or has aborted. */
const abortOf = (signal: CancelSignal) =>
  new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', resolve)));

describe('callers that disconnect', () => {
  test('abort the signal of their request, and no other', async () => {
    const signals = new Map<string, CancelSignal>();
    const bothIn = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { url } = await start(async (_, { requestId, signal }) => {
      signals.set(requestId, signal);
      if (signals.size === 2) bothIn.resolve();
      await release.promise;
      return complete('{}');
    });
    const caller = new AbortController();
    const gone = fetch(url, {
      method: 'POST',
      body: '{}',
      headers: { ...json, 'x-request-id': 'gone' },
      signal: caller.signal,
    }).catch(() => 'gone');
    const stays = post(url, '{}', { ...json, 'x-request-id': 'stays' });
    await bothIn.promise;
    caller.abort();
    const signal = signals.get('gone');
    if (signal?.aborted === false) await abortOf(signal);
    expect(signal?.reason).toMatchObject({ code: 'CANCELLED' });
    release.resolve();
    expect(await gone).toBe('gone');
    expect((await stays).status).toBe(200);
    expect(signals.get('stays')?.aborted).toBe(false);
  });
});

test('a caller that disconnects before its request begins is counted and logged, and causes no call', async () => {
  const ended: (number | null)[] = [];
  const counts = { started: 0 };
  const { origin, requests } = await start(echo, {
    observer: {
      started: () => {
        counts.started += 1;
      },
      ended: ({ status }) => ended.push(status),
    },
  });
  // As happens if the end of the connection is reported first.
  const cut = (message: unknown) => {
    const { response, socket } = message as { readonly response: ServerResponse; readonly socket: Socket };
    response.destroy();
    socket.destroy();
  };
  subscribe('http.server.request.start', cut);
  try {
    const socket = open(origin);
    socket.on('error', () => {});
    socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n');
    socket.write('Content-Type: application/json\r\n\r\n{}');
    await once(socket, 'close');
    await new Promise(setImmediate);
  } finally {
    unsubscribe('http.server.request.start', cut);
  }
  expect([counts.started, ended]).toEqual([1, [null]]);
  expect(logged.map(({ message }) => message)).toEqual(['request answered']);
  expect(requests).toEqual([]);
});

test('a caller who does not read the response is disconnected', async () => {
  const asked = Promise.withResolvers<CancelSignal>();
  const answer: Answer = async (_, { signal }) => {
    asked.resolve(signal);
    return complete('x'.repeat(64 * 1_048_576));
  };
  const { origin } = await start(answer, { limits: { silenceTimeoutMs: 100 } });
  const socket = open(origin);
  socket.pause();
  socket.write('GET /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const signal = await asked.promise;
  await abortOf(signal);
  socket.destroy();
});

describe('closing', () => {
  test('running requests finish on a connection that says it closes; new ones are refused', async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const answerLate: Answer = async () => {
      started.resolve();
      await release.promise;
      return complete('"done"');
    };
    // The client keeps sending requests, which would otherwise be accepted for ten seconds.
    const { url, origin, close } = await start(answerLate, { limits: { arrivalsTimeoutMs: 200 } });
    const answer = post(url, '{}');
    await started.promise;
    const closed = close();
    await refused(origin);
    release.resolve();
    const response = await answer;
    expect([response.headers.get('connection'), await response.text()]).toEqual(['close', '"done"']);
    await closed;
    await close();
  });

  test('requests that do not finish in time are cut off and their signals abort', async () => {
    const started = Promise.withResolvers<CancelSignal>();
    const { url, close } = await start(
      async (_, { signal }) => {
        started.resolve(signal);
        await abortOf(signal);
        return complete('{}');
      },
      { limits: { drainTimeoutMs: 20 } },
    );
    const answer = post(url, '{}').catch(() => 'cut off');
    const signal = await started.promise;
    await close();
    expect(await answer).toBe('cut off');
    await abortOf(signal);
    expect(logged).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  test('idle kept-alive connections do not hold it up', async () => {
    const { url, close } = await start(echo);
    await (await post(url, '{}')).text();
    await close();
  });

  test('connections without a request do not hold it up', async () => {
    const { origin, close } = await start(echo);
    const socket = open(origin);
    await once(socket, 'connect');
    // A response on a second connection shows that the first one was accepted.
    await (await fetch(`${origin}/livez`)).text();
    const closed = textUntilClosed(socket);
    await close();
    expect(await closed).toBe('');
  });
});

describe('addresses that cannot be listened on', () => {
  const options = {
    log,
    authenticate: async () => anonymous,
    ...openAdmission(),
    createContext: async () => ({}),
    apollo: { executeHTTPGraphQLRequest: async () => complete('') },
  };

  test('a port in use: the error names it, with the remedy', async () => {
    const { origin } = await start(echo);
    const port = Number(new URL(origin).port);
    await expect(startHttpServer({ ...options, host: '127.0.0.1', port })).rejects.toMatchObject({
      name: 'ListenError',
      message: `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT to another number (0 takes any free port).`,
    });
  });

  test('an address of another machine: the error names it, with the remedy', async () => {
    await expect(startHttpServer({ ...options, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      name: 'ListenError',
      message: expect.stringContaining('192.0.2.1 is not an address of this machine. Set HOST'),
    });
  });
});

test('a subscription that fails for a bug says so at its end, and in the log', async () => {
  const { url } = await start(async (_request, { reserveStream }) => {
    const slot = await reserveStream?.();
    slot?.begin({ next: () => Promise.reject(new Error('a bug')), end() {} });
    return complete('{}');
  });
  const response = await post(url, '{"query":"subscription { x }"}', {
    ...json,
    accept: 'text/event-stream',
  });
  const text = await response.text();
  expect(text).toMatch(/event: next\ndata: .*"INTERNAL_SERVER_ERROR".*\n\nevent: complete\n/);
  expect(text).not.toContain('a bug');
  expect(logged).toContainEqual(expect.objectContaining({ level: 'error', message: 'request failed' }));
});
