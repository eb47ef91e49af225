// What web pages may do with a gateway without authentication.
import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

const open: TestGateway[] = [];
afterEach(async () => {
  for (const door of open.splice(0)) await door.close();
});

async function start(env: Record<string, string> = {}): Promise<TestGateway> {
  const door = await startTestGateway(env);
  open.push(door);
  return door;
}

/** Status of a query with a chosen Host header, which fetch would not send. */
async function statusFor(door: TestGateway, host: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { host, 'content-type': 'application/json' };
  const request = httpRequest(door.gateway.url, { method: 'POST', headers }, (response) => {
    response.resume().on('end', () => resolve(response.statusCode));
  });
  request.on('error', reject).end('{"query":"{ balance(currency: \\"USD\\") { currency } }"}');
  return promise;
}

test('a foreign host name that resolves to this machine gets nothing while AUTH is not set', async () => {
  const door = await start();
  for (const host of [
    'evil.example',
    'evil.example:4000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '0.0.0.0',
  ]) {
    expect([host, await statusFor(door, host)]).toEqual([host, 421]);
  }
  expect(door.sandbox.control.callCount()).toBe(0);
  for (const host of ['localhost', 'LOCALHOST:4000', '127.0.0.1:80', '[::1]:4000']) {
    expect([host, await statusFor(door, host)]).toEqual([host, 200]);
  }
});

test('with an explicit AUTH=none any host name is accepted: there may be a proxy', async () => {
  expect(await statusFor(await start({ AUTH: 'none' }), 'balances.example')).toBe(200);
});

test('pages on other origins may send requests only if they are listed', async () => {
  const door = await start({ CORS_ORIGINS: 'https://one.example,https://two.example:8443' });
  const allowed = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const preflight = await fetch(door.gateway.url, { method: 'OPTIONS', headers });
    const answer = await door.post({ query: '{ __typename }' }, { origin });
    const names = [preflight, answer].map((one) => one.headers.get('access-control-allow-origin'));
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    return names;
  };
  for (const origin of ['https://one.example', 'https://two.example:8443']) {
    expect(await allowed(origin)).toEqual([origin, origin]);
  }
  for (const origin of [
    'https://two.example',
    'http://one.example',
    'https://studio.apollographql.com',
    'null',
  ]) {
    expect(await allowed(origin)).toEqual([null, null]);
  }
});

test("an unlisted origin is logged once, the gateway's own pages are not", async () => {
  const door = await start({ CORS_ORIGINS: 'https://one.example' });
  const own = new URL(door.gateway.url).origin;
  for (const origin of ['https://one.example', own, 'https://three.example', 'https://three.example']) {
    await door.post({ query: '{ __typename }' }, { origin });
  }
  const behindProxy = { origin: 'https://public.example', 'sec-fetch-site': 'same-origin' };
  await door.post({ query: '{ __typename }' }, behindProxy);
  const told = door.logText().match(/\{"origin":"[^"]*"\},"a page of an origin that CORS_ORIGINS [^"]*"/g);
  expect(told).toEqual([
    '{"origin":"https://three.example"},"a page of an origin that CORS_ORIGINS does not list was refused"',
  ]);
});

test('invented origins do not fill the log', async () => {
  const door = await start();
  for (let number = 1; number <= 30; number += 1) {
    await door.post({ query: '{ __typename }' }, { origin: `https://page-${number}.example` });
  }
  expect(door.logText().match(/CORS_ORIGINS does not list/g)).toHaveLength(20);
});
