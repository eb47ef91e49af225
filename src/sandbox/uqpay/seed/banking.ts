import type { RandomWords } from '../../shared/random.ts';
import { formatSecond } from '../instant.ts';
import type { BankingBalanceRecord, BankingTransactionRecord } from '../records.ts';
import type { AccountHolding, Store } from '../store.ts';
import { formatMinor, randomMinor } from './amounts.ts';
import { createTimeline, formatMoment, settle, type TimelinePlan } from './timeline.ts';

interface Flow {
  readonly type: string;
  readonly direction: 'C' | 'D' | 'either';
  readonly dollars: readonly [number, number];
  readonly weight: number;
}

const flows: readonly [Flow, ...Flow[]] = [
  { type: 'PAYIN', direction: 'C', dollars: [20, 4000], weight: 18 },
  { type: 'DEPOSIT', direction: 'C', dollars: [200, 40000], weight: 20 },
  { type: 'PAYOUT', direction: 'D', dollars: [50, 20000], weight: 26 },
  { type: 'TRANSFER', direction: 'either', dollars: [100, 8000], weight: 10 },
  { type: 'CONVERSION', direction: 'either', dollars: [500, 30000], weight: 8 },
  { type: 'FEE', direction: 'D', dollars: [0.5, 40], weight: 10 },
  { type: 'REFUND', direction: 'C', dollars: [5, 600], weight: 4 },
  { type: 'ADJUSTMENT', direction: 'either', dollars: [0.01, 50], weight: 2 },
  { type: 'INVOICE', direction: 'D', dollars: [80, 5000], weight: 2 },
];
const weightTotal = flows.reduce((sum, { weight }) => sum + weight, 0);
/** A type that no document names, so that clients meet one. */
const unknownFlow: Flow = { type: 'CASHBACK', direction: 'C', dollars: [1, 30], weight: 0 };

/** Fills the banking ledger of one account, and its balances, which match the completed rows. */
export function fillBanking(
  store: Store,
  holding: AccountHolding,
  currencies: readonly [string, ...string[]],
  plan: TimelinePlan,
  random: RandomWords,
): void {
  const balanceIds = new Map(currencies.map((currency) => [currency, random.uuid()]));
  const running = new Map(currencies.map((currency) => [currency, { sum: 0, lowest: 0, lastTime: '' }]));
  createTimeline(plan, random).forEach((moment, rowIndex) => {
    const currency = moment.inBurst || random.chance(0.5) ? currencies[0] : random.pick(currencies);
    const flow = moment.inBurst ? flows[2] : rowIndex % 307 === 23 ? unknownFlow : pickFlow(random);
    const { type, direction, dollars } = flow ?? unknownFlow;
    const isCredit = direction === 'either' ? random.chance(0.5) : direction === 'C';
    const minor = randomMinor(random, currency, ...dollars);
    const create_time = formatMoment(moment);
    const secondsToCompleteMax = type === 'PAYOUT' ? 2 * 24 * 3600 : 90;
    const row: BankingTransactionRecord = {
      transaction_id: random.uuid(),
      balance_id: balanceIds.get(currency) ?? '',
      account_id: holding.record.account_id,
      transaction_type: type,
      currency,
      amount: formatMinor(minor, currency),
      credit_debit_type: isCredit ? 'C' : 'D',
      create_time,
      ...settle(moment, rowIndex, plan.nowSecond, secondsToCompleteMax, random),
      reference_id: random.uuid(),
      transaction_way: random.pick(['API', 'API', 'API', 'WEB', '']),
      ...(type === 'PAYOUT' ? { payout_way: random.pick(['LOCAL', 'SWIFT']) } : {}),
    };
    store.addTransaction('banking', row);
    const state = running.get(currency);
    if (state === undefined) return;
    state.lastTime = create_time;
    if (row.transaction_status !== 'COMPLETED') return;
    state.sum += isCredit ? minor : -minor;
    state.lowest = Math.min(state.lowest, state.sum);
  });
  for (const [currency, { sum, lowest, lastTime }] of running) {
    const create_time = formatSecond(plan.nowSecond - (366 + random.integer(1, 300)) * 24 * 3600);
    const opening = randomMinor(random, currency, 100, 90_000) - lowest;
    const balance: BankingBalanceRecord = {
      balance_id: balanceIds.get(currency) ?? '',
      currency,
      available_balance: formatMinor(opening + sum, currency),
      prepaid_balance: formatMinor(random.chance(0.2) ? randomMinor(random, currency, 10, 900) : 0, currency),
      margin_balance: formatMinor(random.chance(0.4) ? randomMinor(random, currency, 10, 2000) : 0, currency),
      frozen_balance: formatMinor(random.chance(0.3) ? randomMinor(random, currency, 1, 500) : 0, currency),
      create_time,
      last_trade_time: lastTime === '' ? create_time : lastTime,
      balance_status: random.chance(0.94) ? 'ACTIVE' : random.pick(['PENDING', 'PROCESSING']),
    };
    holding.balances.banking.set(currency, balance);
  }
}

function pickFlow(random: RandomWords): Flow {
  let left = random.fraction() * weightTotal;
  for (const flow of flows) {
    left -= flow.weight;
    if (left < 0) return flow;
  }
  return flows[0];
}
