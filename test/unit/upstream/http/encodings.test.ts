// How bodies are decoded: by byte order mark, else by the declared charset, else as UTF-8; never with replacement characters.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { subjectOf, ways } from './subject.fixture.ts';

const json = '{"name":"中文 é"}';
const utf8 = Buffer.from(json);
const utf16le = Buffer.from(json, 'utf16le');
const gbk = Buffer.from([...Buffer.from('{"name":"'), 0xd6, 0xd0, 0xce, 0xc4, ...Buffer.from('"}')]);
const latin1 = Buffer.from('{"name":"é"}', 'latin1');
const mark =
  (...bytes: number[]) =>
  (body: Buffer) =>
    Buffer.concat([Buffer.from(bytes), body]);

describe.each(ways)('%s, a %s', (client, method) => {
  const subject = subjectOf(client, method);
  const answer = (body: Buffer, contentType?: string, encoding?: string) =>
    subject.start((_request, response) => {
      if (contentType !== undefined) response.setHeader('content-type', contentType);
      if (encoding !== undefined) response.setHeader('content-encoding', encoding);
      response.end(body);
    });

  test.each<[string, Buffer, string | undefined, string]>([
    ['UTF-8 that nobody declared', utf8, undefined, json],
    ['UTF-8', utf8, 'application/json; charset=UTF-8', json],
    ['"utf8" in quotes', utf8, 'application/json;charset="utf8"', json],
    ['parameters beside the charset', utf8, 'application/json; v=2; ; charset = utf-8 ;x', json],
    ['GBK', gbk, 'application/json;charset=GBK', '{"name":"中文"}'],
    ['Latin-1', latin1, 'application/json; charset=iso-8859-1', '{"name":"é"}'],
    ['a mark before UTF-8', mark(0xef, 0xbb, 0xbf)(utf8), 'application/json', json],
    ['the same with a charset', mark(0xef, 0xbb, 0xbf)(utf8), 'text/json; charset=utf-8', json],
    ['a mark that knows better than the charset', mark(0xef, 0xbb, 0xbf)(utf8), 'a/b; charset=gbk', json],
    ['UTF-16 by its mark', mark(0xff, 0xfe)(utf16le), 'application/json', json],
    ['UTF-16 by its charset', utf16le, 'application/json; charset=utf-16le', json],
    ['a replacement character that was sent', Buffer.from('"\ufffd"'), 'application/json', '"\ufffd"'],
  ])('reads %s', async (_name, body, contentType, text) => {
    await answer(body, contentType);
    const reply = await subject.send();
    expect([reply.text, reply.unreadable]).toEqual([text, undefined]);
  });

  test.each<[string, Buffer, string | undefined, string]>([
    [
      'GBK that nobody declared',
      gbk,
      'application/json',
      'is not valid UTF-8 and declares no other encoding',
    ],
    [
      'Latin-1 without a content type',
      latin1,
      undefined,
      'is not valid UTF-8 and declares no other encoding',
    ],
    [
      'Latin-1 as UTF-8',
      latin1,
      'application/json; charset=utf-8',
      'is labelled UTF-8 but is not valid UTF-8',
    ],
    [
      'a mark before Latin-1',
      mark(0xef, 0xbb, 0xbf)(latin1),
      undefined,
      'has a UTF-8 byte order mark but is not valid UTF-8',
    ],
    [
      'bytes that are no GBK',
      Buffer.from([0xff, 0xff]),
      'a/b; charset=gbk',
      'is labelled GBK but is not valid GBK',
    ],
    [
      'a charset nobody knows',
      utf8,
      'a/b; charset=klingon-8',
      'declares an encoding that the gateway does not know',
    ],
  ])('makes no text of %s', async (_name, body, contentType, unreadable) => {
    await answer(body, contentType);
    expect(await subject.send()).toMatchObject({ status: 200, text: '', unreadable });
  });

  test('decompresses a body that was compressed twice', async () => {
    await answer(gzipSync(gzipSync(json)), 'application/json', 'gzip, x-gzip');
    expect((await subject.send()).text).toBe(json);
  });

  test.each(['compress', 'gzip, zstd2', 'gzip, gzip, gzip, gzip, gzip'])(
    'does not take a body packed as %s',
    async (encoding) => {
      await answer(gzipSync(gzipSync(json)), 'application/json', encoding);
      const { code, details, message } = await subject.failureOf();
      expect([code, details.retryable]).toEqual(['UPSTREAM_SHAPE', false]);
      expect(message).toBe('X GET /x answered with a content encoding that was not asked for.');
    },
  );
});
