import { type CurrencyCodes, upperCaseCodes } from '../../domain/currency-code.ts';
import { type DecimalText, isZero } from '../../domain/decimal.ts';
import type { AccountRef, Balance, Money, Transaction } from '../../domain/model.ts';
import type { TransactionDirection, TransactionStatus, TransactionType } from '../../domain/vocabulary.ts';
import type { WireBalance, WireTransaction } from './wire.ts';

/** The only documented account type (reference section 3). */
const knownAccountType = 'Current';

export function toBalance(row: WireBalance, account: AccountRef, codes: CurrencyCodes): Balance {
  const currency = codes.read(row.CryptoCurrency);
  return {
    account,
    ledger: 'CURRENT',
    currency,
    providerBalanceId: null,
    // Type and asset identify a balance: one of another type must not pass for the one of this type.
    distinguishingId: row.AccountType === knownAccountType ? null : row.AccountType,
    available: toMoney(row.Available, currency),
    total: toMoney(row.Total, currency),
    // NOAH does not report it; total minus available would be an inference (reference section 11).
    pending: null,
    payable: null,
    reserved: null,
    frozen: null,
    margin: null,
    prepaid: null,
    status: null,
    statusRaw: null,
    createdAt: null,
    lastTradeAt: null,
  };
}

export function toTransaction(row: WireTransaction, account: AccountRef, codes: CurrencyCodes): Transaction {
  const currency = codes.read(row.CryptoCurrency);
  const statusRaw = row.Status ?? '';
  return {
    account,
    ledger: 'CURRENT',
    providerTransactionId: row.ID,
    distinguishingId: null,
    shortId: null,
    currency,
    providerBalanceId: null,
    ...toType(row),
    status: statuses.get(statusRaw.toLowerCase()) ?? 'UNRECOGNIZED',
    statusRaw,
    direction: toDirection(row),
    amount: toMoney(row.Amount, currency),
    ...toExchange(row),
    endingBalance: null,
    createdAt: row.Created,
    completedAt: null,
    referenceId: row.ExternalID,
    channel: null,
    network: row.Network,
    description: null,
  };
}

/** Reference section 4, in lower case; any case is accepted. */
const statuses: ReadonlyMap<string, TransactionStatus> = new Map([
  ['pending', 'PENDING'],
  ['settled', 'COMPLETED'],
  ['failed', 'FAILED'],
]);
const directions: ReadonlyMap<string, TransactionDirection> = new Map([
  ['in', 'CREDIT'],
  ['out', 'DEBIT'],
]);

function toDirection({ Direction }: WireTransaction): TransactionDirection {
  return directions.get((Direction ?? '').toLowerCase()) ?? 'UNSPECIFIED';
}

/**
 * NOAH does not say why money moved. What it does say is kept as the raw type: that the row adjusts another
 * (`AdjustmentFor`), that fiat was bought or sold for it (`FiatPayment`), else only `In` or `Out`.
 */
function toType(row: WireTransaction): { readonly type: TransactionType; readonly typeRaw: string } {
  if (row.AdjustmentFor) return { type: 'ADJUSTMENT', typeRaw: 'AdjustmentFor' };
  if (row.FiatPayment) return { type: 'CONVERSION', typeRaw: 'FiatPayment' };
  const typeRaw = row.Direction ?? '';
  const direction = toDirection(row);
  if (direction === 'UNSPECIFIED') return { type: 'UNRECOGNIZED', typeRaw };
  return { type: direction === 'CREDIT' ? 'TRANSFER_IN' : 'TRANSFER_OUT', typeRaw };
}

/**
 * `Amount` excludes `NetworkFee`. `FiatPayment` is the other side of the exchange, with a fee of its own and the rate
 * in fiat for one unit of the asset (reference section 4). Two fees in two currencies do not add up: the network's fee
 * comes first, unless it is zero.
 */
function toExchange(row: WireTransaction): Pick<Transaction, 'fee' | 'counterAmount' | 'exchangeRate'> {
  const { FiatPayment: payment } = row;
  const networkFee = toMoney(row.NetworkFee, row.CryptoCurrency);
  const paymentFee = toFiat(payment?.FeeAmount ?? null, payment);
  const fees = [networkFee, paymentFee].filter((fee) => fee !== null);
  return {
    fee: fees.find(({ amount }) => !isZero(amount)) ?? fees[0] ?? null,
    counterAmount: toFiat(payment?.Amount ?? null, payment),
    exchangeRate: payment?.Rate ?? null,
  };
}

function toFiat(amount: DecimalText | null, payment: WireTransaction['FiatPayment']): Money | null {
  const currency = payment?.FiatCurrency ?? null;
  return currency === null ? null : toMoney(amount, upperCaseCodes.read(currency));
}

function toMoney(amount: DecimalText | null, currency: string): Money | null {
  return amount === null ? null : { amount, currency };
}
