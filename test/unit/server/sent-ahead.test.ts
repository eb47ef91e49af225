// Pipelined requests on one connection, and responses that are not read, over real sockets.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { HeaderMap } from '@apollo/server';
import { afterEach, expect, test } from '@jest/globals';
import { anonymous } from '../../../src/domain/caller.ts';
import type { RunningHttpServer } from '../../../src/server/contract.ts';
import { startHttpServer } from '../../../src/server/http-server.ts';
import type { ServerLimits } from '../../../src/server/server-limits.ts';
import { openAdmission } from '../../support/admission.ts';

const running: RunningHttpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** A server whose responses the test releases one by one; `asked` has the requests that it has started. */
async function start(limits: Partial<ServerLimits> = {}, answer = '{}') {
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const none = () => {};
  const { admission, callerKey } = openAdmission();
  const server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, log: { debug: none, warn: none, error: none } },
    authenticate: async () => anonymous,
    ...{ admission, callerKey, limits },
    createContext: async () => ({}),
    apollo: {
      async executeHTTPGraphQLRequest({ httpGraphQLRequest: { search } }) {
        asked.push(search.slice(1));
        if (answer === '{}') await new Promise<void>((resolve) => held.push(resolve));
        const headers = new HeaderMap([['content-type', 'application/json']]);
        return { headers, body: { kind: 'complete', string: answer } };
      },
    },
  });
  running.push(server);
  return { ...server, asked, held, admission };
}

function open(origin: string): Socket {
  return connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {});
}

function requests(...names: readonly string[]): string {
  return names.map((name) => `GET /graphql?${name} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`).join('');
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

test('requests of one connection are processed one at a time, each after the previous response was sent', async () => {
  const { origin, asked, held } = await start();
  const socket = open(origin);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(requests('a', 'b', 'c'));
  for (const soFar of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    await until(() => held.length === 1);
    // Requests on other connections do not wait for it.
    await (await fetch(`${origin}/livez`)).text();
    expect(asked).toEqual(soFar);
    held.pop()?.();
  }
  await until(() => text.split('HTTP/1.1 200').length === 4);
  socket.destroy();
});

test('one pipelined request too many is refused on a connection that then closes, and those before it are answered', async () => {
  const { origin, asked, held } = await start({ sentAheadMax: 2 });
  const socket = open(origin);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const closed = once(socket, 'close');
  socket.write(requests('a', 'b', 'c', 'd', 'e'));
  for (let index = 0; index < 3; index++) {
    await until(() => held.length === 1);
    held.pop()?.();
  }
  await closed;
  expect(asked).toEqual(['a', 'b', 'c']);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 200',
    'HTTP/1.1 503',
  ]);
  expect(text).toContain('"code":"OVERLOADED"');
  // Its capacity is free again.
  const next = open(origin);
  next.write(requests('f', 'g'));
  await until(() => held.length === 1);
  held.pop()?.();
  await until(() => held.length === 1);
  held.pop()?.();
  expect(asked.slice(3)).toEqual(['f', 'g']);
  next.destroy();
});

test('a connection with far too many pipelined requests is closed at once', async () => {
  const { origin, asked, held } = await start({ sentAheadMax: 2 });
  const socket = open(origin);
  const closed = once(socket, 'close');
  socket.write(requests('a').repeat(200));
  await closed;
  held.pop()?.();
  await (await fetch(`${origin}/livez`)).text();
  expect(asked.length).toBeLessThanOrEqual(1);
});

test('pipelined requests of a closed connection are not processed', async () => {
  const { origin, asked, held, admission } = await start();
  const socket = open(origin);
  socket.write(requests('a', 'b', 'c'));
  await until(() => held.length === 1);
  socket.resetAndDestroy();
  held.pop()?.();
  await until(() => admission.report().operations.running === 0);
  await (await fetch(`${origin}/livez`)).text();
  expect(asked).toEqual(['a']);
});

test('a response that its caller does not read counts against the caller, and closes the connection after a while', async () => {
  const answer = JSON.stringify('x'.repeat(24_000_000));
  const { origin, admission } = await start({ answerTimeoutMs: 50, timeoutCheckMs: 10 }, answer);
  const socket = open(origin);
  socket.pause();
  socket.write(requests('a'));
  await until(() => admission.report().answerBytes === answer.length);
  expect(admission.mayAnswer('caller:anonymous')).toBe(false);
  await until(() => admission.report().answerBytes === 0);
  socket.destroy();
});
