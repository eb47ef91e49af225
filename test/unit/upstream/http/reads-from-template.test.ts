import { expect, test } from '@jest/globals';
import got from 'got';
import { createReadsFromTemplate, readsFromTemplate } from '../../../../src/upstream/http/got-http.ts';
import type { Exchange } from '../../../../src/upstream/http/undici-agent.ts';

/** Reads with headers from a got instance that puts the origin into a header; nothing is sent. */
function aReader() {
  const asked: string[] = [];
  const sent: Exchange[] = [];
  const client = got.extend({
    headers: { 'user-agent': 'instance', 'x-both': 'instance' },
    handlers: [
      (options, next) => {
        asked.push(String(options.url));
        options.headers['x-origin'] = (options.url as URL).origin;
        return next(options);
      },
      readsFromTemplate,
    ],
  });
  const read = createReadsFromTemplate(client, {
    exchange: async (exchange) => {
      sent.push(exchange);
      return { status: 200, headers: {}, text: '' };
    },
    destroy() {},
  });
  return { read, asked, sent };
}

const headers = { 'x-both': 'request', 'x-key': 'own' };

test('each read has the headers that got sets for its origin, its own take precedence, and got is asked once per origin', async () => {
  const { read, asked, sent } = aReader();
  for (const url of ['https://one.test/a?b=1', 'https://two.test/', 'https://one.test/c']) {
    await read({ name: 'X GET /x', method: 'GET', url, headers });
  }
  await read({ name: 'X GET /x', method: 'GET', url: 'https://one.test/d', headers: {} });
  const moulded = (host: string) => ({ 'user-agent': 'instance', 'x-origin': `https://${host}.test` });
  expect(
    sent.map(({ origin, path, headers: { 'x-key': key, 'x-both': both, ...rest } }) => [
      origin + path,
      key,
      both,
      rest,
    ]),
  ).toEqual([
    ['https://one.test/a?b=1', 'own', 'request', expect.objectContaining(moulded('one'))],
    ['https://two.test/', 'own', 'request', expect.objectContaining(moulded('two'))],
    ['https://one.test/c', 'own', 'request', expect.objectContaining(moulded('one'))],
    ['https://one.test/d', undefined, 'instance', expect.objectContaining(moulded('one'))],
  ]);
  expect(asked).toEqual(['https://one.test/', 'https://two.test/']);
});

test.each([
  'ftp://one.test/',
  'blob:https://one.test/x',
  'file:///etc/hosts',
  'no URL',
  'https://one.test\u0001/a',
])('%s is not sent', (url) => {
  const { read, sent } = aReader();
  expect(() => read({ name: 'X GET /x', method: 'GET', url, headers })).toThrow();
  expect(sent).toEqual([]);
});

const odd = [
  'https://one.test/a?',
  'https://ONE.test:443/a',
  'https://one.test/a/../b',
  'https://one.test/a/%2e%2e/b',
  'https://one.test/a/./b?c=d',
  'https://one.test/ä?ö=ü',
  "https://one.test/a?b='c'",
  'https://one.test/a b#c',
  'https://user:word@one.test/a',
  'https://one.test\\a',
  'https://one.test',
  'https://one.test:8443/a-b_c~d/e?f=%C3%A4&g=1+2.5',
  'http://[::1]:80/a',
];

test.each(odd)('%s is sent to the host and path that the URL standard gives', async (text) => {
  const { read, sent } = aReader();
  await read({ name: 'X GET /x', method: 'GET', url: 'https://one.test/first', headers });
  await read({ name: 'X GET /x', method: 'GET', url: text, headers });
  const { origin, pathname, search } = new URL(text);
  expect(sent.at(-1)).toMatchObject({ origin, path: pathname + search });
});
