import type { DecimalText } from './decimal.ts';
import type { Instant } from './instant.ts';
import type {
  AccountStatus,
  BalanceStatus,
  Ledger,
  ProviderCode,
  TransactionDirection,
  TransactionStatus,
  TransactionType,
} from './vocabulary.ts';

/** Refers to an account: a provider, and the provider's identifier; null for the master account. */
export interface AccountRef {
  readonly provider: ProviderCode;
  readonly providerAccountId: string | null;
}

/** An amount in one currency or asset. */
export interface Money {
  readonly amount: DecimalText;
  readonly currency: string;
}

/** An account at a provider. Plain data: it can be stored and sent. */
export interface Account {
  readonly ref: AccountRef;
  /**
   * The identifier to show: the provider's own. For a master account it is what the provider calls it, else `master`.
   */
  readonly providerAccountId: string;
  readonly shortReference: string | null;
  readonly name: string | null;
  readonly country: string | null;
  readonly status: AccountStatus | null;
  readonly statusRaw: string | null;
  /** Ledgers the account has; null when the provider does not say. */
  readonly ledgers: readonly Ledger[] | null;
}

/** The amounts of a balance. */
export const balanceAmounts = [
  'available',
  'total',
  'pending',
  'payable',
  'reserved',
  'frozen',
  'margin',
  'prepaid',
] as const;
export type BalanceAmount = (typeof balanceAmounts)[number];

/** The balance of an account in one currency and ledger. Amounts that the provider does not report are null. */
export interface Balance extends Readonly<Record<BalanceAmount, Money | null>> {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly currency: string;
  readonly providerBalanceId: string | null;
  /** Part of the identity where a ledger can hold a currency twice; null elsewhere. */
  readonly distinguishingId: string | null;
  readonly status: BalanceStatus | null;
  readonly statusRaw: string | null;
  readonly createdAt: Instant | null;
  readonly lastTradeAt: Instant | null;
}

/** One movement on a balance. */
export interface Transaction {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly providerTransactionId: string;
  /** Part of the identity where two rows of a ledger may have one `providerTransactionId`; null elsewhere. */
  readonly distinguishingId: string | null;
  readonly shortId: string | null;
  /** Currency of the balance it moved; set even when `amount` is null. */
  readonly currency: string;
  /** The provider's identifier of the balance it moved, if the provider gives one. */
  readonly providerBalanceId: string | null;
  readonly type: TransactionType;
  readonly typeRaw: string;
  readonly status: TransactionStatus;
  readonly statusRaw: string;
  readonly direction: TransactionDirection;
  readonly amount: Money | null;
  /** Set if the sign of `amount` was shown to be its effect on the balance, although `direction` is UNSPECIFIED. */
  readonly signIsEffect?: true;
  /** Fee of the network or provider, if stated separately from `amount`; may be in another currency. */
  readonly fee: Money | null;
  /** The other side of an exchange. */
  readonly counterAmount: Money | null;
  /** Units of `counterAmount`'s currency for one unit of `amount`'s. */
  readonly exchangeRate: DecimalText | null;
  readonly endingBalance: Money | null;
  readonly createdAt: Instant;
  readonly completedAt: Instant | null;
  readonly referenceId: string | null;
  readonly channel: string | null;
  /** The payment or blockchain network, as the provider names it. */
  readonly network: string | null;
  readonly description: string | null;
}
