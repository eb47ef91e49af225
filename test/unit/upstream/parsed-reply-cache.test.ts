import { expect, test } from '@jest/globals';
import { createParsedReplyCache } from '../../../src/upstream/index.ts';
import fc from '../../support/fast-check.ts';

const toReply = (text: string, contentType = 'application/json') => ({
  status: 200,
  headers: { 'content-type': contentType },
  text,
});

/** A cache whose values say which reply they were parsed from, and in which call. */
function setUp(bytesMax = 1_000_000) {
  const replies = createParsedReplyCache(bytesMax);
  let madeCount = 0;
  const read = (key: string, text: string, contentType?: string) =>
    replies.read(key, toReply(text, contentType), () => ({ key, text, contentType, turn: ++madeCount }));
  return { read, madeCount: () => madeCount };
}

test('a reply that came twice in a row is not parsed a third time', () => {
  const { read, madeCount } = setUp();
  const values = ['a', 'a', 'a', 'a'].map((text) => read('k', text));
  expect(values.map(({ turn }) => turn)).toEqual([1, 2, 2, 2]);
  expect(values[3]).toBe(values[1]);
  expect(read('k', 'b').turn).toBe(3);
  expect(read('k', 'a').turn).toBe(4);
  expect(madeCount()).toBe(4);
});

test.each([1, 3, 40])(
  'of replies that stop changing after %i that changed, only two are parsed',
  (changeCount) => {
    const { read, madeCount } = setUp();
    for (let change = 0; change < changeCount; change++) read('k', `a-${change}`);
    for (let time = 0; time < 5; time++) read('k', 'still');
    expect(madeCount()).toBe(changeCount + 2);
  },
);

test('a reply with the same text but another key or content type is parsed again', () => {
  const { read } = setUp();
  for (let time = 0; time < 3; time++) read('k', 'a');
  expect(read('other', 'a')).toMatchObject({ key: 'other' });
  expect(read('k', 'a', 'text/html')).toMatchObject({ contentType: 'text/html' });
});

test('different texts with the same checksum are distinguished', () => {
  const { read } = setUp();
  // CRC-32 of both is 4DDB0C25.
  const [one, other] = ['plumless', 'buckeroo'];
  expect(read('k', one).text).toBe(one);
  expect(read('k', other).text).toBe(other);
  expect(read('k', one).text).toBe(one);
  expect(read('k', other).text).toBe(other);
});

test('a reply that fails to parse is not cached, and is parsed again', () => {
  const replies = createParsedReplyCache(1_000_000);
  const broken = () => {
    throw new Error('broken');
  };
  for (let time = 0; time < 3; time++) {
    expect(() => replies.read('k', toReply('a'), broken)).toThrow('broken');
  }
  expect(replies.read('k', toReply('a'), () => 'made')).toBe('made');
});

test('always returns what parsing the reply would return', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('k', 'l', 'm'), fc.constantFrom('', 'a', 'b', 'ab'), fc.boolean()), {
        maxLength: 100,
      }),
      fc.constantFrom(600, 1_500, 1_000_000),
      (asked, bytesMax) => {
        const { read } = setUp(bytesMax);
        for (const [key, text, isJson] of asked) {
          const contentType = isJson ? 'application/json' : 'text/plain';
          expect(read(key, text, contentType)).toMatchObject({ key, text, contentType });
        }
      },
    ),
  );
});

test('evicts the least recently used replies, and does not cache one that is too large', () => {
  const { read } = setUp(3_000);
  const twice = (key: string, text = 'x'.repeat(200)) => [read(key, text), read(key, text)];
  twice('first');
  twice('second');
  const kept = read('second', 'x'.repeat(200)).turn;
  twice('third');
  expect(read('second', 'x'.repeat(200)).turn).toBe(kept);
  expect(read('first', 'x'.repeat(200)).turn).toBeGreaterThan(kept);
  const large = 'y'.repeat(3_000);
  twice('large', large);
  const made = read('large', large).turn;
  expect(read('large', large).turn).toBe(made + 1);
});
