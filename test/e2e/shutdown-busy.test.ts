// SIGTERM to a process that is too busy to have read all requests.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { type Replica, startReplica } from '../redis/redis.fixture.ts';

jest.setTimeout(60_000);

/** Blocks the event loop for most of every 20 ms: connections are accepted one per tick. */
const busyLoop = `
  const spin = () => {
    const endMs = performance.now() + 20;
    while (performance.now() < endMs);
    setImmediate(spin);
  };
  process.on('SIGUSR2', spin);`;
const connectionCount = 40;
const requestText = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 26\r\n\r\n{"query":"{ __typename }"}`;

let directory = '';
let replica: Replica;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gateway-'));
  const preload = `--import=data:text/javascript,${encodeURIComponent(busyLoop)}`;
  replica = await startReplica({ PORT: '0', NODE_OPTIONS: preload }, directory);
});

afterEach(() => {
  replica.process.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

/** Sends requests, each on a new connection, and returns the answers, or how the connection ended without one. */
function send(text: string) {
  const { hostname, port } = new URL(replica.url);
  const socket = connect(Number(port), hostname);
  const connected = once(socket, 'connect');
  let answer = '';
  const answered = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve(answer));
  });
  socket.write(text);
  return { connected, answered };
}

test('requests sent before it are answered on connections that then close, even with a busy event loop', async () => {
  const ended = once(replica.process, 'close');
  replica.process.kill('SIGUSR2');
  const sent = Array.from({ length: connectionCount }, () => send(requestText('/graphql')));
  const ahead = send(requestText('/graphql').repeat(3));
  // The operating system has accepted them; the gateway has not.
  await Promise.all([...sent, ahead].map(({ connected }) => connected));
  replica.process.kill('SIGTERM');

  const answers = await Promise.all(sent.map(({ answered }) => answered));
  const whole = answers.filter((answer) => /^HTTP\/1\.1 200 .*"__typename":"Query"/s.test(answer));
  expect(whole).toHaveLength(connectionCount);
  expect(whole.filter((answer) => /^connection: close\r$/im.test(answer))).toHaveLength(connectionCount);
  expect((await ahead.answered).split('"__typename":"Query"')).toHaveLength(4);
  expect((await ended)[0]).toBe(0);
});
