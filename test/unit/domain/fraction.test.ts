// Checks exact arithmetic with the test's own integer arithmetic: a decimal is generated as units and decimals, and
// written by the test.
import { describe, expect, test } from '@jest/globals';
import type { DecimalText } from '../../../src/domain/decimal.ts';
import {
  add,
  type Fraction,
  invert,
  multiply,
  roundHalfEven,
  roundToSignificant,
  toExactDecimal,
  toFraction,
} from '../../../src/domain/fraction.ts';
import fc from '../../support/fast-check.ts';

interface Drawn {
  readonly units: bigint;
  readonly decimals: number;
  readonly text: DecimalText;
}

/** 38 digits and 20 decimals: the longest amounts that providers have shown. */
const drawn: fc.Arbitrary<Drawn> = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.integer({ min: 0, max: 20 }))
  .map(([units, decimals]) => ({ units, decimals, text: written(units, decimals) }));

const positive = drawn.filter(({ units }) => units > 0n);

function written(units: bigint, decimals: number): DecimalText {
  const sign = units < 0n ? '-' : '';
  let digits = (units < 0n ? -units : units).toString();
  while (digits.length <= decimals) digits = `0${digits}`;
  const whole = digits.slice(0, digits.length - decimals);
  return (sign + (decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`)) as DecimalText;
}

/** The value as units of 10^-40, for decimals with at most 40 digits after the point. */
function units40(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(40, '0'));
  return text.startsWith('-') ? -size : size;
}

const fractionOf = (numerator: bigint, denominator: bigint): Fraction => ({ numerator, denominator });

describe('a fraction', () => {
  test('of decimals, added and multiplied, is exact', () => {
    fc.assert(
      fc.property(drawn, drawn, drawn, (a, b, c) => {
        const exact = toExactDecimal(
          add(multiply(toFraction(a.text), toFraction(b.text)), toFraction(c.text)),
        );
        const expected =
          a.units * b.units * 10n ** BigInt(40 - a.decimals - b.decimals) +
          c.units * 10n ** BigInt(40 - c.decimals);
        expect(exact === null ? null : units40(exact)).toBe(expected);
      }),
    );
  });

  test('inverted and multiplied equals division, to the requested digits', () => {
    fc.assert(
      fc.property(drawn, positive, fc.integer({ min: 0, max: 30 }), (amount, price, decimals) => {
        const quotient = multiply(toFraction(amount.text), invert(toFraction(price.text)));
        const rounded = roundHalfEven(quotient, decimals);
        // | rounded - amount / price | <= half a unit, and even where it is just half.
        const scale = 10n ** BigInt(decimals);
        const units = BigInt(rounded.replace('.', ''));
        const left = amount.units * 10n ** BigInt(price.decimals) * scale;
        const right = units * price.units * 10n ** BigInt(amount.decimals);
        const unit = price.units * 10n ** BigInt(amount.decimals);
        const twiceOff = 2n * (left > right ? left - right : right - left);
        expect(twiceOff <= unit).toBe(true);
        if (twiceOff === unit) expect(units % 2n).toBe(0n);
        expect(rounded.split('.')[1]?.length ?? 0).toBe(decimals);
      }),
    );
  });

  test('of 1/3 does not terminate, of 1/8 does', () => {
    expect(toExactDecimal(fractionOf(1n, 3n))).toBeNull();
    expect(toExactDecimal(fractionOf(-1n, 8n))).toBe('-0.125');
    expect(toExactDecimal(fractionOf(300n, 100n))).toBe('3');
    expect(toExactDecimal(fractionOf(0n, 7n))).toBe('0');
  });

  test('has no inverse if it is zero', () => {
    expect(() => invert(fractionOf(0n, 5n))).toThrow(RangeError);
    expect(invert(fractionOf(-2n, 5n))).toEqual(fractionOf(-5n, 2n));
  });
});

describe('rounding', () => {
  test.each([
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['-2.5', 0, '-2'],
    ['-3.5', 0, '-4'],
    ['0.5', 0, '0'],
    ['-0.5', 0, '0'],
    ['1.005', 2, '1.00'],
    ['1.015', 2, '1.02'],
    ['1.0050000000000000001', 2, '1.01'],
    ['-0.001', 2, '0.00'],
    ['7', 3, '7.000'],
    ['12345', -2, '12300'],
    ['12350', -2, '12400'],
  ] as const)('takes %s to %i decimals as %s', (text, decimals, rounded) => {
    expect(roundHalfEven(toFraction(text as DecimalText), decimals)).toBe(rounded);
  });

  test.each([
    [1n, 3n, '0.33333333333333333333'],
    [2n, 3n, '0.66666666666666666667'],
    [1n, 13487n, '0.000074145473418847779343'],
    [10n ** 25n, 3n, '3333333333333333333300000'],
    [99_999_999_999_999_999_999_9n, 10n, '100000000000000000000'],
    [5n, 2n, '2.5'],
    [0n, 9n, '0'],
  ] as const)('takes %i / %i to 20 significant digits as %s', (numerator, denominator, rounded) => {
    expect(roundToSignificant(fractionOf(numerator, denominator), 20)).toBe(rounded);
  });

  test('to significant digits is off by at most half of the last one', () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const text = roundToSignificant(multiply(toFraction(a.text), invert(toFraction(b.text))), 20);
        expect(text.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length).toBeLessThanOrEqual(20);
        // text * b against a, in units of 10^-80: off by 5 in the 21st digit of a at most.
        const [whole = '', fraction = ''] = text.split('.');
        const product =
          BigInt(whole + fraction) * b.units * 10n ** BigInt(160 - fraction.length - b.decimals);
        const exact = a.units * 10n ** BigInt(160 - a.decimals);
        const off = product > exact ? product - exact : exact - product;
        expect(off * 2n * 10n ** 19n <= exact).toBe(true);
      }),
    );
  });
});
