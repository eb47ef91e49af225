// Refusals before GraphQL have the media type that the caller accepts, a code and a request id.
import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

const good = 'good-key-of-the-reporting-team-0001';
const sha256 = createHash('sha256').update(good).digest('hex');
let door: TestGateway;
beforeAll(async () => {
  door = await startTestGateway({
    AUTH: 'keys',
    AUTH_KEYS: JSON.stringify([
      { subject: 'reporting', sha256, scopes: ['balances:read'], accounts: ['UQPAY/master'] },
    ]),
  });
});
afterAll(() => door?.close());

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  readonly search?: string;
}

interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly errors?: readonly { readonly extensions: Readonly<Record<string, unknown>> }[];
    readonly data?: unknown;
  };
}

/** Over node:http, which adds no headers. */
function send({ method = 'POST', headers = {}, body = '', search = '' }: Sent): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const all = {
    authorization: `Bearer ${good}`,
    ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    ...headers,
  };
  const request = httpRequest(`${door.gateway.url}${search}`, { method, headers: all }, (response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, body: text === '' ? {} : JSON.parse(text) });
    });
  });
  request.on('error', reject).end(body);
  return promise;
}

const query = JSON.stringify({ query: '{ __typename }' });
const refusals: readonly (readonly [string, number, Sent])[] = [
  ['no credential', 401, { headers: { authorization: '' }, body: query }],
  ['a wrong key', 401, { headers: { authorization: 'Bearer wrong' }, body: query }],
  ['broken JSON', 400, { body: '{"query":' }],
  ['JSON with something behind it', 400, { body: `${query} and more` }],
  [
    'text that is not UTF-8 by its charset',
    415,
    { headers: { 'content-type': 'application/json; charset=latin1' } },
  ],
  ['text/plain', 415, { headers: { 'content-type': 'text/plain' }, body: query }],
  ['a compressed body', 415, { headers: { 'content-encoding': 'gzip' }, body: query }],
  ['a body too large', 413, { body: `{"query":"${' '.repeat(1_100_000)}"}` }],
  ['PUT', 405, { method: 'PUT', body: query }],
  ['HEAD', 405, { method: 'HEAD' }],
  ['null', 400, { body: 'null' }],
  ['a list', 400, { body: '[]' }],
  ['a batch', 400, { body: `[${query}]` }],
  ['an empty object', 400, { body: '{}' }],
  ['no body', 400, {}],
  ['variables as text', 400, { body: '{"query":"{ __typename }","variables":"{}"}' }],
  ['a query that is no text', 400, { body: '{"query":7}' }],
  ['a GET without anything', 400, { method: 'GET' }],
  ['a GET that a browser sends by itself', 400, { method: 'GET', search: '?query={__typename}' }],
  [
    'a GET with broken variables',
    400,
    {
      method: 'GET',
      search: '?query={__typename}&variables=%7B',
      headers: { 'apollo-require-preflight': '1' },
    },
  ],
  [
    'a GET with a body type',
    415,
    { method: 'GET', search: '?query={__typename}', headers: { 'content-type': 'application/xml' } },
  ],
  [
    'a hash of another text',
    400,
    {
      body: JSON.stringify({
        query: '{ __typename }',
        extensions: { persistedQuery: { version: 1, sha256Hash: 'f' } },
      }),
    },
  ],
];

const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const json = 'application/json; charset=utf-8';

describe.each([
  ['application/graphql-response+json, application/json;q=0.9', graphqlResponse],
  ['Application/GraphQL-Response+JSON', graphqlResponse],
  ['application/json', json],
  ['*/*', json],
  ['text/html', json],
])('accept: %s', (accept, contentType) => {
  test.each(refusals)('%s: %i', async (_, status, sent) => {
    const told = await send({ ...sent, headers: { ...sent.headers, accept } });
    // A caller that accepts neither media type gets 406, unless something else was wrong before.
    const isBefore = status === 401 || status === 405;
    expect(told.status).toBe(accept === 'text/html' && !isBefore ? 406 : status);
    expect(told.headers['content-type']).toBe(contentType);
    if (sent.method === 'HEAD') return;
    const requestId = told.headers['x-request-id'];
    expect(told.body.data).toBeUndefined();
    expect(told.body.errors).toMatchObject([{ extensions: { code: expect.any(String), requestId } }]);
  });
});

test.each([
  ['query', '{"query":""}', /non-empty `query`|no keys/],
  ['operationName', '{"operationName":""}', /no keys/],
])('an empty %s is reported as missing, and no other parameter is blamed', async (_, body, message) => {
  const told = await send({ body });
  expect(told.status).toBe(400);
  expect(told.body.errors).toMatchObject([{ message: expect.stringMatching(message) }]);
});
