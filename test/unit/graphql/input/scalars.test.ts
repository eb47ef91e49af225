import { describe, expect, test } from '@jest/globals';
import { Kind, parseValue } from 'graphql';
import { CurrencyCode, DateTime, Decimal } from '../../../../src/graphql/input/scalars.ts';
import { createSchema } from '../../../../src/graphql/schema.ts';
import fc from '../../../support/fast-check.ts';

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
  test.each(['USD', 'usd', 'USDC.e', 'BTC_TEST', 'A', '1INCH', '$A', 'X.Y-Z', 'A+B/C:D', 'A'.repeat(32)])(
    'takes %s',
    (code) => {
      expect(CurrencyCode.parseValue(code)).toBe(code);
    },
  );

  test('accepts nothing that a path or a header could not contain', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        let taken: unknown = null;
        try {
          taken = CurrencyCode.parseValue(text);
        } catch {}
        expect(taken === null || /^[\x21-\x7e]{1,32}$/.test(text)).toBe(true);
      }),
    );
  });

  test.each(['', 'U SD', '_USD', 'USD\n', 'A'.repeat(33), 'ÜSD', 840])('refuses %p', (value) => {
    expect(() => CurrencyCode.parseValue(value)).toThrow('a code of at most 32 characters');
  });
});

describe('DateTime', () => {
  const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

  test('follows the specification that it names, RFC 3339, with or without a fraction', () => {
    const type = createSchema().getType('DateTime');
    expect(type).toMatchObject({ specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6' });
    for (const fraction of ['', '.5', '.120', '.123456789']) {
      for (const offset of ['Z', 'z', '-00:00', '+00:00', '+23:59', '-08:00']) {
        const written = `2026-01-31T09:30:00${fraction}${offset}`;
        expect(DateTime.serialize(DateTime.parseValue(written))).toMatch(dateTime);
      }
    }
  });

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
  expect(() => CurrencyCode.parseLiteral({ kind: Kind.STRING, value: 'U SD' })).toThrow(
    'An argument must be',
  );
});
