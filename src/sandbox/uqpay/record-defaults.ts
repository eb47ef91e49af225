import { isDecimalText } from '../shared/exact-json.ts';
import type { RandomWords } from '../shared/random.ts';
import type {
  BalanceRecords,
  BankingTransactionRecord,
  IssuingTransactionRecord,
  Line,
  TransactionRecords,
} from './records.ts';
import type { AccountHolding } from './store.ts';

/** Source of default values: new ids, and the current time as text. */
export interface DefaultSource {
  readonly random: RandomWords;
  readonly nowText: string;
}

const amountsOfLine = {
  banking: ['available_balance', 'prepaid_balance', 'margin_balance', 'frozen_balance'],
  issuing: ['available_balance', 'margin_balance', 'frozen_balance'],
  payment: [
    'available_balance',
    'payable_balance',
    'pending_balance',
    'reserved_balance',
    'margin_balance',
    'frozen_balance',
  ],
} as const;

/**
 * The balance with `fields` over `before`, or over zeros if there was none. Throws RangeError if an amount is not a
 * decimal.
 */
export function toBalanceRecord<L extends Line>(
  line: L,
  currency: string,
  before: BalanceRecords[L] | undefined,
  fields: Partial<BalanceRecords[L]>,
  { random, nowText }: DefaultSource,
): BalanceRecords[L] {
  const zeros = Object.fromEntries(amountsOfLine[line].map((name) => [name, '0.00']));
  const times = { create_time: nowText, last_trade_time: nowText, balance_status: 'ACTIVE' };
  const fresh = { balance_id: random.uuid(), currency, ...zeros, ...(line === 'payment' ? {} : times) };
  const record: Record<string, unknown> = { ...(before ?? fresh), ...fields, currency };
  for (const name of amountsOfLine[line]) requireDecimal(name, record[name]);
  return record as unknown as BalanceRecords[L];
}

/** A complete banking row: by default 10.00 USD paid in now. */
function toBankingTransaction(
  holding: AccountHolding,
  row: Partial<BankingTransactionRecord>,
  { random, nowText }: DefaultSource,
): BankingTransactionRecord {
  const currency = row.currency ?? 'USD';
  const create_time = row.create_time ?? nowText;
  const record = {
    transaction_id: random.uuid(),
    balance_id: holding.balances.banking.get(currency)?.balance_id ?? random.uuid(),
    account_id: holding.record.account_id,
    transaction_type: 'DEPOSIT',
    currency,
    amount: '10.00',
    credit_debit_type: 'C',
    complete_time: row.transaction_status === 'PENDING' ? null : create_time,
    reference_id: random.uuid(),
    transaction_status: 'COMPLETED',
    transaction_way: 'API',
    ...row,
    create_time,
  };
  requireDecimal('amount', record.amount);
  return record;
}

/** A complete issuing row: by default 10.00 USD paid in now. */
function toIssuingTransaction(
  holding: AccountHolding,
  row: Partial<IssuingTransactionRecord>,
  { random, nowText }: DefaultSource,
): IssuingTransactionRecord {
  const currency = row.currency ?? 'USD';
  const create_time = row.create_time ?? nowText;
  const record = {
    transaction_id: random.uuid(),
    short_transaction_id: random.shortReference('T'),
    account_id: holding.record.account_id,
    balance_id: holding.balances.issuing.get(currency)?.balance_id ?? random.uuid(),
    transaction_type: 'DEPOSIT',
    currency,
    amount: '10.00',
    ending_balance: '10.00',
    complete_time: row.transaction_status === 'PENDING' ? null : create_time,
    transaction_status: 'COMPLETED',
    description: 'Deposit',
    ...row,
    create_time,
  };
  requireDecimal('amount', record.amount);
  requireDecimal('ending_balance', record.ending_balance);
  return record;
}

/** Creates a complete row, for each line that has a transaction list. */
export const toTransactionRecord: {
  readonly [L in keyof TransactionRecords]: (
    holding: AccountHolding,
    row: Partial<TransactionRecords[L]>,
    source: DefaultSource,
  ) => TransactionRecords[L];
} = { banking: toBankingTransaction, issuing: toIssuingTransaction };

function requireDecimal(name: string, value: unknown): void {
  if (typeof value !== 'string' || !isDecimalText(value)) {
    throw new RangeError(`${name} must be decimal text such as "12.50", not ${JSON.stringify(value)}`);
  }
}
