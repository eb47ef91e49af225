import { expect, test } from '@jest/globals';
import { minorUnitsOf } from '../../../src/domain/iso-4217.ts';

test.each([
  ['USD', 2],
  ['SGD', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
  // Currencies for which CLDR's digits differ from ISO 4217.
  ['HUF', 2],
  ['IQD', 3],
  ['IRR', 2],
  ['UYW', 4],
])('%s has %i digits', (code, digits) => {
  expect(minorUnitsOf(code)).toBe(digits);
});

test.each(['BTC', 'USDC', 'USDC.e', 'XAU', 'XXX', 'CNH', 'usd', '', 'constructor'])(
  '"%s" has no digits of ISO 4217',
  (code) => {
    expect(minorUnitsOf(code)).toBeNull();
  },
);

// A second source for 150 codes: where `Intl` differs from 2, so does the table, except for currencies whose small
// coins are out of use.
test('agrees with CLDR on every currency except those whose minor units are not used', () => {
  const unused =
    'AFN ALL HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR RSD SLE SOS STN SYP TWD TZS UYW YER COP COU CRC';
  const differing = Intl.supportedValuesOf('currency')
    .filter((code) => minorUnitsOf(code) !== null)
    .filter((code) => {
      const { maximumFractionDigits } = new Intl.NumberFormat('en', {
        style: 'currency',
        currency: code,
      }).resolvedOptions();
      return maximumFractionDigits !== minorUnitsOf(code);
    });
  expect(differing.filter((code) => !unused.split(' ').includes(code))).toEqual([]);
});
