import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Kind, parseValue } from 'graphql';
import { CurrencyCode, DateTime, Decimal } from '../../../src/graphql/scalars.ts';

describe('Decimal', () => {
  test.each(['0', '-0.00', '5000.10', '123456789012345678901234567890.0000000001'])(
    'takes and gives %s',
    (text) => {
      expect(Decimal.parseValue(text)).toBe(text);
      expect(Decimal.parseLiteral({ kind: Kind.STRING, value: text })).toBe(text);
      expect(Decimal.serialize(text)).toBe(text);
    },
  );

  test.each([1, 1.5, 10n, '', '+1', '1.', '.5', '1e3', '01', '1,000', ' 1', '1\n', 'NaN', null, true, {}])(
    'refuses %p',
    (value) => {
      expect(() => Decimal.parseValue(value)).toThrow('JSON numbers and float literals are refused');
    },
  );

  test.each(['1', '1.5', 'true', 'null', '["1"]', 'USD'])('refuses the literal %s', (literal) => {
    expect(() => Decimal.parseLiteral(parseValue(literal))).toThrow('must be a decimal number as a string');
  });
});

describe('CurrencyCode', () => {
  test.each(['USD', 'USDC', 'BTC_TEST', 'A', '1INCH', 'newcoin', 'US DOLLAR', 'ÜSD', 'A'.repeat(512)])(
    'takes %s',
    (code) => {
      expect(CurrencyCode.parseValue(code)).toBe(code);
    },
  );

  test('takes nothing that could not stand in a path or a header once encoded', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        let taken: unknown = null;
        try {
          taken = CurrencyCode.parseValue(text);
        } catch {}
        expect(taken === null || /^[^\p{Cc}\p{Cs}]{1,512}$/u.test(text)).toBe(true);
      }),
    );
  });

  test.each(['', 'USD\n', '\ud800', 'A'.repeat(513), 840])('refuses %p', (value) => {
    expect(() => CurrencyCode.parseValue(value)).toThrow('a code as it is given out, of 1 to 512');
  });
});

describe('DateTime', () => {
  test.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'],
    ['2026-01-31T17:30:00+08:00', '2026-01-31T09:30:00Z'],
    ['2026-01-31t09:30:00.5z', '2026-01-31T09:30:00.500Z'],
    ['2025-12-31T23:59:59.123456789-00:00', '2025-12-31T23:59:59.123456789Z'],
  ])('reads %s as %s', (written, read) => {
    expect(DateTime.serialize(DateTime.parseValue(written))).toBe(read);
  });

  test.each([
    '2026-01-31',
    '2026-01-31T09:30:00',
    '2026-01-31 09:30:00Z',
    '2026-01-31T09:30:00+0800',
    '2026-02-29T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:30:00.1234567891Z',
    '2026-01-31T09:30:00Z\n',
    1767225600,
  ])('refuses %p', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('an RFC 3339 time with an offset');
  });
});

test('a literal without positions is refused without a name', () => {
  expect(() => CurrencyCode.parseLiteral({ kind: Kind.STRING, value: '' })).toThrow('An argument must be');
});
