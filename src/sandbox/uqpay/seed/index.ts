import { createWords, type RandomWords } from '../../shared/random.ts';
import { toAccountRecord } from '../account-defaults.ts';
import type { AccountRecord } from '../records.ts';
import type { AccountHolding, Store } from '../store.ts';
import { fillBanking } from './banking.ts';
import { type CompanyPlan, companyPlans, type Volume } from './companies.ts';
import { fillIssuing } from './issuing.ts';
import { fillPayment } from './payment.ts';
import type { Burst } from './timeline.ts';

/** The account that the credentials belong to; the same in every sandbox. */
export const masterAccount: AccountRecord = toAccountRecord(
  {
    account_id: '5f0c2e9a-7b1d-4c36-9a54-2d8e61b3f7c0',
    short_reference_id: 'P240115-HARBOUR1',
    account_name: 'Harbourlight Holdings',
    country: 'SG',
  },
  createWords(1),
);

const bankingRows: Readonly<Record<Volume, number>> = { none: 0, low: 50, middle: 130, high: 320 };
const issuingRows: Readonly<Record<Volume, number>> = { none: 0, low: 40, middle: 90, high: 200 };

const masterBursts: readonly Burst[] = [
  { daysAgo: 41, count: 250 },
  { daysAgo: 11, count: 40 },
  { daysAgo: 102, count: 24 },
  { daysAgo: 160, count: 20, withMilliseconds: true },
  { daysAgo: 283, count: 12 },
];

const seed = 20_260_811;

/**
 * Opens the accounts of the demo data in an empty store: the same companies, ids and amounts at every start, with all
 * times counted back from `nowMs` (epoch milliseconds). Each account is filled when it is first read.
 */
export function openDemo(store: Store, nowMs: number): void {
  const nowSecond = Math.floor(nowMs / 1000);
  store.openAccount(masterAccount, (master) => {
    fillMaster(store, master, nowSecond);
    putSpecialBalances(master);
  });
  companyPlans.forEach((plan, index) => {
    const random = createWords(seed + 1 + index);
    store.openAccount(toCompany(plan, random), (holding) => {
      fillCompany(store, holding, plan, index, nowSecond, random);
      putSpecialBalances(holding);
    });
  });
}

function fillMaster(store: Store, master: AccountHolding, nowSecond: number): void {
  const random = createWords(seed);
  fillBanking(
    store,
    master,
    ['USD', 'EUR', 'SGD', 'GBP', 'HKD', 'CNY', 'JPY', 'AUD', 'CAD', 'CHF'],
    { nowSecond, count: 6400, bursts: masterBursts },
    random,
  );
  fillIssuing(
    store,
    master,
    ['USD', 'SGD', 'EUR', 'HKD'],
    { nowSecond, count: 1300, bursts: [{ daysAgo: 64, count: 35 }] },
    random,
  );
  fillPayment(master, ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'JPY', 'AUD', 'CAD', 'CHF', 'THB', 'KWD'], random);
}

function toCompany(plan: CompanyPlan, random: RandomWords): AccountRecord {
  return toAccountRecord(
    {
      account_name: plan.name,
      country: plan.country,
      business_code: plan.lines,
      status: plan.status,
      verification_status: plan.verification,
      entity_type: plan.entityType,
    },
    random,
  );
}

function fillCompany(
  store: Store,
  holding: AccountHolding,
  plan: CompanyPlan,
  index: number,
  nowSecond: number,
  random: RandomWords,
): void {
  if (plan.lines.includes('BANKING')) {
    const bursts = plan.volume === 'high' ? [{ daysAgo: 20 + index, count: 10 + (index % 15) }] : [];
    fillBanking(
      store,
      holding,
      plan.currencies,
      { nowSecond, count: bankingRows[plan.volume], bursts },
      random,
    );
  }
  if (plan.lines.includes('ISSUING')) {
    // Nothing for 150 days: longer than the 90 days one issuing call may span (reference section 5.3).
    const gap = plan.name === issuingGapName ? { gap: [200, 50] as const } : {};
    const timeline = { nowSecond, count: issuingRows[plan.volume], bursts: [], ...gap };
    fillIssuing(store, holding, plan.currencies, timeline, random);
  }
  if (plan.lines.includes('ACQUIRING')) fillPayment(holding, plan.currencies, random);
}

const issuingGapName = 'Clearwater Fleet Cards';

/** Amounts that break careless clients: trailing zeros, negatives, 20 digits, 20 decimals. */
function putSpecialBalances({ record, balances: { banking, issuing, payment } }: AccountHolding): void {
  switch (record.account_name) {
    case masterAccount.account_name:
      change(banking, 'EUR', { prepaid_balance: '5000.10' });
      change(banking, 'JPY', { margin_balance: '-1' });
      change(issuing, 'SGD', { margin_balance: '2353.250' });
      change(payment, 'KWD', { reserved_balance: '-0.010' });
      break;
    case 'Meridian Precision Instruments':
      change(banking, 'CHF', { available_balance: '12345678901234567890' });
      change(banking, 'USD', { available_balance: '0.12345678901234567891' });
      change(issuing, 'CHF', { available_balance: '98765432109876543210.10', frozen_balance: '0.10' });
      change(issuing, 'EUR', { margin_balance: '0.12345678901234567891' });
      break;
    case 'Copperleaf Trading':
      change(banking, 'USD', { available_balance: '-1520.75', frozen_balance: '-0.01' });
      change(issuing, 'USD', { margin_balance: '-12.50' });
      break;
  }
}

function change<R extends object>(balances: Map<string, R>, currency: string, fields: Partial<R>): void {
  const before = balances.get(currency);
  if (before === undefined) throw new RangeError(`no ${currency} balance in the seed`);
  balances.set(currency, { ...before, ...fields });
}
