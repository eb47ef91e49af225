import { expect, test } from '@jest/globals';
import type { DecimalText } from '../../../src/domain/decimal.ts';
import {
  addDecimals,
  compareDecimals,
  DecimalSum,
  negateDecimal,
  subtractDecimals,
} from '../../../src/domain/decimal-sum.ts';
import fc from '../../support/fast-check.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: 0, max: 20 }))
  .map(([units, decimals]) => ({ units, decimals, text: textOf(units, decimals) }));

function textOf(units: bigint, decimals: number): DecimalText {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${units < 0n ? '-' : ''}${whole}${fraction}` as DecimalText;
}

test('a sum is exact, whatever the decimal places of its parts', () => {
  fc.assert(
    fc.property(fc.array(decimal), (parts) => {
      const sum = new DecimalSum();
      for (const { text } of parts) sum.add(text);
      const most = Math.max(0, ...parts.map(({ decimals }) => decimals));
      const units = parts.reduce(
        (total, part) => total + part.units * 10n ** BigInt(most - part.decimals),
        0n,
      );
      expect(sum.text).toBe(textOf(units, most));
    }),
  );
});

test('addition, subtraction and comparison agree', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const difference = subtractDecimals(a.text, b.text);
      expect(compareDecimals(addDecimals(difference, b.text), a.text)).toBe(0);
      expect(Math.sign(compareDecimals(a.text, b.text))).toBe(-Math.sign(compareDecimals(b.text, a.text)));
      expect(negateDecimal(negateDecimal(a.text))).toBe(a.text);
    }),
  );
});
