import type { ReadBalance } from '../data/balances/balances.ts';
import { encodeAccountId, encodeBalanceId, encodeTransactionId } from '../domain/global-id.ts';
import { type Instant, instantOfMs } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import { signedAmount } from '../domain/signed-amount.ts';

/** The value of a column in a row; `time` writes instants. */
type Column<Row> = (row: Row, time: (instant: Instant | null) => string | null) => string | null;

/** The columns of a transaction, in order; named as the fields of `Transaction`. */
export const transactionColumns: Readonly<Record<string, Column<Transaction>>> = {
  id: (row) =>
    encodeTransactionId({
      ...row,
      createdSecond: row.createdAt.second,
      hasFraction: row.createdAt.nano !== 0,
    }),
  provider: ({ account }) => account.provider,
  accountId: ({ account }) => encodeAccountId(account),
  providerAccountId: ({ account }) => account.providerAccountId,
  ledger: ({ ledger }) => ledger,
  providerTransactionId: ({ providerTransactionId }) => providerTransactionId,
  shortId: ({ shortId }) => shortId,
  type: ({ type }) => type,
  typeRaw: ({ typeRaw }) => typeRaw,
  status: ({ status }) => status,
  direction: ({ direction }) => direction,
  amount: ({ amount }) => amount?.amount ?? null,
  currency: ({ currency }) => currency,
  signedAmount: (row) => signedAmount(row)?.amount ?? null,
  fee: ({ fee }) => fee?.amount ?? null,
  feeCurrency: ({ fee }) => fee?.currency ?? null,
  counterAmount: ({ counterAmount }) => counterAmount?.amount ?? null,
  counterCurrency: ({ counterAmount }) => counterAmount?.currency ?? null,
  exchangeRate: ({ exchangeRate }) => exchangeRate,
  endingBalance: ({ endingBalance }) => endingBalance?.amount ?? null,
  createdAt: ({ createdAt }, time) => time(createdAt),
  completedAt: ({ completedAt }, time) => time(completedAt),
  referenceId: ({ referenceId }) => referenceId,
  channel: ({ channel }) => channel,
  network: ({ network }) => network,
  description: ({ description }) => description,
};

/** The columns of a balance, in order; named as the fields of `Balance`. */
export const balanceColumns: Readonly<Record<string, Column<ReadBalance>>> = {
  id: (row) => encodeBalanceId(row),
  provider: ({ account }) => account.provider,
  accountId: ({ account }) => encodeAccountId(account),
  providerAccountId: ({ account }) => account.providerAccountId,
  ledger: ({ ledger }) => ledger,
  currency: ({ currency }) => currency,
  providerBalanceId: ({ providerBalanceId }) => providerBalanceId,
  available: ({ available }) => available?.amount ?? null,
  total: ({ total }) => total?.amount ?? null,
  pending: ({ pending }) => pending?.amount ?? null,
  payable: ({ payable }) => payable?.amount ?? null,
  reserved: ({ reserved }) => reserved?.amount ?? null,
  frozen: ({ frozen }) => frozen?.amount ?? null,
  margin: ({ margin }) => margin?.amount ?? null,
  prepaid: ({ prepaid }) => prepaid?.amount ?? null,
  status: ({ status }) => status,
  createdAt: ({ createdAt }, time) => time(createdAt),
  lastTradeAt: ({ lastTradeAt }, time) => time(lastTradeAt),
  asOf: ({ asOfMs }, time) => time(instantOfMs(asOfMs)),
};
