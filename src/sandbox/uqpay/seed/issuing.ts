import type { RandomWords } from '../../shared/random.ts';
import { formatSecond } from '../instant.ts';
import type { IssuingBalanceRecord, IssuingTransactionRecord } from '../records.ts';
import type { AccountHolding, Store } from '../store.ts';
import { issuingTypes } from '../vocabulary.ts';
import { formatMinor, randomMinor } from './amounts.ts';
import { createTimeline, formatMoment, settle, type TimelinePlan } from './timeline.ts';

const merchants: readonly [string, ...string[]] = [
  'Cloudberry Hosting',
  'Harbour Street Bakery',
  'Nimbus Air',
  'Greenline Taxi',
  'Paperclip Office Supply',
  'Lighthouse Hotels',
  'Orbit Mobile',
  'Field & Fork',
  'Beacon Ads',
  'Rail & River',
  'Tinker Hardware',
  'Blue Door Coworking',
];

/** The most common types; the others are drawn rarely, with a plain description. */
const commonTypes: readonly [string, ...string[]] = [
  'ISSUING_AUTHORIZATION',
  'ISSUING_AUTHORIZATION',
  'ISSUING_AUTHORIZATION',
  'SETTLEMENT_DEBIT',
  'SETTLEMENT_DEBIT',
  'ISSUING_REVERSAL',
  'ISSUING_REFUND',
  'CARD_RECHARGE',
  'FEE',
];

const creditTypes = new Set([
  'DEPOSIT',
  'TRANSFER_IN',
  'ISSUING_REVERSAL',
  'ISSUING_REFUND',
  'CARD_WITHDRAW',
  'SETTLEMENT_CREDIT',
  'SETTLEMENT_REVERSAL',
  'REFUND',
  'FUNDS_TRANSFER_IN',
  'FEE_REFUND',
  'MARGIN_REFUND',
]);

/** Fills the issuing ledger of one account, and its balances; each balance is the ending balance of the last row. */
export function fillIssuing(
  store: Store,
  holding: AccountHolding,
  currencies: readonly [string, ...string[]],
  plan: TimelinePlan,
  random: RandomWords,
): void {
  const wallets = new Map(
    currencies.map((currency) => [
      currency,
      { balanceId: random.uuid(), minor: randomMinor(random, currency, 20_000, 60_000), lastTime: '' },
    ]),
  );
  createTimeline(plan, random).forEach((moment, rowIndex) => {
    const currency = random.chance(0.6) ? currencies[0] : random.pick(currencies);
    const wallet = wallets.get(currency);
    if (wallet === undefined) return;
    // A wallet that runs low gets a deposit, so that it stays above zero.
    const isLow = wallet.minor < randomMinor(random, currency, 1000, 1001);
    const type = isLow ? 'DEPOSIT' : pickType(rowIndex, random);
    const isCredit = creditTypes.has(type);
    const [dollarsMin, dollarsMax] = dollarsOf(type);
    const size = randomMinor(random, currency, dollarsMin, dollarsMax);
    const minor = isCredit ? size : -size;
    const settled = settle(moment, rowIndex, plan.nowSecond, 2 * 24 * 3600, random);
    if (settled.transaction_status === 'COMPLETED') wallet.minor += minor;
    wallet.lastTime = formatMoment(moment);
    const row: IssuingTransactionRecord = {
      transaction_id: random.uuid(),
      short_transaction_id: random.shortReference('T'),
      account_id: holding.record.account_id,
      balance_id: wallet.balanceId,
      transaction_type: type,
      currency,
      amount: formatMinor(minor, currency),
      ending_balance: formatMinor(wallet.minor, currency),
      create_time: wallet.lastTime,
      ...settled,
      description: describe(type, random),
    };
    store.addTransaction('issuing', row);
  });
  for (const [currency, { balanceId, minor, lastTime }] of wallets) {
    const create_time = formatSecond(plan.nowSecond - (366 + random.integer(1, 200)) * 24 * 3600);
    const balance: IssuingBalanceRecord = {
      balance_id: balanceId,
      currency,
      available_balance: formatMinor(minor, currency),
      margin_balance: formatMinor(randomMinor(random, currency, 100, 5000), currency),
      frozen_balance: formatMinor(random.chance(0.5) ? randomMinor(random, currency, 1, 900) : 0, currency),
      create_time,
      last_trade_time: lastTime === '' ? create_time : lastTime,
      balance_status: 'ACTIVE',
    };
    holding.balances.issuing.set(currency, balance);
  }
}

function dollarsOf(type: string): readonly [number, number] {
  if (type === 'DEPOSIT') return [3000, 20_000];
  return type.startsWith('FEE') ? [0.5, 15] : [0.8, 700];
}

function pickType(rowIndex: number, random: RandomWords): string {
  if (rowIndex % 199 === 41) return 'CARD_GIFT';
  return random.chance(0.85) ? random.pick(commonTypes) : random.pick(issuingTypes);
}

function describe(type: string, random: RandomWords): string {
  const merchant = random.pick(merchants);
  switch (type) {
    case 'ISSUING_AUTHORIZATION':
      return `Card payment at ${merchant}`;
    case 'SETTLEMENT_DEBIT':
      return `Settled card payment at ${merchant}`;
    case 'ISSUING_REVERSAL':
    case 'SETTLEMENT_REVERSAL':
      return `Reversal by ${merchant}`;
    case 'ISSUING_REFUND':
    case 'REFUND':
    case 'SETTLEMENT_CREDIT':
      return `Refund from ${merchant}`;
    case 'CARD_RECHARGE':
      return `Top-up of card ending ${random.digits(4)}`;
    case 'CARD_WITHDRAW':
      return `Taken back from card ending ${random.digits(4)}`;
    case 'DEPOSIT':
      return 'Deposit from global account';
    case 'FEE':
    case 'FEE_DEDUCTION':
      return 'Monthly card fee';
    default:
      return `${type.charAt(0)}${type.slice(1).toLowerCase().replaceAll('_', ' ')}`;
  }
}
