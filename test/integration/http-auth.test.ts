// Authentication over HTTP: 401 and 403 before the body is read, and no credential in any answer or log.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

const key = 'a-key-of-the-dashboard';
let door: TestGateway;

beforeAll(async () => {
  const sha256 = createHash('sha256').update(key).digest('hex');
  const dashboard = { subject: 'dashboard', sha256, scopes: ['balances:read'], accounts: ['UQPAY/master'] };
  door = await startTestGateway({ AUTH: 'keys', AUTH_KEYS: JSON.stringify([dashboard]) });
});
afterAll(() => door.close());
beforeEach(() => door.sandbox.control.resetCalls());

const operation = { query: '{ viewer { subject } balance(currency: "USD") { currency } }' };

test('without a credential: 401, a challenge without a reason, no call', async () => {
  const { status, headers, answer } = await door.post(operation);
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toBe('Bearer realm="balances gateway"');
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(door.sandbox.control.callCount()).toBe(0);
});

test('with a wrong one: 401 that says so, without repeating it', async () => {
  const { status, headers, text } = await door.post(operation, { authorization: 'Bearer hunter2-hunter2' });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect(text + door.logText()).not.toContain('hunter2');
});

test('with a valid one: an answer, under the name of the caller', async () => {
  const { status, answer, text } = await door.post(operation, { authorization: `Bearer ${key}` });
  expect(status).toBe(200);
  expect(answer).toEqual({ data: { viewer: { subject: 'dashboard' }, balance: { currency: 'USD' } } });
  expect(text + door.logText()).not.toContain(key);
});

test('GET, introspection and the SDL require one too; a preflight and /livez do not', async () => {
  const { origin } = new URL(door.gateway.url);
  const get = await fetch(`${door.gateway.url}?query=%7B__typename%7D`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect(get.status).toBe(401);
  for (const query of ['{ __schema { queryType { name } } }', '{ _service { sdl } }']) {
    expect((await door.post({ query })).status).toBe(401);
  }
  expect((await fetch(door.gateway.url, { method: 'OPTIONS' })).status).toBe(204);
  expect((await fetch(`${origin}/livez`)).status).toBe(200);
});

test('a body is not read before the caller is known', async () => {
  const response = await fetch(door.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'not JSON',
  });
  expect(response.status).toBe(401);
});
