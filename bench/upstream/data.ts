// The data behind the simulation of UQPAY: rows in the format of the public API reference, computed by formula, the
// same in every process.

export interface BalanceRow {
  readonly balance_id: string;
  readonly currency: string;
  readonly available_balance: string;
  readonly [part: string]: string;
}

export interface TransactionRow {
  readonly transaction_id: string;
  readonly balance_id: string;
  readonly account_id: string;
  readonly transaction_type: string;
  readonly currency: string;
  readonly amount: string;
  readonly credit_debit_type: string;
  readonly create_time: string;
  readonly complete_time: string;
  readonly reference_id: string;
  readonly transaction_status: string;
  readonly transaction_way: string;
}

export interface AccountRow {
  readonly account_id: string;
  readonly account_name: string;
  readonly [field: string]: unknown;
}

export const credential = { clientId: 'bench-client', apiKey: 'bench-key' };
export const masterAccountId = uuid(0xa0, 0);
/** An account for each connection of the load generator: the last ones of the list. */
export const laneAccounts = Array.from({ length: 32 }, (_, index) => uuid(0xa2, index));
/** Number of connected accounts, as for a platform. */
export const accountCount = 800;
/** Accounts that are paged through: all others. */
export const pagedAccounts = Array.from({ length: accountCount - laneAccounts.length }, (_, index) =>
  uuid(0xa1, index),
);
const paged = new Set(pagedAccounts);

/** Rows of every account's banking ledger: 400 pages of 25. */
export const transactionCount = 10_000;
/** One row every half minute; this is the newest. */
const newestSecond = Date.UTC(2026, 3, 30, 12) / 1_000;
const stepSeconds = 30;

const bankingCurrencies = ['USD', 'EUR', 'GBP', 'SGD', 'HKD'];
const paymentCurrencies = ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'CNY', 'JPY', 'AUD', 'CAD', 'CHF'];
const types = ['DEPOSIT', 'PAYOUT', 'TRANSFER', 'CONVERSION', 'FEE'];
const amounts = ['12.50', '-0.01', '98765432109876543.21', '1000', '7.770'];

export function bankingBalances(accountId: string): readonly BalanceRow[] {
  // Three each on the pages of accounts, five for rows with their balance.
  const currencies = paged.has(accountId) ? bankingCurrencies.slice(0, 3) : bankingCurrencies;
  return currencies.map((currency, index) => ({
    balance_id: uuid(0xb0, index),
    currency,
    available_balance: `${1_000 + index}.${currency.charCodeAt(0)}0`,
    prepaid_balance: '0.00',
    margin_balance: '25.00',
    frozen_balance: '0.00',
    create_time: '2026-02-03T09:15:00Z',
    last_trade_time: '2026-04-30T12:00:00Z',
    balance_status: 'ACTIVE',
  }));
}

export function paymentBalances(): readonly BalanceRow[] {
  return paymentCurrencies.map((currency, index) => ({
    balance_id: uuid(0xb1, index),
    currency,
    available_balance: `${2_000 + index}.${currency.charCodeAt(1)}`,
    payable_balance: '1.00',
    pending_balance: '2.00',
    reserved_balance: '3.00',
    margin_balance: '4.00',
    frozen_balance: '0.00',
  }));
}

/** Newest first: the row at `rowIndex`, from 0. */
export function transactionAt(accountId: string, rowIndex: number): TransactionRow {
  const second = newestSecond - rowIndex * stepSeconds;
  return {
    transaction_id: uuid(0xc0, rowIndex),
    balance_id: uuid(0xb0, rowIndex % 3),
    account_id: accountId,
    transaction_type: types[rowIndex % types.length] as string,
    currency: currencyAt(accountId, rowIndex),
    amount: amounts[rowIndex % amounts.length] as string,
    credit_debit_type: rowIndex % 2 === 0 ? 'C' : 'D',
    // With offset Z, so that servers that pass times through and servers that parse them write the same.
    create_time: timeText(second),
    complete_time: timeText(second + 3),
    reference_id: uuid(0xc1, rowIndex),
    transaction_status: 'COMPLETED',
    transaction_way: 'API',
  };
}

/** Index of the newest row at or before a second. */
export function firstIndexUpTo(second: number): number {
  return Math.max(0, Math.ceil((newestSecond - second) / stepSeconds));
}

export function accountRow(accountId: string): AccountRow {
  return {
    account_id: accountId,
    short_reference_id: accountId.slice(-6),
    business_code: ['BANKING', 'ACQUIRING'],
    email: 'someone@example.invalid',
    account_name: `Account ${accountId.slice(-4)}`,
    country: 'SG',
    status: 'ACTIVE',
    verification_status: 'APPROVED',
    entity_type: 'COMPANY',
  };
}

function currencyAt(accountId: string, rowIndex: number): string {
  const currencies = paged.has(accountId) ? 3 : bankingCurrencies.length;
  return bankingCurrencies[rowIndex % currencies] as string;
}

function timeText(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}

function uuid(kind: number, index: number): string {
  return `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}
