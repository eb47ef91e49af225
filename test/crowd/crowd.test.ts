// Crowds and callers who do not read their responses, alongside one who behaves: a gateway in its own process, with
// the heap of a 512 MB container.
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type ServerProcess, startGateway, startUpstream, stopAll } from '../../bench/harness/processes.ts';
import { bearer, keysOf } from './crowd.fixture.ts';

jest.setTimeout(60_000);

const mebibyte = 2 ** 20;
/** Factor for the nightly run. */
const scale = Number(process.env.CROWD ?? '1');

let upstreamUrl = '';
let gateway: ServerProcess;

beforeAll(async () => {
  const upstream = await startUpstream();
  upstream.setLatency(100);
  upstreamUrl = upstream.url;
});
afterAll(stopAll);
beforeEach(async () => {
  const env = { AUTH: 'keys', AUTH_KEYS: keysOf('crowd', 'calm'), MAX_REQUESTS_PER_MINUTE: '0' };
  gateway = await startGateway(upstreamUrl, env, undefined, { nodeOptions: ['--max-old-space-size=256'] });
  // Growth in the first seconds of any process is not caused by the crowd.
  await Promise.all(Array.from({ length: 60 }, (_, index) => ask('calm', largePage(index))));
});
afterEach(() => gateway.stop());

/** A page of rows that was never requested before. */
function largePage(number: number): string {
  const to = new Date(Date.UTC(2026, 3, 30) - number * 30_000).toISOString();
  const rows = 'edges { cursor node { id createdAt type status amount { amount currency } } }';
  return JSON.stringify({
    query: `{ ${Array.from(
      { length: 5 },
      (_, index) =>
        `a${index}: transactions(first: ${96 + index}, filter: { ledgers: [BANKING], createdAt: { to: "${to}" } }) { ${rows} }`,
    ).join(' ')} }`,
  });
}

const smallQuestion =
  '{"query":"{ balance(ledger: BANKING, currency: \\"USD\\") { available { amount } } }"}';

async function ask(
  subject: string,
  body: string,
): Promise<{ status: number; text: string; headers: Headers }> {
  const headers = { 'content-type': 'application/json', authorization: bearer(subject) };
  const response = await fetch(gateway.url, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/**
 * Sends one query after another until `isOver`; returns the number of responses. Fails on anything but a response.
 */
async function askCalmly(isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver()) {
    const { status, text } = await ask('calm', smallQuestion);
    expect([status, text]).toEqual([200, expect.stringContaining('"amount"')]);
    count += 1;
  }
  return count;
}

function open(text: string): Socket {
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.pause();
  socket.write(text);
  return socket;
}

function requestText(body: string): string {
  return [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: ${bearer('crowd')}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

test('many concurrent large operations are answered or refused, and another caller is answered meanwhile', async () => {
  let open = 300 * scale;
  const crowd = Promise.all(
    Array.from({ length: open }, async (_, index) => {
      const { status, headers } = await ask('crowd', largePage(1_000 + index));
      open -= 1;
      return status === 200 ? '200' : `${status} ${headers.has('retry-after')}`;
    }),
  );
  const calmAnswers = await askCalmly(() => open === 0);
  const outcomes = new Set(await crowd);
  expect([...outcomes].filter((outcome) => !['200', '429 true', '503 true'].includes(outcome))).toEqual([]);
  expect(outcomes).toContain('200');
  expect(calmAnswers).toBeGreaterThan(10);
});

describe('sockets that do not read', () => {
  const kinds: readonly [string, (index: number) => string][] = [
    [
      'large pages sent ahead',
      (index) => Array.from({ length: 100 }, (_, n) => requestText(largePage(index * 100 + n))).join(''),
    ],
    ['one small question over and over', () => requestText(smallQuestion).repeat(500)],
    ['requests for health sent ahead', () => 'GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'.repeat(2_000)],
    ['a large body that does not end', () => requestText('x'.repeat(900_000)).slice(0, 600_000)],
    ['headers that do not end', () => requestText('').slice(0, -2)],
  ];

  test('cost the process little, and other callers nothing', async () => {
    const before = (await gateway.usage(true)).rssBytes;
    const sockets = kinds.flatMap(([, textOf]) =>
      Array.from({ length: 20 * scale }, (_, index) => open(textOf(index))),
    );
    let answers = 0;
    expect(
      await askCalmly(() => {
        answers += 1;
        return answers > 40;
      }),
    ).toBe(40);
    const grown = (await gateway.usage(true)).rssBytes - before;
    for (const socket of sockets) socket.destroy();
    expect(Math.round(grown / mebibyte)).toBeLessThan(100);
  });

  test('even if 200 of them pipeline thousands of tiny requests', async () => {
    const before = (await gateway.usage(true)).rssBytes;
    const tiny = 'GET /livez HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(5_000);
    const sockets = Array.from({ length: 200 * scale }, () => open(tiny));
    let answers = 0;
    const isOver = () => {
      answers += 1;
      return answers > 40;
    };
    expect(await askCalmly(isOver)).toBe(40);
    const grown = (await gateway.usage(true)).rssBytes - before;
    for (const socket of sockets) socket.destroy();
    expect(Math.round(grown / mebibyte)).toBeLessThan(100);
  });
});
