// The arithmetic that docs/clients.md shows.
import { expect, test } from '@jest/globals';
import { addDecimals, netOf, showMoney } from '../../docs/examples/money.ts';
import fc from '../support/fast-check.ts';

test.each([
  [[], '0'],
  [['0.10', '0.2'], '0.30'],
  [['-0.05', '0.01'], '-0.04'],
  [['12345678901234567890.123450', '-1'], '12345678901234567889.123450'],
  [['5000', '-5000.00'], '0.00'],
])('%j together are %s', (amounts, sum) => {
  expect(addDecimals(amounts)).toBe(sum);
});

test('any amounts are added exactly', () => {
  const cents = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
  const toText = (units: bigint) => {
    const digits = String(units < 0n ? -units : units).padStart(3, '0');
    return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(
    fc.property(fc.array(cents, { minLength: 1 }), (units) => {
      expect(addDecimals(units.map(toText))).toBe(toText(units.reduce((sum, one) => sum + one, 0n)));
    }),
  );
});

test('every digit is shown', () => {
  expect(showMoney({ amount: '12345678901234567890.123450', currency: 'USDC' })).toBe(
    '12,345,678,901,234,567,890.123450 USDC',
  );
  expect(showMoney({ amount: '-5000', currency: 'JPY' })).toBe('-5,000 JPY');
});

test('the net of transactions leaves out those without effect, and is unknown if one of them is', () => {
  const row = (status: string, amount: string | null) => ({
    status,
    signedAmount: amount === null ? null : { amount },
  });
  expect(netOf([row('COMPLETED', '5.50'), row('COMPLETED', '-8'), row('FAILED', '100.001')])).toBe('-2.50');
  expect(netOf([row('COMPLETED', '5.50'), row('PENDING', null)])).toBe('5.50');
  expect(netOf([row('COMPLETED', '5.50'), row('COMPLETED', null)])).toBeNull();
  expect(netOf([])).toBe('0');
});
