// Operations sent by hash: as Apollo's client does it, as an attacker would, and with only listed ones allowed.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

jest.setTimeout(30_000);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const accept = { accept: 'application/graphql-response+json' };
const codes = '{ providers { code } }';

describe('apq', () => {
  let door: TestGateway;
  beforeAll(async () => {
    const key = (subject: string, scopes: string[]) => {
      return { subject, sha256: sha256(`key-of-${subject}`), scopes, accounts: ['UQPAY/master'] };
    };
    const AUTH_KEYS = JSON.stringify([
      key('alice', ['balances:read', 'accounts:read']),
      key('bob', ['transactions:read']),
    ]);
    door = await startTestGateway({ AUTH: 'keys', AUTH_KEYS, MAX_QUERY_ALIASES: '5' });
  });
  afterAll(() => door.close());
  const as = (subject: string) => ({ authorization: `Bearer key-of-${subject}`, ...accept });

  test("Apollo's client sends the hash, then the text once, then hashes by GET", async () => {
    const sent: string[] = [];
    const counting: typeof fetch = async (input, init) => {
      const url = String(input);
      sent.push(
        `${init?.method} ${url.includes('query=') || String(init?.body).includes('"query"') ? 'text' : 'hash'}`,
      );
      return fetch(input, init);
    };
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        new PersistedQueryLink({
          sha256: async (text: string) => sha256(text),
          useGETForHashedQueries: true,
        }),
        new HttpLink({ uri: door.gateway.url, fetch: counting, headers: as('alice') }),
      ]),
    });
    const query = gql`query Usd { balance(currency: "USD") { currency } }`;
    for (let n = 0; n < 2; n += 1) {
      const { data } = await client.query({ query, fetchPolicy: 'network-only' });
      expect(data).toMatchObject({ balance: { currency: 'USD' } });
    }
    client.stop();
    expect(sent).toEqual(['GET hash', 'POST text', 'GET hash']);
  });

  test('an operation that one caller registered may be run by another with their own rights', async () => {
    const query = '{ viewer { subject } balance(currency: "USD") { currency } }';
    const first = await door.post({ query, ...byHash(sha256(query)) }, as('alice'));
    expect(first.answer.data).toEqual({ viewer: { subject: 'alice' }, balance: { currency: 'USD' } });
    const { answer } = await door.post(byHash(sha256(query)), as('bob'));
    expect(answer.data).toEqual({ viewer: { subject: 'bob' }, balance: null });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test.each([
    ['the hash of another text', codes, sha256('{ __typename }'), 'BAD_REQUEST'],
    ['a text that does not parse', '{ providers {', null, 'GRAPHQL_PARSE_FAILED'],
    ['a text that is not valid', '{ nothing }', null, 'GRAPHQL_VALIDATION_FAILED'],
    ['too many aliases', `{ ${'a: __typename '.repeat(6)} }`, null, 'QUERY_TOO_COMPLEX'],
  ])('%s is refused and not stored', async (_what, query, hash, code) => {
    const sha256Hash = hash ?? sha256(query);
    const refused = await door.post({ query, ...byHash(sha256Hash) }, as('alice'));
    expect(refused.answer.errors).toMatchObject([{ extensions: { code } }]);
    const later = await door.post(byHash(sha256Hash), as('alice'));
    expect(later.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  test('a document that was not checked cannot be registered with an operation name that it lacks', async () => {
    const query = `query A { ${'a: __typename '.repeat(6)} }`;
    const extensions = byHash(sha256(query));
    const refused = await door.post({ query, operationName: 'B', ...extensions }, as('alice'));
    expect(refused.answer.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    const later = await door.post(extensions, as('alice'));
    expect(later.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  test.each([[42], [null], [{}], [['x']], ['__proto__'], ['x'.repeat(100_000)]])(
    'the hash %j is answered like an unknown one',
    async (hash) => {
      const { answer } = await door.post(byHash(hash), as('alice'));
      expect(answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
      expect(door.logText()).not.toContain('unexpected error');
    },
  );
});

test('off: a hash alone is refused with the code that Apollo clients know; a text with its hash runs', async () => {
  const door = await startTestGateway({ PERSISTED_OPERATIONS: 'off' });
  const alone = await door.post(byHash(sha256(codes)));
  expect(alone.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }]);
  expect((await door.post({ query: codes })).answer.data).toEqual({ providers: [{ code: 'UQPAY' }] });
  await door.close();
});

describe('only', () => {
  let door: TestGateway;
  let directory: string;
  const usd = 'query Usd($currency: CurrencyCode!) { balance(currency: $currency) { currency } }';
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'manifest-'));
    const path = join(directory, 'manifest.json');
    const operations = [
      { id: sha256(usd), name: 'Usd', type: 'query', body: usd },
      { id: 'codes-v1', name: 'Codes', type: 'query', body: codes },
    ];
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
    writeFileSync(path, JSON.stringify(manifest));
    door = await startTestGateway({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_MANIFEST: path });
  });
  afterAll(async () => {
    await door?.close();
    rmSync(directory, { recursive: true });
  });

  test('listed operations run by id, by text, by both, and by GET', async () => {
    const variables = { currency: 'USD' };
    const balance = { data: { balance: { currency: 'USD' } } };
    expect((await door.post({ ...byHash(sha256(usd)), variables })).answer).toEqual(balance);
    expect((await door.post({ query: usd, variables })).answer).toEqual(balance);
    expect((await door.post({ query: usd, variables, ...byHash(sha256(usd)) })).answer).toEqual(balance);
    const search = new URLSearchParams({ extensions: JSON.stringify(byHash('codes-v1').extensions) });
    const get = await fetch(`${door.gateway.url}?${search}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await get.json()).toEqual({ data: { providers: [{ code: 'UQPAY' }] } });
  });

  test.each<[string, object]>([
    ['an id that is not listed', byHash(sha256(codes))],
    ['no id', byHash(42)],
    ['the name of something that every object has', byHash('constructor')],
    ['a listed text under an id that is not', { query: codes, ...byHash(sha256(codes)) }],
  ])('%s: PERSISTED_QUERY_NOT_IN_LIST, and what to do', async (_what, body) => {
    const { status, answer } = await door.post(body, accept);
    expect(status).toBe(400);
    expect(answer).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /^No operation with this id may run here\. Add the operation to the manifest/,
          ),
          extensions: {
            code: 'PERSISTED_QUERY_NOT_IN_LIST',
            retryable: false,
            requestId: expect.any(String),
          },
        },
      ],
    });
  });

  test.each<[string, object]>([
    ['another text', { query: '{ providers { name } }' }],
    ['a listed text with a blank more', { query: `${codes} ` }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['the SDL', { query: '{ _service { sdl } }' }],
    ['what does not even parse', { query: '{{{' }],
    ['another text under a listed id', { query: '{ providers { name } }', ...byHash('codes-v1') }],
    ['one listed text under the id of another', { query: usd, ...byHash('codes-v1') }],
  ])('%s: QUERY_NOT_IN_SAFELIST, without a call', async (_what, body) => {
    door.sandbox.control.resetCalls();
    const { status, answer } = await door.post(body, accept);
    expect(status).toBe(400);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }]);
    expect(door.sandbox.control.callCount()).toBe(0);
  });

  test('nothing can be registered, and a request without an operation is malformed', async () => {
    const query = '{ providers { name } }';
    await door.post({ query, ...byHash(sha256(query)) });
    const later = await door.post(byHash(sha256(query)));
    expect(later.answer.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }]);
    const { answer } = await door.post({ variables: {} });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });
});
