import type { DecimalText } from '../../domain/decimal.ts';
import type { Account, AccountRef, Balance, Money, Transaction } from '../../domain/model.ts';
import {
  accountStatuses,
  balanceStatuses,
  type Ledger,
  recognise,
  type TransactionDirection,
  transactionStatuses,
  transactionTypes,
} from '../../domain/vocabulary.ts';
import type { TokenClaims } from './claims.ts';
import type { WireAccount, WireBalance, WireTransaction } from './wire.ts';

/** Business code of each ledger (reference section 3.1). */
const businessCodes: readonly (readonly [ledger: Ledger, code: string])[] = [
  ['BANKING', 'BANKING'],
  ['ISSUING', 'ISSUING'],
  ['PAYMENT', 'ACQUIRING'],
];

export function toAccount(row: WireAccount): Account {
  const codes = row.business_code.map((code) => code.trim().toUpperCase());
  const known = businessCodes.filter(([, code]) => codes.includes(code)).map(([ledger]) => ledger);
  return {
    ref: { provider: 'UQPAY', providerAccountId: row.account_id },
    providerAccountId: row.account_id,
    shortReference: row.short_reference_id,
    name: row.account_name,
    country: row.country,
    status: row.status === null ? null : recognise(accountStatuses, row.status),
    statusRaw: row.status,
    ledgers: codes.length === 0 ? null : known,
  };
}

/** The account that the credentials belong to; only its token describes it. */
export function toMasterAccount(claims: TokenClaims): Account {
  return {
    ref: { provider: 'UQPAY', providerAccountId: null },
    providerAccountId: claims.entityId ?? 'master',
    shortReference: claims.shortEntityId,
    name: null,
    country: null,
    status: null,
    statusRaw: null,
    ledgers: null,
  };
}

export function toBalance(row: WireBalance, account: AccountRef, ledger: Ledger): Balance {
  const { currency } = row;
  return {
    account,
    ledger,
    currency,
    providerBalanceId: row.balance_id,
    distinguishingId: null,
    available: toMoney(row.available_balance, currency),
    total: null,
    pending: toMoney(row.pending_balance, currency),
    payable: toMoney(row.payable_balance, currency),
    reserved: toMoney(row.reserved_balance, currency),
    frozen: toMoney(row.frozen_balance, currency),
    margin: toMoney(row.margin_balance, currency),
    prepaid: toMoney(row.prepaid_balance, currency),
    status: row.balance_status === null ? null : recognise(balanceStatuses, row.balance_status),
    statusRaw: row.balance_status,
    createdAt: row.create_time,
    lastTradeAt: row.last_trade_time,
  };
}

export function toTransaction(row: WireTransaction, account: AccountRef, ledger: Ledger): Transaction {
  const typeRaw = row.transaction_type ?? '';
  const statusRaw = row.transaction_status ?? '';
  // Documented issuing rows have neither member (reference section 5.3), and filters rely on that: none is returned.
  const isBanking = ledger === 'BANKING';
  return {
    account,
    ledger,
    providerTransactionId: row.transaction_id,
    distinguishingId: null,
    shortId: row.short_transaction_id,
    currency: row.currency,
    providerBalanceId: row.balance_id,
    type: recognise(transactionTypes, typeRaw),
    typeRaw,
    status: recognise(transactionStatuses, statusRaw),
    statusRaw,
    direction: isBanking ? toDirection(row.credit_debit_type) : 'UNSPECIFIED',
    amount: toMoney(row.amount, row.currency),
    fee: null,
    counterAmount: null,
    exchangeRate: null,
    endingBalance: toMoney(row.ending_balance, row.currency),
    createdAt: row.create_time,
    completedAt: row.complete_time,
    referenceId: isBanking ? row.reference_id : null,
    channel: row.transaction_way,
    network: null,
    description: row.description,
  };
}

function toMoney(amount: DecimalText | null, currency: string): Money | null {
  return amount === null ? null : { amount, currency };
}

/** Only the banking ledger states a direction; neither sign nor type may be read as one (reference section 5.3). */
function toDirection(creditDebitType: string | null): TransactionDirection {
  const word = creditDebitType?.trim().toUpperCase();
  return word === 'C' ? 'CREDIT' : word === 'D' ? 'DEBIT' : 'UNSPECIFIED';
}
