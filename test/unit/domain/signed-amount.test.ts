import { describe, expect, test } from '@jest/globals';
import { signedAmount } from '../../../src/domain/signed-amount.ts';
import type { TransactionDirection } from '../../../src/domain/vocabulary.ts';
import { money } from '../../support/fake-provider.ts';
import fc from '../../support/fast-check.ts';

const signed = (amount: string, direction: TransactionDirection) =>
  signedAmount({ amount: money(amount, 'USD'), direction })?.amount ?? null;

describe('the signed amount', () => {
  test.each([
    ['12.50', 'CREDIT', '12.50'],
    ['12.50', 'DEBIT', '-12.50'],
    // The meaning of a sign beside the direction is not documented.
    ['-12.50', 'DEBIT', '-12.50'],
    ['-12.50', 'CREDIT', '12.50'],
    ['12.50', 'UNSPECIFIED', null],
    ['-12.50', 'UNSPECIFIED', null],
    ['0.00', 'UNSPECIFIED', '0.00'],
    ['-0.00', 'CREDIT', '0.00'],
    ['0', 'DEBIT', '0'],
  ] as const)('of %s, direction %s, is %s', (amount, direction, expected) => {
    expect(signed(amount, direction)).toBe(expected);
  });

  test('is unknown if the amount is', () => {
    expect(signedAmount({ amount: null, direction: 'DEBIT' })).toBeNull();
  });

  test('keeps every digit and the currency', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,25}(\.\d{1,20})?$/);
    fc.assert(
      fc.property(digits, (text) => {
        expect(signed(text, 'CREDIT')).toBe(text);
        expect(signed(text, 'DEBIT')).toBe(`-${text}`);
        expect(signedAmount({ amount: money(text, 'ETH'), direction: 'DEBIT' })?.currency).toBe('ETH');
      }),
    );
  });
});
