import { describe, expect, test } from '@jest/globals';
import { JsonNumber, parseLosslessJson } from '../../../../src/providers/shared/lossless-json.ts';
import fc from '../../../support/fast-check.ts';

/** Every form of a JSON number: sign, up to 38 digits, fraction with trailing zeros, exponent. */
const numberToken = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,37}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,20}$/)),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.stringMatching(/^[eE][+-]?\d{1,3}$/) },
    ),
  )
  .map((parts) => parts.join(''));

const spaces = fc.constantFrom('', ' ', '\n\t', '  ');

describe('lossless JSON', () => {
  test('returns every number as it was written, wherever it is', () => {
    fc.assert(
      fc.property(fc.array(numberToken, { minLength: 1 }), spaces, fc.string(), (tokens, space, note) => {
        const rows = tokens.map(
          (token) => `{"note":${JSON.stringify(note)}${space},"amount"${space}:${space}${token}}`,
        );
        const text = `{"total_pages":1,"total_items":${tokens.length},"data":[${rows.join(`,${space}`)}],"list":[${tokens.join()}]}`;
        const parsed = parseLosslessJson(text) as {
          data: { note: string; amount: JsonNumber }[];
          list: JsonNumber[];
        };
        expect(parsed.data.map(({ amount }) => amount.source)).toEqual(tokens);
        expect(parsed.list.map(({ source }) => source)).toEqual(tokens);
        expect(parsed.data[0]?.note).toBe(note);
      }),
    );
  });

  test('control: plain JSON.parse loses digits on the same texts', () => {
    const kept = (text: string) =>
      String((JSON.parse(`{"amount":${text}}`) as { amount: number }).amount) === text;
    expect(['12345678901234567890', '2353.250', '0.12345678901234567890', '5000.10'].map(kept)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(fc.check(fc.property(numberToken, kept)).failed).toBe(true);
  });

  test('returns counts as plain numbers in a text without other numbers, but never an amount', () => {
    expect(
      parseLosslessJson(
        '{"total_pages":1,"total_items": 25,"data":[{"amount":"1.10","at":"2026-01-02T03:04:05Z"}]}',
      ),
    ).toEqual({ total_pages: 1, total_items: 25, data: [{ amount: '1.10', at: '2026-01-02T03:04:05Z' }] });
    for (const text of [
      '{"amount":1.10}',
      '{"total":1.10}',
      '{"total_items_":1.10}',
      '{"a":[1.10]}',
      '[1.10]',
      '1.10',
    ]) {
      expect(JSON.stringify(parseLosslessJson(text))).toContain('"source":"1.10"');
    }
  });

  test('the last of two members with one name counts, as in JSON.parse', () => {
    expect(parseLosslessJson('{"a":1.10,"a":2.20}')).toEqual({ a: new JsonNumber('2.20') });
  });

  test('a member named __proto__ is a member and nothing else', () => {
    const parsed = parseLosslessJson(
      '{"__proto__":{"polluted":1.0},"constructor":{"prototype":{"polluted":1.0}}}',
    );
    expect(Object.getOwnPropertyNames(parsed)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('deep nesting is parsed or refused, and invalid JSON is a SyntaxError', () => {
    const nest = (depth: number) => `${'['.repeat(depth)}1.0${']'.repeat(depth)}`;
    expect(parseLosslessJson(nest(500))).toBeInstanceOf(Array);
    for (const depth of [20_000, 500_000]) {
      expect(() => parseLosslessJson(nest(depth))).toThrow(expect.objectContaining({ name: 'RangeError' }));
    }
    for (const text of ['', '{', '{"a":1.}', '{"a":01}', '<html>', '{"a":1.5}x', '{"a":NaN}']) {
      expect(() => parseLosslessJson(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    }
  });
});
