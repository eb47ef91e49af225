// How clients report refused requests: each has the code in its own place.
import { createHash } from 'node:crypto';
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, fetchExchange } from '@urql/core';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const callers = ['good', 'often'].map((key) => ({
  ...{ subject: key, sha256: sha256(key), scopes: ['balances:read'], accounts: ['UQPAY/master'] },
  ...(key === 'often' ? { requestsPerMinute: 1 } : {}),
}));
let door: TestGateway;
beforeAll(async () => {
  door = await startTestGateway({ AUTH: 'keys', AUTH_KEYS: JSON.stringify(callers) });
  await door.post({ query: '{ __typename }' }, { authorization: 'Bearer often' });
});
afterAll(() => door?.close());

/** Corrupts a client's request on its way to the gateway. */
type Spoil = (options: RequestInit) => RequestInit;
const withHeaders =
  (headers: Readonly<Record<string, string>>): Spoil =>
  (options) => ({ ...options, headers: { ...(options.headers as Record<string, string>), ...headers } });

const refusals: readonly (readonly [string, number, string, Spoil])[] = [
  ['a wrong key', 401, 'UNAUTHENTICATED', withHeaders({ authorization: 'Bearer wrong' })],
  ['too many requests', 429, 'RATE_LIMITED', withHeaders({ authorization: 'Bearer often' })],
  ['broken JSON', 400, 'BAD_REQUEST', (options) => ({ ...options, body: '{' })],
  ['a body too large', 413, 'BAD_REQUEST', (options) => ({ ...options, body: ' '.repeat(1_100_000) })],
  ['text/plain', 415, 'BAD_REQUEST', withHeaders({ 'content-type': 'text/plain' })],
  ['PUT', 405, 'BAD_REQUEST', (options) => ({ ...options, method: 'PUT' })],
  ['an empty object', 400, 'BAD_REQUEST', (options) => ({ ...options, body: '{}' })],
  [
    'an unknown field',
    400,
    'GRAPHQL_VALIDATION_FAILED',
    (options) => ({ ...options, body: '{"query":"{no}"}' }),
  ],
  [
    'text that is no GraphQL',
    400,
    'GRAPHQL_PARSE_FAILED',
    (options) => ({ ...options, body: '{"query":"{"}' }),
  ],
];

const query = gql`query Who { viewer { subject } }`;
const headers = { authorization: 'Bearer good' };

/** A fetch that corrupts requests, and the statuses it saw. */
function spoilingFetch(spoil: Spoil) {
  const statuses: number[] = [];
  const spoilt: typeof fetch = async (url, options = {}) => {
    const response = await fetch(url, spoil(options));
    statuses.push(response.status);
    return response;
  };
  return { fetch: spoilt, statuses };
}

test.each(refusals)('Apollo Client has the code of %s (%i)', async (_, status, code, spoil) => {
  const { fetch, statuses } = spoilingFetch(spoil);
  const link = new HttpLink({ uri: door.gateway.url, headers, fetch });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const { error } = await client.query({ query, errorPolicy: 'all' });
  expect(statuses).toEqual([status]);
  if (!CombinedGraphQLErrors.is(error)) throw new Error(`No GraphQL error, but ${error}.`);
  expect(error.errors).toMatchObject([{ extensions: { code, requestId: expect.any(String) } }]);
});

test.each(refusals)('urql has the code of %s (%i)', async (_, status, code, spoil) => {
  const { fetch, statuses } = spoilingFetch(spoil);
  const options = { url: door.gateway.url, preferGetMethod: false, fetch, fetchOptions: { headers } };
  const { error } = await new Client({ ...options, exchanges: [fetchExchange] }).query(query, {}).toPromise();
  expect(statuses).toEqual([status]);
  expect(error?.graphQLErrors.map(({ extensions }) => extensions)).toMatchObject([{ code }]);
});
