import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import type { HttpReply } from '../../../src/ports/http.ts';
import { parseBody } from '../../../src/providers/shared/parse-body.ts';

const call = { name: 'UQPAY GET /v1/x', providerName: 'UQPAY' };

function parse(text: string, contentType?: string, rest: Partial<HttpReply> = {}): unknown {
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  return parseBody({ status: 200, headers, text, ...rest }, call, { provider: 'UQPAY', retryable: false });
}

function failureOf(...parsed: Parameters<typeof parse>): unknown[] {
  try {
    return [parse(...parsed)];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [error.code, error.details.retryable, error.message];
  }
}

test.each([
  undefined,
  'application/json',
  'application/json; charset=utf-8; v=1',
  'application/problem+json',
  'text/json',
  'text/plain',
  'application/octet-stream',
  'APPLICATION/JSON',
])('good JSON as %j is the data', (contentType) => {
  expect(parse(' {"name":"x"}\n', contentType)).toEqual({ name: 'x' });
});

describe('a successful reply without data', () => {
  const between = (kind: string) => [
    'UPSTREAM_UNAVAILABLE',
    true,
    `UQPAY GET /v1/x: something between here and UQPAY answered (${kind}), with HTTP 200. ` +
      'Check proxies, firewalls and sign-in pages on the way.',
  ];
  const broken = (retryable: boolean) => [
    'UPSTREAM_SHAPE',
    retryable,
    'UQPAY GET /v1/x answered with broken JSON.',
  ];

  test.each<[string, string | undefined, string]>([
    ['<html>sign in</html>', 'text/html', 'text/html'],
    ['<?xml version="1.0"?><x/>', 'application/xml', 'application/xml'],
    ['<html>sign in</html>', undefined, 'without a content type'],
    [' <html>sign in</html>', 'application/json', 'application/json'],
    ['maintenance', 'text/plain; charset=utf-8', 'text/plain'],
  ])('%j as %j is from something in between', (text, contentType, kind) => {
    expect(failureOf(text, contentType)).toEqual(between(kind));
  });

  test.each(['{"a":', '{"a":"b', '[1,2', '{"a":tr', '{"a":-', '{', '{"a":1e', '{"a":"\\u00'])(
    'truncated JSON, %j, may be complete the next time',
    (text) => {
      expect(failureOf(text, 'application/json')).toEqual(broken(true));
    },
  );

  test.each([
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":1} {"b":2}',
    '{"a":1}x',
    "{'a':1}",
    '{"a":1,}',
    '{"a":.5}',
    'OK',
  ])('JSON that is broken otherwise, %j, stays so', (text) => {
    expect(failureOf(text, 'application/json')).toEqual(broken(false));
  });

  test('no body is reported as an empty reply; 204 keeps its status', () => {
    const empty = (status: number, retryable: boolean) => [
      'UPSTREAM_SHAPE',
      retryable,
      `UQPAY GET /v1/x gave an empty reply (HTTP ${status}).`,
    ];
    expect(failureOf('', undefined, { status: 204 })).toEqual(empty(204, false));
    expect(failureOf('', 'text/html')).toEqual(empty(200, true));
    expect(failureOf(' \n', 'application/json')).toEqual(empty(200, true));
  });

  test('an encoding that cannot be read is named', () => {
    expect(failureOf('', 'application/json', { unreadable: 'is labelled GBK but is not valid GBK' })).toEqual(
      [
        'UPSTREAM_SHAPE',
        false,
        'UQPAY GET /v1/x answered with a body that is labelled GBK but is not valid GBK.',
      ],
    );
  });
});
