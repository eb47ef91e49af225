// Who replied, and what it means: the same bodies and headers for all three providers.
import { describe, expect, test } from '@jest/globals';
import { toRefusal as toIbanera } from '../../../src/providers/ibanera/failures.ts';
import { toVerdict as toNoah } from '../../../src/providers/noah/failures.ts';
import { toRefusal as toUqpay } from '../../../src/providers/uqpay/failures.ts';

interface Verdict {
  readonly failure: { readonly code: string; readonly message: string; readonly details: object };
  readonly isProvidersOwn: boolean;
}
type Judge = (status: number, text: string, headers?: Record<string, string>) => Verdict;

const uqpay: Judge = (status, text, headers = {}) =>
  toUqpay(
    { status, headers, text },
    { family: 'accounts', name: 'UQPAY GET /v1/x', onBehalfOf: null, nowMs: 0 },
  );
const providers: readonly (readonly [string, Judge, object])[] = [
  ['UQPAY', uqpay, { code: 403, message: 'Authorization error' }],
  [
    'Ibanera',
    (status, text, headers = {}) => toIbanera({ status, headers, text }, 'Ibanera GET /x', 0),
    {
      status: '0',
      errors: [],
    },
  ],
  [
    'NOAH',
    (status, text, headers = {}) => toNoah({ status, headers, text }, 'NOAH GET /x', 0),
    {
      Type: 'Forbidden',
    },
  ],
];

const html = '<!DOCTYPE html><html><body>blocked by words-of-the-page</body></html>';
const page = { 'content-type': 'text/html; charset=utf-8' };
const plain = { 'content-type': 'text/plain' };
const json = { 'content-type': 'application/json' };

describe.each(providers)('%s', (name, judge, ownBody) => {
  test.each<[number, string, Record<string, string>, string]>([
    [403, html, page, 'text/html'],
    [401, html, page, 'text/html'],
    [401, html, {}, 'without a content type'],
    [403, ` \n${html}`, plain, 'text/plain'],
    [403, 'Access denied by words-of-the-page', plain, 'text/plain'],
    [403, '{"words-of-the-page":1}', json, 'application/json'],
    [403, '["words-of-the-page"]', { 'content-type': 'x/words-of-the-page' }, 'another content type'],
    [502, html, page, 'text/html'],
    [503, html, page, 'text/html'],
    [511, html, page, 'text/html'],
    [400, html, page, 'text/html'],
    [406, html, page, 'text/html'],
    [407, html, page, 'text/html'],
  ])('HTTP %i with %j is not its word', (status, text, headers, kind) => {
    const { failure, isProvidersOwn } = judge(status, text, headers);
    expect(failure).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { upstreamStatus: status, retryable: true },
    });
    expect(failure.message).toContain(
      `something between here and ${name} answered (${kind}), with HTTP ${status}.`,
    );
    expect([isProvidersOwn, /words-of-the-page/.test(failure.message)]).toEqual([false, false]);
  });

  test.each([403, 401])('HTTP %i with a documented body is, whatever its type says', (status) => {
    const code = status === 401 ? 'UPSTREAM_AUTH' : 'UPSTREAM_FORBIDDEN';
    for (const headers of [json, plain, {}]) {
      const { failure, isProvidersOwn } = judge(status, JSON.stringify(ownBody), headers);
      expect([failure.code, isProvidersOwn]).toEqual([code, true]);
    }
  });

  test.each<[number, string]>([
    [401, 'UPSTREAM_AUTH'],
    [403, 'UPSTREAM_FORBIDDEN'],
    [500, 'UPSTREAM_UNAVAILABLE'],
  ])('HTTP %i without a body is read by its status', (status, code) => {
    for (const text of ['', ' \r\n', '{}', 'null']) {
      const { failure, isProvidersOwn } = judge(status, text, page);
      expect([failure.code, isProvidersOwn, /something between/.test(failure.message)]).toEqual([
        code,
        true,
        false,
      ]);
    }
  });

  test.each<[number, string, Record<string, string>]>([
    [403, JSON.stringify({ message: 'later' }), json],
    [403, html, page],
    [403, '', {}],
    [429, html, page],
  ])('HTTP %i %j with a time to come back is a limit', (status, text, headers) => {
    const { failure } = judge(status, text, { ...headers, 'retry-after': '7' });
    expect(failure).toMatchObject({
      code: 'UPSTREAM_RATE_LIMITED',
      details: { retryable: true, retryAfterSeconds: 7 },
    });
  });

  test('a page with 503 passes on its Retry-After', () => {
    const { failure } = judge(503, html, { ...page, 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' });
    expect(failure.details).toMatchObject({ retryable: true, retryAfterSeconds: 9 });
  });

  test.each([404, 405])('HTTP %i with a page says nothing about the requested object', (status) => {
    const { failure, isProvidersOwn } = judge(status, html, page);
    expect([failure.code, failure.details, isProvidersOwn]).toEqual([
      'UPSTREAM_REJECTED',
      { upstreamStatus: status, retryable: false, notFromProvider: true },
      false,
    ]);
    expect(failure.message).toMatch(
      `by something that is not ${name}'s API. Check ${name.toUpperCase()}_BASE_URL.`,
    );
  });

  test.each([301, 302, 307])('a redirect with HTTP %i is reported as one, and not followed', (status) => {
    const { failure, isProvidersOwn } = judge(status, '', { location: 'https://elsewhere.example/' });
    expect([failure.code, isProvidersOwn]).toEqual(['UPSTREAM_REJECTED', false]);
    expect(failure.message).toMatch(/a redirect that is not followed\. Check [A-Z]+_BASE_URL\.$/);
  });
});

test.each(['Ibanera', 'NOAH'])('%s may refuse a login with its own message', (name) => {
  const judge = providers.find(([known]) => known === name)?.[1] as Judge;
  expect(judge(401, 'public key not found', plain).failure.code).toBe('UPSTREAM_AUTH');
});

describe('the token of UQPAY', () => {
  const refusedAt = (status: number, text: string, headers: Record<string, string>) =>
    (uqpay(status, text, headers) as ReturnType<typeof toUqpay>).tokenRefused;

  test('is not replaced because of a page, or of a 403 without a body', () => {
    expect([refusedAt(403, html, page), refusedAt(401, html, page), refusedAt(403, '', {})]).toEqual([
      false,
      false,
      false,
    ]);
    expect(refusedAt(403, '{"code":403,"message":"later"}', { ...json, 'retry-after': '1' })).toBe(false);
  });

  test('is when UQPAY refuses it, in any of the documented shapes', () => {
    expect(refusedAt(403, '{"code":403,"message":"Authorization error"}', json)).toBe(true);
    expect(refusedAt(401, '{"error":"token has expired"}', json)).toBe(true);
    expect(refusedAt(401, '', {})).toBe(true);
  });
});
