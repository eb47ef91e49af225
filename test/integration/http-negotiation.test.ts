// What a caller accepts, and how it sends its request: media types, encodings, parameters of a GET, caches.
import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let door: TestGateway;
beforeAll(async () => {
  door = await startTestGateway();
});
afterAll(() => door?.close());
const preflighted = { 'apollo-require-preflight': '1' };

describe('status and media type of an answer match', () => {
  const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
  const json = 'application/json; charset=utf-8';
  test.each([
    ['application/json;v=2, application/graphql-response+json', graphqlResponse],
    ['application/json;charset=UTF-8;q=0.4, application/graphql-response+json;q=0.5', graphqlResponse],
    ['application/graphql-response+json;v=2, application/json', json],
    ['application/json;q=0, */*', graphqlResponse],
    ['APPLICATION/GRAPHQL-RESPONSE+JSON, application/json;Q=0.9', graphqlResponse],
    ['application/*;q=0.5, application/json;q=0.1', graphqlResponse],
    ['text/html, application/xhtml+xml, */*;q=0.8', json],
    [
      'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
      graphqlResponse,
    ],
    ['', json],
    [' , ', json],
  ])('accept: %s', async (accept, contentType) => {
    const { status, headers, answer } = await door.post({ query: '{nope}' }, { accept });
    expect(headers.get('content-type')).toBe(contentType);
    expect(status).toBe(contentType === json ? 200 : 400);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    const good = await door.post({ query: '{ __typename }' }, { accept });
    expect([good.status, good.headers.get('content-type')]).toEqual([200, contentType]);
  });

  test.each(['text/html', '*/*;q=0', 'json', ';;,=', 'application/json;q=0', 'application/json;q=x'])(
    'no acceptable type is 406 before any call to a provider: %s',
    async (accept) => {
      door.sandbox.control.resetCalls();
      const query = '{ balances { totalCount } }';
      const { status, answer } = await door.post({ query }, { accept, 'cache-control': 'no-cache' });
      expect([status, answer.errors]).toMatchObject([406, [{ extensions: { code: 'BAD_REQUEST' } }]]);
      expect(door.sandbox.control.callCount()).toBe(0);
    },
  );
});

describe('empty parameters count as absent', () => {
  const query = 'query={__typename}';
  test.each([
    `${query}&variables=`,
    `${query}&extensions=`,
    `${query}&operationName=`,
    `${query}&variables`,
    `${query}&variables=&extensions=&operationName=`,
    `${query}&variables=null&extensions=null`,
    `variables=&${query}&variables=%7B%7D`,
  ])('GET ?%s', async (search) => {
    const response = await fetch(`${door.gateway.url}?${search}`, { headers: preflighted });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('a parameter with a value is used', async () => {
    for (const wrong of ['variables=x', 'variables=[]', 'operationName=null', 'extensions=%7B']) {
      const response = await fetch(`${door.gateway.url}?${query}&${wrong}`, { headers: preflighted });
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { requestId: expect.any(String) } }],
      });
    }
  });

  test('an empty text with a hash runs by its hash', async () => {
    const text = '{ __typename }';
    const sha256Hash = createHash('sha256').update(text).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    await door.post({ query: text, extensions });
    const byPost = await door.post({ query: '', operationName: '', extensions });
    const search = `query=&extensions=${encodeURIComponent(JSON.stringify(extensions))}`;
    const byGet = await fetch(`${door.gateway.url}?${search}`, { headers: preflighted });
    for (const answer of [byPost.answer, await byGet.json()])
      expect(answer).toEqual({ data: { __typename: 'Query' } });
  });
});

test.each([
  [{}, 'accept, x-upstream-report'],
  [{ CORS_ORIGINS: 'https://one.example' }, 'accept, x-upstream-report, origin'],
  [{ AUTH: 'keys' }, 'accept, x-upstream-report, authorization'],
  [
    { AUTH: 'forwarded', AUTH_FORWARDED_FROM: '127.0.0.1' },
    'accept, x-upstream-report, x-caller-subject, x-caller-scopes, x-caller-accounts',
  ],
])('answers say what they differ by, with %j', async (env, vary) => {
  const sha256 = createHash('sha256').update('good').digest('hex');
  const caller = { subject: 'one', sha256, scopes: ['balances:read'], accounts: ['UQPAY/master'] };
  const keys = 'AUTH' in env && env.AUTH === 'keys' ? { AUTH_KEYS: JSON.stringify([caller]) } : {};
  const own = await startTestGateway({ CORS_ORIGINS: '', ...env, ...keys });
  const headers = {
    ...preflighted,
    authorization: 'Bearer good',
    'x-caller-subject': 'one',
    'x-caller-scopes': 'balances:read',
    'x-caller-accounts': 'UQPAY/master',
  };
  const search = `query=${encodeURIComponent('{ balances { totalCount } }')}`;
  const answer = await fetch(`${own.gateway.url}?${search}`, { headers });
  const refusal = await fetch(own.gateway.url, { method: 'PUT' });
  await own.close();
  expect(answer.headers.get('cache-control')).toBe('private, max-age=5');
  expect([answer, refusal].map((one) => one.headers.get('vary'))).toEqual([vary, vary]);
});

describe('quality values of what a browser accepts', () => {
  const html = 'text/html';

  function home(headers: Readonly<Record<string, string>>) {
    const { promise, resolve, reject } = Promise.withResolvers<{
      headers: IncomingHttpHeaders;
      body: Buffer;
    }>();
    const request = httpRequest(new URL('/', door.gateway.url), { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    });
    request.on('error', reject).end();
    return promise;
  }

  test.each([
    ['gzip;q=0', false],
    ['*;q=0', false],
    ['gzip;q=0, *', false],
    ['identity, gzip;q=0.5', false],
    ['x-gzip2', false],
    ['GZIP;Q=0.5', true],
    ['deflate, *', true],
  ])('accept-encoding: %s', async (encoding, isGzipped) => {
    const { headers, body } = await home({ accept: html, 'accept-encoding': encoding });
    expect(headers['content-encoding']).toBe(isGzipped ? 'gzip' : undefined);
    const text = (isGzipped ? gunzipSync(body) : body).toString('utf8');
    expect(text.trimStart().slice(0, 15)).toBe('<!doctype html>');
  });

  test.each([
    ['text/html;q=0', 'text/plain'],
    ['text/html;q=0, */*', 'text/plain'],
    ['application/xhtml+xml', 'text/plain'],
    ['text/*', 'text/plain'],
    ['TEXT/HTML', html],
    ['text/plain;q=0.5, text/html', html],
  ])('accept: %s', async (accept, mediaType) => {
    const { headers } = await home({ accept });
    expect(headers['content-type']).toBe(`${mediaType}; charset=utf-8`);
  });
});

test('several Accept headers are one list', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const accept = ['application/json;q=0.5', 'application/graphql-response+json'];
  const request = httpRequest(door.gateway.url, { method: 'PUT', headers: { accept } }, (response) => {
    response.resume().on('end', () => resolve(response.headers['content-type']));
  });
  request.on('error', reject).end();
  expect(await promise).toBe('application/graphql-response+json; charset=utf-8');
});

test('a body may begin with a byte order mark', async () => {
  const response = await fetch(door.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '\ufeff{"query":"{ __typename }"}',
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test.each(['Identity', 'IDENTITY, identity', ''])(
  'a body in content-encoding "%s" is taken',
  async (encoding) => {
    const { answer } = await door.post({ query: '{ __typename }' }, { 'content-encoding': encoding });
    expect(answer).toEqual({ data: { __typename: 'Query' } });
  },
);
