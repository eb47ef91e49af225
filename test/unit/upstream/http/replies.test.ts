import type { IncomingHttpHeaders } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { clients, subjectOf, ways } from './subject.fixture.ts';

describe.each(ways)('%s, a %s', (client, method) => {
  const subject = subjectOf(client, method);

  test('returns status, headers in lower case and text, whatever the status', async () => {
    await subject.start((request, response) => {
      response.writeHead(request.url === '/err' ? 503 : 200, { 'X-Name': 'Value' }).end('grüß');
    });
    expect(await subject.send('/ok')).toMatchObject({
      status: 200,
      text: 'grüß',
      headers: { 'x-name': 'Value' },
    });
    expect(await subject.send('/err')).toMatchObject({ status: 503, text: 'grüß' });
  });

  test('joins repeated headers; returns the first of a header that may appear only once', async () => {
    await subject.start((_request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.setHeader('x-many', ['1', '2']);
      response.setHeader('retry-after', ['7', '9']);
      response.end();
    });
    expect((await subject.send()).headers).toMatchObject({
      'set-cookie': 'a=1, b=2',
      'x-many': '1, 2',
      'retry-after': '7',
    });
  });

  test('decodes a character that is split between chunks', async () => {
    const bytes = Buffer.from('"é"');
    await subject.start((_request, response) => {
      response.write(bytes.subarray(0, 2));
      setImmediate(() => response.end(bytes.subarray(2)));
    });
    expect((await subject.send()).text).toBe('"é"');
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
    ['identity', (text: string) => Buffer.from(text)],
  ] as const)('unpacks %s', async (encoding, pack) => {
    await subject.start((_request, response) =>
      response.setHeader('content-encoding', encoding).end(pack('{"amount":"1.10"}')),
    );
    expect((await subject.send()).text).toBe('{"amount":"1.10"}');
  });

  test.each([204, 304])('accepts a %i that names an encoding but has no body', async (status) => {
    await subject.start((_request, response) =>
      response.writeHead(status, { 'content-encoding': 'gzip' }).end(),
    );
    expect(await subject.send()).toMatchObject({ status, text: '' });
  });

  test('does not follow redirects', async () => {
    let requestCount = 0;
    await subject.start((_request, response) => {
      requestCount += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await subject.send()).status).toBe(302);
    expect(requestCount).toBe(1);
  });

  test('arrives with its path unchanged, its headers and the gateway as user agent', async () => {
    const seen: [string | undefined, IncomingHttpHeaders][] = [];
    await subject.start((request, response) => {
      seen.push([request.url, request.headers]);
      response.end();
    });
    const path = '/v1/a%2Fb;c?x=%20+%C3%A9&y=a%26b&z=[1]';
    await subject.send(path);
    expect(seen).toEqual([
      [
        path,
        expect.objectContaining({
          'user-agent': 'balances-gateway',
          'x-api-key': 'key-that-must-not-show',
          'accept-encoding': expect.stringMatching(/^gzip, deflate, br\b/),
          host: new URL(subject.server.url).host,
        }),
      ],
    ]);
  });
});

describe.each(clients)('%s', (client) => {
  const subject = subjectOf(client);

  test('sends the body of a POST unchanged with its length, and length 0 without a body', async () => {
    const seen: unknown[] = [];
    await subject.start(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      seen.push([request.method, request.headers['content-length'], request.headers['content-type'], body]);
      response.end();
    });
    const post = { name: 'X POST /p', method: 'POST', url: `${subject.server.url}/p` } as const;
    await subject.http.send({
      ...post,
      headers: { 'content-type': 'application/json' },
      body: '{"a":"é"}',
    });
    await subject.http.send({ ...post, headers: {} });
    expect(seen).toEqual([
      ['POST', '10', 'application/json', '{"a":"é"}'],
      ['POST', '0', undefined, ''],
    ]);
  });
});
