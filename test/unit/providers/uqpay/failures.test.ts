import { describe, expect, test } from '@jest/globals';
import { toRefusal } from '../../../../src/providers/uqpay/failures.ts';

const account = '2f6f2c1e-5a0e-4a53-9b7e-0a6f6f1c9d11';
const call = { family: 'banking', name: 'UQPAY GET /v1/x', onBehalfOf: null, nowMs: 0 } as const;
const json = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  text: JSON.stringify(body),
});
const typed = (type: string, code: string, message = 'secret words of the upstream') => ({
  type,
  code,
  message,
});

describe('a refusal is read by type not_found, then by HTTP status (reference section 2.3)', () => {
  test.each<[string, number, unknown, string, boolean]>([
    ['A, validation', 400, typed('invalid_request_error', 'invalid_parameter'), 'UPSTREAM_REJECTED', false],
    ['A, internal', 500, typed('api_error', 'api_error'), 'UPSTREAM_UNAVAILABLE', true],
    ['A, issuing permission', 403, typed('unauthorized_error', 'forbidden'), 'UPSTREAM_FORBIDDEN', false],
    ['B, validation', 400, { code: 400, message: 'page_size is invalid' }, 'UPSTREAM_REJECTED', false],
    ['B, whose code says 200', 400, { code: 200, message: 'no' }, 'UPSTREAM_REJECTED', false],
    ['B, whose code says 401', 400, { code: 401, message: 'no' }, 'UPSTREAM_REJECTED', false],
    [
      'B, asking to come back',
      400,
      { code: 200, message: 'Request is processing, please try again later' },
      'UPSTREAM_UNAVAILABLE',
      true,
    ],
    ['C, token', 401, { error: 'token has expired' }, 'UPSTREAM_AUTH', false],
    ['D, limiter', 429, { code: 'too_many_requests', message: 'slow down' }, 'UPSTREAM_RATE_LIMITED', true],
    ['A, risk limiter', 429, typed('api_error', 'velocity_limit_exceeded'), 'UPSTREAM_RATE_LIMITED', true],
    ['a path that does not exist', 404, { code: 404, message: 'no' }, 'UPSTREAM_REJECTED', false],
    ['a method that is not bound', 405, { code: 405, message: 'no' }, 'UPSTREAM_REJECTED', false],
    ['a conflict', 409, typed('idempotency_error', 'x'), 'UPSTREAM_REJECTED', false],
    ['a timeout', 408, {}, 'UPSTREAM_TIMEOUT', true],
    ['a redirect', 302, {}, 'UPSTREAM_REJECTED', false],
  ])('%s', (_name, status, body, code, retryable) => {
    const { failure, notFound } = toRefusal(json(status, body), call);
    expect([failure.code, failure.details.retryable, failure.details.upstreamStatus, notFound]).toEqual([
      code,
      retryable,
      status,
      false,
    ]);
    expect(failure.message).toContain('UQPAY GET /v1/x');
    expect(JSON.stringify([failure.message, failure.details])).not.toMatch(
      /secret words|slow down|page_size/,
    );
  });

  test.each([
    ['<html>502 secret words</html>', 502, 'UPSTREAM_UNAVAILABLE'],
    ['<html>nothing here</html>', 404, 'UPSTREAM_REJECTED'],
    ['', 503, 'UPSTREAM_UNAVAILABLE'],
    ['null', 401, 'UPSTREAM_AUTH'],
    ['[]', 400, 'UPSTREAM_REJECTED'],
    ['{"type":{"a":1},"code":[],"message":7}', 400, 'UPSTREAM_REJECTED'],
  ])('a body %j is read by its status %i', (text, status, code) => {
    const { failure } = toRefusal({ status, headers: {}, text }, call);
    expect(failure.code).toBe(code);
    expect(failure.message).not.toMatch(/html|secret/);
  });

  test.each([400, 404])('type not_found with HTTP %i means that there is none', (status) => {
    expect(toRefusal(json(status, typed('not_found', 'whatever')), call).notFound).toBe(true);
  });

  test('type not_found does not hide an authentication failure or an outage of its status', () => {
    expect(toRefusal(json(500, typed('not_found', 'x')), call).notFound).toBe(false);
  });
});

describe('the token', () => {
  test.each([
    [401, 'banking', true],
    [401, 'accounts', true],
    [403, 'accounts', true],
    [403, 'issuing', false],
    [400, 'accounts', false],
  ] as const)('HTTP %i on %s calls for another token: %s', (status, family, tokenRefused) => {
    expect(toRefusal(json(status, {}), { ...call, family }).tokenRefused).toBe(tokenRefused);
  });
});

describe('a sub-account that cannot be read', () => {
  test.each([400, 403, 404])('is ACCOUNT_NOT_FOUND with HTTP %i', (status) => {
    const { failure } = toRefusal(json(status, typed('account_error', 'sub_account_not_found')), {
      ...call,
      onBehalfOf: account,
    });
    expect(failure.code).toBe('ACCOUNT_NOT_FOUND');
  });

  test('is not reported if the master account was read', () => {
    const { failure } = toRefusal(json(400, typed('account_error', 'sub_account_not_found')), call);
    expect(failure.code).toBe('UPSTREAM_REJECTED');
  });
});

describe('Retry-After', () => {
  test.each([429, 503])('of HTTP %i is kept', (status) => {
    const { failure } = toRefusal(json(status, {}, { 'retry-after': '17' }), call);
    expect(failure.details.retryAfterSeconds).toBe(17);
  });

  test('that is missing or unreadable is left out', () => {
    expect(toRefusal(json(429, {}), call).failure.details).not.toHaveProperty('retryAfterSeconds');
    expect(toRefusal(json(429, {}, { 'retry-after': 'soon' }), call).failure.details).not.toHaveProperty(
      'retryAfterSeconds',
    );
  });
});
