import { upperCaseCodes } from '../../domain/currency-code.ts';
import { type DecimalText, isZero } from '../../domain/decimal.ts';
import type { AccountRef, Balance, Money, Transaction } from '../../domain/model.ts';
import type { TransactionDirection, TransactionStatus } from '../../domain/vocabulary.ts';
import type { WireBalance, WireTransaction } from './wire.ts';

/** A balance of an asset account. Two accounts may hold the same asset, so the id distinguishes them. */
export function toBalance(row: WireBalance, account: AccountRef): Balance {
  // A card sample in the documents writes assets in lower case (reference section 11).
  const currency = upperCaseCodes.read(row.asset);
  const { bSuppressed = null } = row;
  return {
    account,
    ledger: 'ASSET',
    currency,
    providerBalanceId: row.id,
    distinguishingId: row.id,
    available: toMoney(row.availableBalance, currency),
    total: toMoney(row.totalBalance, currency),
    pending: toMoney(row.pendingBalance, currency),
    payable: null,
    reserved: null,
    frozen: null,
    margin: null,
    prepaid: null,
    status: bSuppressed === null ? null : bSuppressed ? 'SUPPRESSED' : 'ACTIVE',
    // Ibanera reports the status as a flag, so there is no text.
    statusRaw: null,
    createdAt: null,
    lastTradeAt: null,
  };
}

/** A transaction of the asset account `assetAccountId`, in the currency of that account (reference section 6). */
export function toTransaction(
  row: WireTransaction,
  account: AccountRef,
  assetAccountId: string,
  currency: string,
): Transaction {
  return {
    account,
    ledger: 'ASSET',
    providerTransactionId: row.id,
    // Nothing says that an id is unique over all asset accounts: the sides of a transfer may share one.
    distinguishingId: assetAccountId,
    shortId: null,
    currency,
    providerBalanceId: assetAccountId,
    // Nothing in the row says why money moved.
    type: 'UNRECOGNIZED',
    typeRaw: '',
    ...toStatus(row),
    direction: toDirection(row.amount),
    amount: toMoney(row.amount, currency),
    fee: null,
    counterAmount: null,
    exchangeRate: null,
    endingBalance: null,
    createdAt: row.datetime,
    completedAt: null,
    referenceId: null,
    channel: null,
    network: null,
    description: row.description,
  };
}

/**
 * Ibanera has flags and no word: rejected takes precedence over completed, and completed over pending (reference
 * section 6).
 */
function toStatus(row: WireTransaction): { status: TransactionStatus; statusRaw: string } {
  if (row.brejected) return { status: 'FAILED', statusRaw: 'bRejected' };
  if (row.bcompleted) return { status: 'COMPLETED', statusRaw: 'bCompleted' };
  return row.bpending
    ? { status: 'PENDING', statusRaw: 'bPending' }
    : { status: 'UNRECOGNIZED', statusRaw: '' };
}

/** Amounts are signed (reference section 6). */
function toDirection(amount: DecimalText | null): TransactionDirection {
  if (amount === null || isZero(amount)) return 'UNSPECIFIED';
  return amount.startsWith('-') ? 'DEBIT' : 'CREDIT';
}

function toMoney(amount: DecimalText | null, currency: string): Money | null {
  return amount === null ? null : { amount, currency };
}
