import type { RandomWords } from '../../shared/random.ts';
import type { PaymentBalanceRecord } from '../records.ts';
import type { AccountHolding } from '../store.ts';
import { formatMinor, randomMinor } from './amounts.ts';

/** Gives an account one payment balance per currency. */
export function fillPayment(
  holding: AccountHolding,
  currencies: readonly string[],
  random: RandomWords,
): void {
  for (const currency of currencies) {
    const part = (probability: number, dollarsMax: number) =>
      formatMinor(random.chance(probability) ? randomMinor(random, currency, 100, dollarsMax) : 0, currency);
    const balance: PaymentBalanceRecord = {
      balance_id: random.uuid(),
      currency,
      available_balance: part(0.95, 80_000),
      payable_balance: part(0.6, 20_000),
      pending_balance: part(0.8, 15_000),
      reserved_balance: part(0.7, 5000),
      margin_balance: part(0.5, 10_000),
      frozen_balance: part(0.2, 900),
    };
    holding.balances.payment.set(currency, balance);
  }
}
