// A router that names callers, over HTTP: Node's header parsing must not change who is trusted.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

const body = JSON.stringify({ query: '{ viewer { subject scopes accounts } }' });

/** Sends header lines unchanged, and returns everything received. */
async function send(door: TestGateway, ...lines: string[]): Promise<string> {
  const socket = connect(Number(new URL(door.gateway.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Connection: close',
  ];
  socket.write([...head, `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n'));
  await once(socket, 'close');
  return text;
}

const alice = [
  'X-Caller-Subject: alice',
  'X-Caller-Scopes: balances:read',
  'X-Caller-Accounts: UQPAY/master',
];

describe('from a router', () => {
  let door: TestGateway;
  beforeAll(async () => {
    door = await startTestGateway({ AUTH: 'forwarded', AUTH_FORWARDED_FROM: '127.0.0.1,10.0.0.0/8' });
  });
  afterAll(() => door.close());

  test('the caller is the one it names, whatever the case of the header names', async () => {
    const viewer = '{"viewer":{"subject":"alice","scopes":["balances:read"],"accounts":["UQPAY/master"]}}';
    expect(await send(door, ...alice)).toContain(`{"data":${viewer}}`);
    expect(
      await send(door, ...alice.map((line) => line.replace(/^[^:]+/, (name) => name.toUpperCase()))),
    ).toContain(viewer);
  });

  test.each([
    ['a second subject', [...alice, 'X-Caller-Subject: mallory']],
    ['one before it, in another case', ['x-caller-SUBJECT: mallory', ...alice]],
    ['one joined', ['X-Caller-Subject: mallory, alice', ...alice.slice(1)]],
    ['a second list of accounts', [...alice, 'X-Caller-Accounts: *']],
    ['nobody', alice.slice(1)],
    ['a credential in place of a name', ['Authorization: Bearer alice']],
  ])('%s: 401', async (_what, lines) => {
    const answer = await send(door, ...lines);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('"code":"UNAUTHENTICATED"');
    expect(answer + door.logText()).not.toContain('mallory');
  });

  test.each([
    ['folded over two lines', ['X-Caller-Subject: alice', ' mallory', ...alice.slice(1)]],
    ['with a bare line feed', ['X-Caller-Subject: alice\nX-Caller-Accounts: *', ...alice.slice(1)]],
    ['with a bare carriage return', ['X-Caller-Subject: alice\rX-Caller-Accounts: *', ...alice.slice(1)]],
    ['with a zero byte', ['X-Caller-Subject: al\u0000ice', ...alice.slice(1)]],
    ['with a blank before the colon', ['X-Caller-Subject : alice', ...alice.slice(1)]],
  ])('a header %s is no request at all, or no caller', async (_what, lines) => {
    expect(await send(door, ...lines)).toMatch(/^HTTP\/1\.1 40[01] /);
  });
});

test('from any other address the same headers are ignored, whatever address they claim', async () => {
  const door = await startTestGateway({
    AUTH: 'forwarded',
    AUTH_FORWARDED_FROM: '10.0.0.1',
    TRUSTED_PROXIES: '127.0.0.1',
  });
  for (const claim of ['10.0.0.1', '::ffff:10.0.0.1', '10.0.0.1, 10.0.0.1']) {
    const answer = await send(door, ...alice, `X-Forwarded-For: ${claim}`, 'X-Real-IP: 10.0.0.1');
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('Ask through the router');
  }
  await door.close();
});

test('in another mode they are headers like any other', async () => {
  const door = await startTestGateway({ AUTH: 'none' });
  expect(await send(door, ...alice)).toContain('"subject":"anonymous"');
  await door.close();
});
