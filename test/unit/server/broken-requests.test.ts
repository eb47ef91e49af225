// Requests that are broken below GraphQL: refused by Node's parser, too slow, or to unknown paths.
import { once } from 'node:events';
import { connect } from 'node:net';
import { HeaderMap } from '@apollo/server';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anonymous } from '../../../src/domain/caller.ts';
import type { RunningHttpServer } from '../../../src/server/contract.ts';
import { startHttpServer } from '../../../src/server/http-server.ts';
import { openAdmission } from '../../support/admission.ts';

let server: RunningHttpServer;
let answerHeld = Promise.withResolvers<void>();
let asked = Promise.withResolvers<void>();
beforeAll(async () => {
  const none = () => {};
  server = await startHttpServer({
    ...{ host: '127.0.0.1', port: 0, log: { debug: none, warn: none, error: none } },
    ...openAdmission(),
    authenticate: async () => anonymous,
    createContext: async () => ({}),
    apollo: {
      async executeHTTPGraphQLRequest({ httpGraphQLRequest: { search, headers } }) {
        asked.resolve();
        if (search === '?held') await answerHeld.promise;
        const contentType: [string, string] = ['content-type', headers.get('accept') ?? ''];
        return { headers: new HeaderMap([contentType]), body: { kind: 'complete', string: '{"data":{}}' } };
      },
    },
    homePage: () => 'Home\n',
    limits: { headersTimeoutMs: 150, requestTimeoutMs: 300, timeoutCheckMs: 30 },
  });
});
afterAll(() => server?.close());

/** Everything the server sends until it ends the connection, one text per response. */
async function told(...texts: readonly string[]): Promise<readonly string[]> {
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  for (const one of texts) socket.write(one);
  await once(socket, 'close');
  return text.split(/(?=HTTP\/1\.1 \d{3} )/);
}

const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
const head = (line: string, ...headers: readonly string[]) =>
  `${[line, 'Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n`;
const takes = 'Accept: application/graphql-response+json';

describe('an unreadable request is refused in JSON, and its connection ends', () => {
  test.each([
    [400, 'no HTTP at all', 'NONSENSE\r\n\r\n'],
    [400, 'TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    [400, 'HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [400, 'a method that nobody knows', 'FOO /graphql HTTP/1.1\r\nHost: a\r\n\r\n'],
    [400, 'two lengths', head('POST /graphql HTTP/1.1', 'Content-Length: 2', 'Transfer-Encoding: chunked')],
    [431, 'headers that are too long', head('GET /graphql HTTP/1.1', `X-Long: ${'a'.repeat(20_000)}`)],
    [408, 'headers that do not end', 'GET /graphql HTTP/1.1\r\nHost: a\r\n'],
  ])('%i: %s', async (status, _, text) => {
    const [answer, ...others] = await told(text);
    expect(others).toEqual([]);
    const [headers = '', body = ''] = answer?.split('\r\n\r\n') ?? [];
    expect(headers).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(headers).toContain('connection: close');
    expect(headers).toContain('content-type: application/json; charset=utf-8');
    const requestId = /x-request-id: (\S+)/.exec(headers)?.[1];
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST', requestId } }] });
  });

  test.each([
    [408, 'a body that does not end', [head('POST /graphql HTTP/1.1', takes, 'Content-Length: 10'), '{']],
    [400, 'a broken chunk', [head('POST /graphql HTTP/1.1', takes, 'Transfer-Encoding: chunked'), 'ZZ\r\n']],
    [400, 'no host', [`GET /graphql HTTP/1.1\r\n${takes}\r\nConnection: close\r\n\r\n`]],
  ])('%i in the media type it takes: %s', async (status, _, texts) => {
    const [answer = '', ...others] = await told(...texts);
    expect(others).toEqual([]);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    expect(answer).toContain(`content-type: ${graphqlResponse}`);
    expect(answer).toContain('"requestId"');
  });

  test('data after a valid request does not affect its response', async () => {
    answerHeld = Promise.withResolvers();
    asked = Promise.withResolvers();
    const answers = told(head('GET /graphql?held HTTP/1.1', takes), 'NONSENSE\r\n\r\n');
    await asked.promise;
    answerHeld.resolve();
    const [answer, ...others] = await answers;
    expect(others).toEqual([]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('{"data":{}}');
  });
});

test.each(['magic', '100-continue, magic'])('the expectation "%s" is ignored', async (expectation) => {
  const lines = [`Expect: ${expectation}`, 'Content-Length: 2', 'Connection: close'];
  const answers = await told(head('POST /graphql HTTP/1.1', ...lines), '{}');
  expect(answers.at(-1)).toMatch(/^HTTP\/1\.1 200 OK/);
});

describe('an unknown path', () => {
  test.each([
    ['*/*', 'text/plain; charset=utf-8'],
    ['text/html, */*;q=0.8', 'text/plain; charset=utf-8'],
    ['image/png', 'text/plain; charset=utf-8'],
    ['application/json, text/plain, */*', 'application/json; charset=utf-8'],
    ['application/graphql-response+json, application/json;q=0.9', graphqlResponse],
  ])('accept: %s', async (accept, contentType) => {
    for (const path of ['/graphql/', '/graphql/x', '/api']) {
      const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers: { accept } });
      expect([response.status, response.headers.get('content-type')]).toEqual([404, contentType]);
      expect(await response.text()).toContain('The GraphQL endpoint is /graphql.');
    }
  });

  test('Vary of responses at / names the headers that select them', async () => {
    expect((await fetch(server.origin)).headers.get('vary')).toBe('accept, accept-encoding');
  });
});
