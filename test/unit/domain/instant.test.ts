import { describe, expect, test } from '@jest/globals';
import { instantText, parseInstant } from '../../../src/domain/instant.ts';
import fc from '../../support/fast-check.ts';

const twoDigits = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));

describe('reading a time', () => {
  test('agrees with Date for every second of the years 1 to 9999, with any offset', () => {
    const times = fc.tuple(
      fc.date({
        min: new Date('0001-01-02T00:00:00Z'),
        max: new Date('9999-12-30T00:00:00Z'),
        noInvalidDate: true,
      }),
      fc.constantFrom('+', '-'),
      twoDigits(23),
      twoDigits(59),
    );
    fc.assert(
      fc.property(times, ([date, sign, hours, minutes]) => {
        const local = date.toISOString().slice(0, 19);
        const expected = Date.parse(`${local}${sign}${hours}:${minutes}`) / 1_000;
        expect(parseInstant(`${local}${sign}${hours}:${minutes}`)).toEqual({ second: expected, nano: 0 });
        expect(parseInstant(`${local.replace('T', ' ')} ${sign}${hours}${minutes}`)?.second).toBe(expected);
        expect(parseInstant(`${local}Z`)?.second).toBe(Date.parse(`${local}Z`) / 1_000);
      }),
    );
  });

  test('refuses days that do not exist, and accepts those that do', () => {
    const day = (year: number, month: number, date: number) =>
      [String(year).padStart(4, '0'), ...[month, date].map((part) => String(part).padStart(2, '0'))].join(
        '-',
      );
    fc.assert(
      fc.property(fc.nat(9_999), fc.nat(13), fc.nat(32), (year, month, date) => {
        const text = day(year, month, date);
        const made = new Date(0);
        made.setUTCFullYear(year, month - 1, date);
        const exists = made.getUTCMonth() === month - 1 && made.getUTCDate() === date && date > 0;
        expect(parseInstant(`${text}T00:00:00Z`) !== null).toBe(exists);
      }),
    );
  });

  test('keeps nine digits of a fraction, and writes no trailing zeros', () => {
    expect(parseInstant('2026-02-28T23:59:59.1234567899+08:00')).toEqual({
      second: Date.UTC(2026, 1, 28, 15, 59, 59) / 1_000,
      nano: 123_456_789,
    });
    for (const text of ['2026-02-28T23:59:59Z', '2026-02-28T23:59:59.100Z', '2026-02-28T23:59:59.000001Z']) {
      expect(instantText(parseInstant(text) ?? { second: 0, nano: 0 })).toBe(text);
    }
  });

  test.each([
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2017-01-01T07:59:60.5+08:00', '2017-01-01T00:00:00Z'],
    ['2026-02-28t23:59:59z', '2026-02-28T23:59:59Z'],
    ['2026-02-28 23:59:59.250 +08', '2026-02-28T15:59:59.250Z'],
    ['0000-02-29T00:00:00Z', '0000-02-29T00:00:00Z'],
  ])('reads "%s" as %s', (text, expected) => {
    expect(instantText(parseInstant(text) ?? { second: 0, nano: 0 })).toBe(expected);
  });

  test.each([
    '',
    '2026-02-28',
    '2026-02-28T23:59:59',
    '2026-02-28T23:59:59.Z',
    '2026-02-28T22:59:60Z',
    '2026-02-28T23:59:60+01:00',
    '2026-02-28T23:59:61Z',
    '2026-02-28T23:59:59+8',
    '2026-02-28T24:00:00Z',
    '2026-02-28T23:59:59+24:00',
    '2026-02-28T23:59:59Zulu',
    '2026-2-28T23:59:59Z',
    '2026/02/28T23:59:59Z',
    '2026-02-28T23.59.59Z',
    '+026-02-28T23:59:59Z',
    ' 2026-02-28T23:59:59Z',
  ])('refuses "%s"', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});
