// Rate limits over HTTP: 429 before the body is read, and no caller affects another.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway;

const keyOf = (subject: string, more: object = {}) => ({
  subject,
  sha256: createHash('sha256').update(`key-of-${subject}`).digest('hex'),
  scopes: ['balances:read'],
  accounts: ['UQPAY/master'],
  ...more,
});
const people = ['alice', 'bob', 'carol', 'dave', 'erin'].map((subject) => keyOf(subject));
const AUTH_KEYS = JSON.stringify([...people, keyOf('router', { requestsPerMinute: 0 })]);
const as = (subject: string) => ({ authorization: `Bearer key-of-${subject}` });
const operation = { query: '{ balance(currency: "USD") { currency } }' };

describe('with names', () => {
  beforeAll(async () => {
    door = await startTestGateway({
      AUTH: 'keys',
      AUTH_KEYS,
      MAX_REQUESTS_PER_MINUTE: '2',
      MAX_FAILED_CREDENTIALS_PER_MINUTE: '3',
    });
  });
  afterAll(() => door.close());

  test('over the limit: 429, Retry-After, a code, no call; others and /livez are answered', async () => {
    await door.post(operation, as('alice'));
    await door.post(operation, as('alice'));
    door.sandbox.control.resetCalls();
    const { status, headers, answer } = await door.post(operation, as('alice'));
    expect(status).toBe(429);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer).toEqual({
      errors: [
        {
          message: `More than 2 requests in a minute. Try again in ${seconds} s, or ask for more in one request.`,
          extensions: {
            code: 'RATE_LIMITED',
            retryable: true,
            retryAfterSeconds: seconds,
            requestId: headers.get('x-request-id'),
          },
        },
      ],
    });
    expect(door.sandbox.control.callCount()).toBe(0);
    expect((await door.post(operation, as('bob'))).status).toBe(200);
    for (let n = 0; n < 5; n += 1) expect((await door.post(operation, as('router'))).status).toBe(200);
    const { origin } = new URL(door.gateway.url);
    for (let n = 0; n < 5; n += 1) expect((await fetch(`${origin}/livez`)).status).toBe(200);
    expect(door.logText()).toContain('a caller asks too often');
    expect(door.logText()).not.toContain('key-of-alice');
  });

  test('a refusal does not wait for the body', async () => {
    for (let n = 0; n < 2; n += 1) await door.post(operation, as('carol'));
    const status = await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': '1000', ...as('carol') };
      const asked = request(door.gateway.url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        asked.destroy();
      });
      asked.on('error', reject);
      asked.write('{');
    });
    expect(status).toBe(429);
  });

  test('credentials cannot be guessed without limit', async () => {
    expect((await door.post(operation, as('dave'))).status).toBe(200);
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await door.post(operation, as(`nobody-${n}`))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await door.post(operation, as('dave'))).status).toBe(200);
    expect((await door.post(operation, as('erin'))).status).toBe(429);
    expect(door.logText()).not.toContain('nobody-');
  });
});

describe('without names', () => {
  afterEach(() => door.close());

  const noNames = { AUTH: 'none', MAX_REQUESTS_PER_MINUTE: '1' };
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const statusFrom = async (address: string) => (await door.post(operation, from(address))).status;

  test('callers are distinguished by address; headers that claim another one are ignored', async () => {
    door = await startTestGateway(noNames);
    expect(await statusFrom('192.0.2.1')).toBe(200);
    expect(await statusFrom('192.0.2.2')).toBe(429);
  });

  test('a trusted proxy names the caller; only the entry that it added counts', async () => {
    door = await startTestGateway({ ...noNames, TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
    expect(await statusFrom('192.0.2.1')).toBe(200);
    expect(await statusFrom('192.0.2.2')).toBe(200);
    expect(await statusFrom('198.51.100.9, 192.0.2.1')).toBe(429);
    expect(await statusFrom('198.51.100.9, 192.0.2.2, 10.3.4.5')).toBe(429);
    expect(await statusFrom('198.51.100.9, 192.0.2.3')).toBe(200);
    expect(await statusFrom('198.51.100.9')).toBe(200);
    expect(door.logText()).toContain('"client":"192.0.2.3"');
    expect(door.logText()).toContain('"client":"192.0.2.1"');
  });
});
