/* Written by npm run codegen from schema.graphql. Do not edit. */
import type { Instant } from '../domain/instant.ts';
import type { DecimalText } from '../domain/decimal.ts';
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { ProviderCode as ProviderWord } from '../domain/vocabulary.ts';
import type { Provider as ConnectedProvider } from '../ports/provider.ts';
import type { Account as ReadAccount, Transaction as ReadTransaction } from '../domain/model.ts';
import type { AccountPage, RowEdge, Page } from '../graphql/models.ts';
import type { ReadBalance } from '../data/balances/balances.ts';
import type { BalancePage } from '../data/balances/balance-list.ts';
import type { BalanceTotals as ReadTotals } from '../data/totals/balance-totals.ts';
import type { ConvertedTotal as ReadConvertedTotal } from '../data/totals/converted-total.ts';
import type { ExchangeRate as PublishedRate } from '../domain/exchange-rate.ts';
import type { ExchangeRateList as ReadRates } from '../data/totals/exchange-rates.ts';
import type { TransactionPage, PageCursors as PagerCursors, SourceOutcome } from '../data/pagination/page.ts';
import type { BalanceHistory as ReadHistory, BalancePoint as ReadBalancePoint } from '../data/history/balance-history.ts';
import type { BalanceStatement as ReadStatement, StatementEntry as ReadStatementEntry } from '../data/history/balance-statement.ts';
import type { BalanceCheck as ReadCheck } from '../data/history/balance-check.ts';
import type { ListPage } from '../data/list-page.ts';
import type { ActivitySeries as ReadActivity } from '../data/activity/activity.ts';
import type { ActivityPoint as ReadActivityPoint } from '../data/activity/activity-sums.ts';
import type { BalancesChange, TransactionsChange } from '../live/index.ts';
import type { Caller } from '../domain/caller.ts';
import type { GatewayContext } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
export type EnumResolverSignature<T, AllowedValues = any> = { [key in keyof T]?: AllowedValues };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A currency or asset code: ISO 4217 in upper case (`USD`, `SGD`), or a provider's ticker (`BTC_TEST`), in the
   * provider's spelling if case matters (NOAH: `USDC.e`). Input may use any case (`usdc.e`); if two assets differ
   * only in case, only the exact spelling matches. It is a scalar, so that a new asset needs no release.
   */
  CurrencyCode: { input: string; output: string; }
  /**
   * An instant, a `date-time` of RFC 3339, always returned in UTC with `Z` and with the provider's fraction
   * digits. Input may have any offset and up to nine fraction digits; a value without an offset is refused,
   * and so is a leap second.
   */
  DateTime: { input: Instant; output: Instant; }
  /**
   * An exact base-ten number, sent and accepted as a string, grammar `-?(0|[1-9][0-9]*)(\.[0-9]+)?`:
   * no exponent, no plus sign, no separators. Digits and trailing zeros are kept as the provider
   * wrote them. JSON numbers and float literals are refused on input.
   */
  Decimal: { input: DecimalText; output: DecimalText; }
  /** Any JSON value; only for the variables of `explain`. */
  JSON: { input: unknown; output: unknown; }
  /** An IANA time zone name, such as `Asia/Singapore` or `UTC`. It determines where days, weeks and months begin. */
  TimeZone: { input: string; output: string; }
  _FieldSet: { input: string; output: string; }
};

/**
 * An account at a provider: the master account of the credentials, or one connected to it.
 * Representatives, documents, addresses and contact data are deliberately not exposed.
 */
export type Account = Node & {
  readonly __typename?: 'Account';
  /**
   * One balance of this account; null if it has none in that ledger and currency. BAD_USER_INPUT if it has
   * several (Ibanera): `balances` lists them, each with its own ID.
   */
  readonly balance?: Maybe<Balance>;
  /**
   * Sums of `available` over its balances, by currency, and their total in one currency. Null if no source could
   * be read.
   */
  readonly balanceTotals?: Maybe<BalanceTotals>;
  /** Balances of this account. */
  readonly balances?: Maybe<BalanceConnection>;
  /** ISO 3166-1 alpha-2 country code. */
  readonly country?: Maybe<Scalars['String']['output']>;
  /**
   * A name to show, never empty: `name` if there is one, otherwise the provider's name and "master account", or
   * the provider's own identifier.
   */
  readonly displayName: Scalars['String']['output'];
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** Whether this is the account that the credentials belong to. */
  readonly isMaster: Scalars['Boolean']['output'];
  /** Registered name; null if the provider reports none, as for most master accounts. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Provider that keeps the account. */
  readonly provider: Provider;
  /** The provider's own identifier; part of the second federation key. */
  readonly providerAccountId: Scalars['ID']['output'];
  /** Code of that provider; part of the second federation key. */
  readonly providerCode: ProviderCode;
  /** Short reference shown in the provider's own dashboard. */
  readonly shortReference?: Maybe<Scalars['String']['output']>;
  /** Life cycle; null when the provider does not say. */
  readonly status?: Maybe<AccountStatus>;
  /** The provider's own value of `status`. */
  readonly statusRaw?: Maybe<Scalars['String']['output']>;
  /** Transactions of this account over all its ledgers, newest first. */
  readonly transactions?: Maybe<TransactionConnection>;
};


/**
 * An account at a provider: the master account of the credentials, or one connected to it.
 * Representatives, documents, addresses and contact data are deliberately not exposed.
 */
export type AccountBalanceArgs = {
  currency: Scalars['CurrencyCode']['input'];
  ledger: Ledger;
};


/**
 * An account at a provider: the master account of the credentials, or one connected to it.
 * Representatives, documents, addresses and contact data are deliberately not exposed.
 */
export type AccountBalanceTotalsArgs = {
  convertTo?: InputMaybe<Scalars['CurrencyCode']['input']>;
  filter?: InputMaybe<BalanceFilter>;
  rateSide?: RateSide;
};


/**
 * An account at a provider: the master account of the credentials, or one connected to it.
 * Representatives, documents, addresses and contact data are deliberately not exposed.
 */
export type AccountBalancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<BalanceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * An account at a provider: the master account of the credentials, or one connected to it.
 * Representatives, documents, addresses and contact data are deliberately not exposed.
 */
export type AccountTransactionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TransactionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of accounts. */
export type AccountConnection = {
  readonly __typename?: 'AccountConnection';
  /** Accounts with their cursors. */
  readonly edges: ReadonlyArray<AccountEdge>;
  /** The accounts alone, for clients that need no per-item cursor. */
  readonly nodes: ReadonlyArray<Account>;
  /** Position of the page. */
  readonly pageInfo: PageInfo;
  /** Outcome of each upstream source. */
  readonly sources: ReadonlyArray<SourceReport>;
  /**
   * Number of matching accounts, by the provider's count. Null if a source failed, or if counting would require
   * reading the whole list: with `statuses`, unless one page of the provider's list has all of it.
   */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** An account in a list. */
export type AccountEdge = {
  readonly __typename?: 'AccountEdge';
  /** Position of this account. */
  readonly cursor: Scalars['String']['output'];
  /** The account. */
  readonly node: Account;
};

/** Which accounts to return. An omitted field does not narrow; an empty list matches nothing. */
export type AccountFilter = {
  /** Providers. */
  readonly providers?: InputMaybe<ReadonlyArray<ProviderCode>>;
  /**
   * Life cycle. No provider has such a filter: the gateway reads on until the page is full. If the operation's
   * upstream calls are used up before that, the page ends with CALLS_EXCEEDED, and `endCursor` continues from
   * there.
   */
  readonly statuses?: InputMaybe<ReadonlyArray<AccountStatus>>;
};

/** Life cycle of an account at its provider. */
export type AccountStatus =
  /** Open and usable. */
  | 'ACTIVE'
  /** Permanently closed. */
  | 'CLOSED'
  /** Open, but not in use. */
  | 'INACTIVE'
  /** Applied for, not yet open. */
  | 'PENDING'
  /** Being set up or changed. */
  | 'PROCESSING'
  /** Under review. */
  | 'REVIEW'
  /** Temporarily blocked. */
  | 'SUSPENDED'
  /** A status this gateway does not know yet; read `statusRaw`. */
  | 'UNRECOGNIZED';

/** Money in and out in one bucket and currency, by the sign of `signedAmount`. */
export type ActivityPoint = {
  readonly __typename?: 'ActivityPoint';
  /** Transactions in the sums. */
  readonly count: Scalars['Int']['output'];
  /** Sum of money in; null if not every transaction was counted. */
  readonly credits?: Maybe<Money>;
  /** Currency or asset of the sums. */
  readonly currency: Scalars['CurrencyCode']['output'];
  /** Sum of money out, as a positive amount; null like `credits`. */
  readonly debits?: Maybe<Money>;
  /** First instant of the bucket. */
  readonly from: Scalars['DateTime']['output'];
  /** Credits less debits; null like `credits`. */
  readonly net?: Maybe<Money>;
  /** First instant after the bucket. */
  readonly to: Scalars['DateTime']['output'];
  /** Transactions left out of the sums, because the provider reports neither direction nor sign, or no amount. */
  readonly unsummedCount: Scalars['Int']['output'];
};

/**
 * Money in and out for each bucket and currency: flat rows without gaps, oldest first, ready for charts. Costs a
 * call for every 100 transactions of the window and source; a window that has ended is not counted again as long
 * as one call for each source proves that it is unchanged. Windows that take more calls than an operation may
 * make are refused with CALLS_EXCEEDED once the first pages have shown their size.
 */
export type ActivitySeries = {
  readonly __typename?: 'ActivitySeries';
  /** Upper end of the window: later transactions are not in it. */
  readonly asOf: Scalars['DateTime']['output'];
  /** Whether every matching transaction was counted. */
  readonly complete: Scalars['Boolean']['output'];
  /** A point for every bucket and every currency that occurs in the window, zeros included; by bucket, then currency. */
  readonly points: ReadonlyArray<ActivityPoint>;
  /** Outcome of each upstream source. */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Number of transactions: `count` and `unsummedCount` of all points. */
  readonly transactionCount: Scalars['Int']['output'];
};

/**
 * An account's holdings in one currency and ledger. An amount that the provider does not report for this ledger
 * is null; no amount is computed from others.
 */
export type Balance = Node & {
  readonly __typename?: 'Balance';
  /** Account the balance belongs to. */
  readonly account?: Maybe<Account>;
  /** When the gateway read these amounts from the provider. */
  readonly asOf: Scalars['DateTime']['output'];
  /** Can be spent now. All ledgers. */
  readonly available?: Maybe<Money>;
  /** When the balance was opened. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>;
  /** Currency or asset. */
  readonly currency: Scalars['CurrencyCode']['output'];
  /** Blocked. UQPAY banking, issuing and payment. */
  readonly frozen?: Maybe<Money>;
  /**
   * This balance at the end of each past bucket; null if the provider lists no transactions and no readings were
   * stored. Costs a call for every hundred transactions from the first unknown point until now, or none if
   * readings give every point.
   */
  readonly history?: Maybe<BalanceHistory>;
  /**
   * Global ID: identifies provider, account, ledger and currency, and contains the provider's own identifier if
   * one ledger may have several balances in a currency (Ibanera).
   */
  readonly id: Scalars['ID']['output'];
  /** When the balance last changed, as the provider reports it. */
  readonly lastTradeAt?: Maybe<Scalars['DateTime']['output']>;
  /** Ledger the balance belongs to. */
  readonly ledger: Ledger;
  /** Held as security. UQPAY banking, issuing and payment. */
  readonly margin?: Maybe<Money>;
  /** Can be paid out. UQPAY payment. */
  readonly payable?: Maybe<Money>;
  /** Not settled yet. UQPAY payment, Ibanera. */
  readonly pending?: Maybe<Money>;
  /** Prepaid. UQPAY banking. */
  readonly prepaid?: Maybe<Money>;
  /** Provider that keeps the balance. */
  readonly provider: Provider;
  /** The provider's own identifier; null for providers that have none (NOAH). */
  readonly providerBalanceId?: Maybe<Scalars['ID']['output']>;
  /** Set aside by the provider. UQPAY payment. */
  readonly reserved?: Maybe<Money>;
  /**
   * This balance over a span, with its transactions and a check of whether they explain it; null if the provider
   * lists no transactions. Costs a call for every hundred transactions from `during.from` on.
   */
  readonly statement?: Maybe<BalanceStatement>;
  /** Life cycle; null when the provider does not say. */
  readonly status?: Maybe<BalanceStatus>;
  /** The provider's own value of `status`. */
  readonly statusRaw?: Maybe<Scalars['String']['output']>;
  /** Everything held. Ibanera and NOAH. */
  readonly total?: Maybe<Money>;
  /** Transactions on this balance, newest first; null if the provider has no such list, or reading it is disabled. */
  readonly transactions?: Maybe<TransactionConnection>;
};


/**
 * An account's holdings in one currency and ledger. An amount that the provider does not report for this ledger
 * is null; no amount is computed from others.
 */
export type BalanceHistoryArgs = {
  bucket?: TimeBucket;
  during: DateTimeRange;
  timeZone?: Scalars['TimeZone']['input'];
};


/**
 * An account's holdings in one currency and ledger. An amount that the provider does not report for this ledger
 * is null; no amount is computed from others.
 */
export type BalanceStatementArgs = {
  during: DateTimeRange;
};


/**
 * An account's holdings in one currency and ledger. An amount that the provider does not report for this ledger
 * is null; no amount is computed from others.
 */
export type BalanceTransactionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TransactionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Whether the opening balance and the transactions add up to the closing balance. */
export type BalanceCheck = {
  readonly __typename?: 'BalanceCheck';
  /** Reported less expected: zero if the check agrees, null if inconclusive. */
  readonly difference?: Maybe<Money>;
  /** Transactions that break the check, oldest first, at most twenty. */
  readonly evidence: ReadonlyArray<Transaction>;
  /** The closing balance calculated from the opening balance and the transactions; null if inconclusive. */
  readonly expected?: Maybe<Money>;
  /** The rule and the reason for the verdict, in one sentence. */
  readonly explanation: Scalars['String']['output'];
  /** The closing balance that the provider reported; null if inconclusive. */
  readonly reported?: Maybe<Money>;
  /** The outcome. */
  readonly verdict: CheckVerdict;
};

/** A page of balances. */
export type BalanceConnection = {
  readonly __typename?: 'BalanceConnection';
  /** The instant of the oldest read on this page. */
  readonly asOf: Scalars['DateTime']['output'];
  /** Balances with their cursors. */
  readonly edges: ReadonlyArray<BalanceEdge>;
  /** The balances alone, for clients that need no per-item cursor. */
  readonly nodes: ReadonlyArray<Balance>;
  /** Position of the page. */
  readonly pageInfo: PageInfo;
  /** Outcome of each upstream source. */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Number of matching balances; null if a source failed. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** A balance in a list. */
export type BalanceEdge = {
  readonly __typename?: 'BalanceEdge';
  /** Position of this balance. */
  readonly cursor: Scalars['String']['output'];
  /** The balance. */
  readonly node: Balance;
};

/** Which balances to return. An omitted field does not narrow; an empty list matches nothing. */
export type BalanceFilter = {
  /** Global IDs of accounts, at most 100; omitted at the root means the master account of each provider. */
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Currencies or assets. */
  readonly currencies?: InputMaybe<ReadonlyArray<Scalars['CurrencyCode']['input']>>;
  /** Ledgers. */
  readonly ledgers?: InputMaybe<ReadonlyArray<Ledger>>;
  /** Providers. */
  readonly providers?: InputMaybe<ReadonlyArray<ProviderCode>>;
};

/** A balance at the end of each bucket. */
export type BalanceHistory = {
  readonly __typename?: 'BalanceHistory';
  /** How derived points were calculated, and which transactions count; null if no point is derived. */
  readonly basis?: Maybe<Scalars['String']['output']>;
  /** Whether every point has a closing amount. */
  readonly complete: Scalars['Boolean']['output'];
  /** The amount of `Balance` whose history this is: `available`, or `total` if the provider reports nothing else. */
  readonly component: Scalars['String']['output'];
  /** One row for each bucket, oldest first, without gaps. The last one ends now at the latest. */
  readonly points: ReadonlyArray<BalancePoint>;
  /** Outcome of each upstream source of transactions; empty if none was needed. */
  readonly sources: ReadonlyArray<SourceReport>;
};

/** The origin of a past balance. */
export type BalanceOrigin =
  /** Not reported: calculated from another balance and the transactions in between. `basis` says how. */
  | 'DERIVED'
  /** The provider, when this gateway read the balance and stored the reading (`HISTORY_URL`). */
  | 'OBSERVED'
  /** The provider, with a transaction of that time (`endingBalance`, UQPAY issuing). */
  | 'REPORTED';

/** A balance at the end of one bucket. */
export type BalancePoint = {
  readonly __typename?: 'BalancePoint';
  /** The amount at `to`; null if unknown. */
  readonly closing?: Maybe<Money>;
  /** First instant of the bucket. */
  readonly from: Scalars['DateTime']['output'];
  /** Null when `closing` is. */
  readonly origin?: Maybe<BalanceOrigin>;
  /** When the provider reported it, for reported and observed amounts. */
  readonly readAt?: Maybe<Scalars['DateTime']['output']>;
  /** First instant after the bucket; for the running bucket, the moment of the newest reading. */
  readonly to: Scalars['DateTime']['output'];
};

/** A balance over a span of time, like a bank statement. Its transactions are the COMPLETED ones, which moved it. */
export type BalanceStatement = {
  readonly __typename?: 'BalanceStatement';
  /** Whether the opening balance and the transactions add up to the closing balance. */
  readonly check: BalanceCheck;
  /** The balance at `to`; null if unknown. */
  readonly closingBalance?: Maybe<Money>;
  /** Null when `closingBalance` is. */
  readonly closingOrigin?: Maybe<BalanceOrigin>;
  /** Sum of money in; null if a transaction of the span has no direction or no amount. */
  readonly credits?: Maybe<Money>;
  /** Sum of money out, as a positive amount; null like `credits`. */
  readonly debits?: Maybe<Money>;
  /** The transactions of the span, oldest first, each with the balance after it if known. */
  readonly entries?: Maybe<StatementEntryConnection>;
  /** First instant of the span. */
  readonly from: Scalars['DateTime']['output'];
  /** The balance at `from`; null if unknown. */
  readonly openingBalance?: Maybe<Money>;
  /** Null when `openingBalance` is. */
  readonly openingOrigin?: Maybe<BalanceOrigin>;
  /** First instant after the span; now at the latest. */
  readonly to: Scalars['DateTime']['output'];
  /** Number of completed transactions in the span, including those without direction or amount. */
  readonly transactionCount?: Maybe<Scalars['Int']['output']>;
};


/** A balance over a span of time, like a bank statement. Its transactions are the COMPLETED ones, which moved it. */
export type BalanceStatementEntriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Life cycle of a balance at its provider. */
export type BalanceStatus =
  /** Open and usable. */
  | 'ACTIVE'
  /** Closed; amounts are historical. */
  | 'CLOSED'
  /** Not yet open. */
  | 'PENDING'
  /** Being set up or changed. */
  | 'PROCESSING'
  /** Disabled by the provider; the balance keeps its amounts. Ibanera. */
  | 'SUPPRESSED'
  /** A status this gateway does not know yet; read `statusRaw`. */
  | 'UNRECOGNIZED';

/**
 * Exact sums over balances. They cost the same upstream calls as `balances`, and with `convertTo` one a minute
 * for rates.
 */
export type BalanceTotals = {
  readonly __typename?: 'BalanceTotals';
  /** When the oldest balance in the sums was read. For rates, see `ratesUpdatedAt`. */
  readonly asOf: Scalars['DateTime']['output'];
  /** One for each currency, by code. Currencies are never mixed. */
  readonly byCurrency: ReadonlyArray<CurrencyTotal>;
  /** Whether every source was read to its end, rates included; an older read served instead (STALE) counts as read. */
  readonly complete: Scalars['Boolean']['output'];
  /** The total in one currency; null without `convertTo`, and, with an error, if no rates could be read. */
  readonly converted?: Maybe<ConvertedTotal>;
  /** Outcome of each upstream source; rates have no ledger. */
  readonly sources: ReadonlyArray<SourceReport>;
};

/** Balances that changed since the previous event. */
export type BalancesChanged = {
  readonly __typename?: 'BalancesChanged';
  /** The instant of the oldest read behind the event. */
  readonly asOf: Scalars['DateTime']['output'];
  /** At START all that match; later those whose amounts or status differ from the previous event. */
  readonly balances: ReadonlyArray<Balance>;
  /** Seconds until the next poll, unless a webhook comes first. */
  readonly nextLookSeconds: Scalars['Int']['output'];
  /** The state of each upstream source. An event without balances means that this state changed. */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Why the event was sent. */
  readonly trigger: ChangeTrigger;
};

/** Who may reuse a cached answer. */
export type CacheControlScope =
  /** Only the caller who asked may receive the stored answer again. */
  | 'PRIVATE'
  /** Any caller may receive the same stored answer. */
  | 'PUBLIC';

/** Why an event was sent. */
export type ChangeTrigger =
  /** The list was polled on schedule. */
  | 'POLL'
  /** The subscription began: the current state. */
  | 'START'
  /** The provider sent a signed webhook. Its amounts are never used: the data was read again. */
  | 'WEBHOOK';

/** The outcome of a check. */
export type CheckVerdict =
  /** Two independent figures from the provider agree to the last digit. */
  | 'AGREES'
  /** They differ. */
  | 'DIFFERS'
  /**
   * There is nothing independent to compare with: an end is derived, a transaction has no direction, or
   * transactions are pending.
   */
  | 'INCONCLUSIVE';

/**
 * How the sum of one currency was converted: by its pair, else by the inverse of its pair, else in two such
 * steps over USD.
 */
export type ConversionLine = {
  readonly __typename?: 'ConversionLine';
  /** The sum: `availableOfRead` of its currency. */
  readonly from: Money;
  /** Units of the target for one unit of the source: exact, or 20 significant digits if a price was inverted. */
  readonly rate: Scalars['Decimal']['output'];
  /** The published prices behind the rate: one, or two through `via`; none for the target currency itself. */
  readonly rates: ReadonlyArray<ExchangeRate>;
  /** The converted amount: exact, or to at least 20 digits if a price was inverted and the decimal does not terminate. */
  readonly to: Money;
  /** The intermediate currency; null for one step. */
  readonly via?: Maybe<Scalars['CurrencyCode']['output']>;
};

/** Sums of several currencies converted to one at published rates: a valuation. Every rate is shown. */
export type ConvertedTotal = {
  readonly __typename?: 'ConvertedTotal';
  /**
   * Sum of all lines, rounded once, half to even, to the digits that ISO 4217 defines for the currency; a
   * currency without such digits (crypto assets, CNH) keeps all its decimals, up to 20. Null if `unconverted` is
   * not empty, or the `available` of a currency is null.
   */
  readonly available?: Maybe<Money>;
  /** Sum of the lines, rounded the same way, whatever is missing. */
  readonly availableOfLines: Money;
  /** The requested currency. */
  readonly currency: Scalars['CurrencyCode']['output'];
  /** One for each currency that has a rate, by code, the target currency included. */
  readonly lines: ReadonlyArray<ConversionLine>;
  /** When the provider last changed its rates, according to the provider. */
  readonly ratesUpdatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Sums without a rate, by code. */
  readonly unconverted: ReadonlyArray<Money>;
};

/** A pair of currencies. */
export type CurrencyPairInput = {
  /** The currency that one unit is of. */
  readonly base: Scalars['CurrencyCode']['input'];
  /** The currency that prices are in. */
  readonly quote: Scalars['CurrencyCode']['input'];
};

/** The sums in one currency. */
export type CurrencyTotal = {
  readonly __typename?: 'CurrencyTotal';
  /**
   * Sum of `available` of all balances; null if one of them reports none, or if a source failed, which may have
   * this currency too.
   */
  readonly available?: Maybe<Money>;
  /**
   * Sum of the balances that were read and report `available`; null if there are none. Equal to `available` if
   * that is known.
   */
  readonly availableOfRead?: Maybe<Money>;
  /** Balances in `availableOfRead`. */
  readonly balanceCount: Scalars['Int']['output'];
  /** Currency or asset of the sums. */
  readonly currency: Scalars['CurrencyCode']['output'];
  /** Balances that were read and do not report `available`. */
  readonly unreportedCount: Scalars['Int']['output'];
};

/** A range of time, `from` inclusive and `to` exclusive. */
export type DateTimeRange = {
  /** First instant included; null for no lower end. */
  readonly from?: InputMaybe<Scalars['DateTime']['input']>;
  /** First instant excluded; null for no upper end. */
  readonly to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A pair of currencies as a provider publishes it: an indication, not an offer. */
export type ExchangeRate = {
  readonly __typename?: 'ExchangeRate';
  /** The currency that one unit is of. */
  readonly base: Scalars['CurrencyCode']['output'];
  /** The provider's `buy_price`, digit for digit. UQPAY does not say which side of the trade it means. */
  readonly buy?: Maybe<Scalars['Decimal']['output']>;
  /** Provider that publishes it. */
  readonly provider: ProviderCode;
  /** The currency that prices are in. */
  readonly quote: Scalars['CurrencyCode']['output'];
  /** The provider's `sell_price`, digit for digit. */
  readonly sell?: Maybe<Scalars['Decimal']['output']>;
  /** When the provider last changed it, according to the provider. */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** Exchange rates of one provider. */
export type ExchangeRateList = {
  readonly __typename?: 'ExchangeRateList';
  /** When the rates were read. */
  readonly asOf: Scalars['DateTime']['output'];
  /** By base, then quote. */
  readonly nodes: ReadonlyArray<ExchangeRate>;
  /** Outcome of the upstream source. */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Requested pairs that the provider does not have now, base before quote: `USDXAF`. */
  readonly unavailable: ReadonlyArray<Scalars['String']['output']>;
};

/** The ledger a balance or transaction belongs to. One currency can have a balance in each ledger. */
export type Ledger =
  /** Ibanera asset accounts: several of them may hold the same asset. */
  | 'ASSET'
  /** UQPAY global account: deposits, payouts, transfers, conversions. */
  | 'BANKING'
  /** NOAH current account. */
  | 'CURRENT'
  /** UQPAY card issuing. */
  | 'ISSUING'
  /** UQPAY acquiring: proceeds of payments. */
  | 'PAYMENT';

/** An amount in one currency or asset. */
export type Money = {
  readonly __typename?: 'Money';
  /** The exact amount. */
  readonly amount: Scalars['Decimal']['output'];
  /** Currency or asset of the amount. */
  readonly currency: Scalars['CurrencyCode']['output'];
};

/** An object that can be refetched by its global ID. */
export type Node = {
  /** Global, opaque, stable identifier, unique across providers and types. */
  readonly id: Scalars['ID']['output'];
};

/** A jump target in a numbered pager. */
export type PageCursor = {
  readonly __typename?: 'PageCursor';
  /** Value for `after` that opens this page; the empty string opens page 1. */
  readonly cursor: Scalars['String']['output'];
  /** Whether this is the page just returned. */
  readonly isCurrent: Scalars['Boolean']['output'];
  /** Page number, from 1, for the page size of this request. */
  readonly page: Scalars['Int']['output'];
};

/** Ready-made cursors for a numbered pager. */
export type PageCursors = {
  readonly __typename?: 'PageCursors';
  /** Up to five pages around the current one, including it. */
  readonly around: ReadonlyArray<PageCursor>;
  /** The first page; null when it is within `around`. */
  readonly first?: Maybe<PageCursor>;
  /** The last page; null when it is within `around`. */
  readonly last?: Maybe<PageCursor>;
  /** The page before the current one; null on the first page. */
  readonly previous?: Maybe<PageCursor>;
};

/** A page's position in its connection. Both flags are exact in either paging direction. */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Cursor of the last edge, to use as `after`. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether edges follow this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether edges come before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first edge, to use as `before`. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** Why an operation would not run. */
export type PlanRefusal = {
  readonly __typename?: 'PlanRefusal';
  /** The code that execution would return, for example CALLS_EXCEEDED. */
  readonly code: Scalars['String']['output'];
  /** What is wrong, and the remedy. */
  readonly message: Scalars['String']['output'];
};

/** What is left of a provider's call budget. */
export type PlannedBudget = {
  readonly __typename?: 'PlannedBudget';
  /** Calls that may still be made in the current minute. */
  readonly callsLeft: Scalars['Int']['output'];
  /** Calls that the gateway may make in a minute. */
  readonly callsPerMinute: Scalars['Int']['output'];
  /** The provider. */
  readonly provider: ProviderCode;
};

/** Calls of one kind in a plan. */
export type PlannedCalls = {
  readonly __typename?: 'PlannedCalls';
  /** Number of accounts, or of rows with their own list, that the calls are made for. */
  readonly accountCount: Scalars['Int']['output'];
  /** Steps that have to end before this one; empty if it starts at once. */
  readonly after: ReadonlyArray<Scalars['ID']['output']>;
  /** Why these calls and not others, for example `one list in place of 10 single balances`. */
  readonly because: Scalars['String']['output'];
  /** Calls if nothing is cached. */
  readonly calls: Scalars['Int']['output'];
  /** Name of the step, for `after` of later ones. */
  readonly id: Scalars['ID']['output'];
  /** The ledger of the calls; null for accounts. */
  readonly ledger?: Maybe<Ledger>;
  /** The HTTP method. */
  readonly method: Scalars['String']['output'];
  /** Path below the API base, with placeholders for identifiers and without a query string: `/v1/balances/{currency}`. */
  readonly path: Scalars['String']['output'];
  /** The provider that is called. */
  readonly provider: ProviderCode;
  /** How many of these the cache would answer now. */
  readonly remembered: Scalars['Int']['output'];
  /** Response paths it serves, with aliases and without indices: `accounts.nodes.balances`. */
  readonly serves: ReadonlyArray<Scalars['String']['output']>;
};

/** A connected provider. */
export type Provider = {
  readonly __typename?: 'Provider';
  /** Stable code of the provider. */
  readonly code: ProviderCode;
  /** Deployment being read. */
  readonly environment: ProviderEnvironment;
  /** Ledgers this gateway reads from the provider. */
  readonly ledgers: ReadonlyArray<Ledger>;
  /** Name for display. */
  readonly name: Scalars['String']['output'];
};

/** A system this gateway reads. */
export type ProviderCode =
  /** Ibanera: asset accounts of one customer. */
  | 'IBANERA'
  /** NOAH: balances of one business user. */
  | 'NOAH'
  /** UQPAY: banking, issuing and payment ledgers, with connected accounts. */
  | 'UQPAY';

/** Which deployment of a provider is being read. */
export type ProviderEnvironment =
  /** The simulator built into this gateway. No real system is called. */
  | 'EMBEDDED'
  /** Live data. */
  | 'PRODUCTION'
  /** The provider's own test system; no real money. */
  | 'SANDBOX';

/** All queries. */
export type Query = {
  readonly __typename?: 'Query';
  /** One account by global ID. */
  readonly account?: Maybe<Account>;
  /**
   * Accounts across providers: provider by provider, the master account first, then in the provider's own order. A page costs
   * one upstream call, or two, however many accounts there are. Every account that stays in the list is returned
   * exactly once, whatever is added or removed between two pages. A cursor is CURSOR_INVALID if its account and
   * those before it have been removed.
   */
  readonly accounts?: Maybe<AccountConnection>;
  /**
   * Money in and out, over accounts and ledgers, by bucket and currency. Counts the statuses of the filter, by
   * default only COMPLETED: pending and failed transactions have not moved money. At most 3,660 buckets.
   */
  readonly activity?: Maybe<ActivitySeries>;
  /**
   * One balance by provider, ledger and currency; null if there is none. BAD_USER_INPUT if the ledger has
   * several in that currency (Ibanera): `balances` lists them, each with its own ID.
   */
  readonly balance?: Maybe<Balance>;
  /**
   * Sums of `available` by currency, over accounts, ledgers and providers, and their total in one currency. Null
   * if no source could be read.
   */
  readonly balanceTotals?: Maybe<BalanceTotals>;
  /** Balances across providers, accounts and ledgers. */
  readonly balances?: Maybe<BalanceConnection>;
  /**
   * Published exchange rates. One call reads all of them, is cached for a minute, and serves every conversion.
   * BAD_USER_INPUT for a provider that publishes none (Ibanera, NOAH).
   */
  readonly exchangeRates?: Maybe<ExchangeRateList>;
  /**
   * The calls that an operation would make to the providers, planned without making any. BAD_USER_INPUT, with
   * GraphQL's own message, for an invalid document, missing or invalid variables, or an ambiguous operation.
   */
  readonly explain: UpstreamPlan;
  /** Any object by its global ID; null when it does not exist or the caller may not read it. */
  readonly node?: Maybe<Node>;
  /** Several objects by global ID, in the order of `ids`; null for each that does not exist or the caller may not read. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** Connected providers. */
  readonly providers: ReadonlyArray<Provider>;
  /** One transaction by global ID. */
  readonly transaction?: Maybe<Transaction>;
  /**
   * One transaction by the provider's own identifier, as webhooks and the provider's dashboard show it; null if
   * there is none or the caller may not read it. Costs one call if the provider has a lookup (UQPAY issuing,
   * NOAH). Otherwise the list is searched, newest first: `createdAt` narrows the search, and without it at most
   * the newest `MAX_UPSTREAM_CALLS_PER_OPERATION` pages are searched; if that is not enough, BAD_USER_INPUT
   * names the remedy. Also BAD_USER_INPUT if several rows have the identifier (Ibanera), and for a ledger
   * without transactions.
   */
  readonly transactionByProviderId?: Maybe<Transaction>;
  /** Transactions across providers, accounts and ledgers, merged newest first. */
  readonly transactions?: Maybe<TransactionConnection>;
  /** The caller. */
  readonly viewer: Viewer;
};


/** All queries. */
export type QueryAccountArgs = {
  id: Scalars['ID']['input'];
};


/** All queries. */
export type QueryAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AccountFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** All queries. */
export type QueryActivityArgs = {
  bucket?: TimeBucket;
  filter: TransactionFilter;
  timeZone?: Scalars['TimeZone']['input'];
};


/** All queries. */
export type QueryBalanceArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  currency: Scalars['CurrencyCode']['input'];
  ledger?: InputMaybe<Ledger>;
  provider?: ProviderCode;
};


/** All queries. */
export type QueryBalanceTotalsArgs = {
  convertTo?: InputMaybe<Scalars['CurrencyCode']['input']>;
  filter?: InputMaybe<BalanceFilter>;
  rateSide?: RateSide;
};


/** All queries. */
export type QueryBalancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<BalanceFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** All queries. */
export type QueryExchangeRatesArgs = {
  pairs?: InputMaybe<ReadonlyArray<CurrencyPairInput>>;
  provider?: ProviderCode;
};


/** All queries. */
export type QueryExplainArgs = {
  document: Scalars['String']['input'];
  operationName?: InputMaybe<Scalars['String']['input']>;
  variables?: InputMaybe<Scalars['JSON']['input']>;
};


/** All queries. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** All queries. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** All queries. */
export type QueryTransactionArgs = {
  id: Scalars['ID']['input'];
};


/** All queries. */
export type QueryTransactionByProviderIdArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  createdAt?: InputMaybe<DateTimeRange>;
  ledger: Ledger;
  provider?: ProviderCode;
  providerTransactionId: Scalars['ID']['input'];
};


/** All queries. */
export type QueryTransactionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TransactionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

/** Which price of a pair a conversion uses. */
export type RateSide =
  /** The provider's `buy_price`; 1 divided by it if the pair is inverted. */
  | 'BUY'
  /** The midpoint of the provider's two prices: a valuation, not an offer. */
  | 'MID'
  /** The provider's `sell_price`; 1 divided by it if the pair is inverted. */
  | 'SELL';

/** Whether one upstream source of a list was read, and if not, why. */
export type SourceReport = {
  readonly __typename?: 'SourceReport';
  /** The same code as in `errors[].extensions.code`; null if OK. */
  readonly code?: Maybe<Scalars['String']['output']>;
  /** The ledger; null if the source is not a ledger. */
  readonly ledger?: Maybe<Ledger>;
  /** The provider. */
  readonly provider: ProviderCode;
  /** The provider's identifier of the requested account; null for the master account. */
  readonly providerAccountId?: Maybe<Scalars['ID']['output']>;
  /** Seconds to wait before the next request, if known. */
  readonly retryAfterSeconds?: Maybe<Scalars['Int']['output']>;
  /** Outcome. */
  readonly state: SourceState;
};

/** Whether one upstream source of a list was read. */
export type SourceState =
  /** Not read; see `code`. */
  | 'FAILED'
  /** Read completely. */
  | 'OK'
  /** Read in part. */
  | 'PARTIAL'
  /** Taken from an earlier read, because the source cannot be read at the moment; `asOf` says when that was. */
  | 'STALE';

/** A transaction of a statement. */
export type StatementEntry = {
  readonly __typename?: 'StatementEntry';
  /** The balance after it; null if unknown. */
  readonly runningBalance?: Maybe<Money>;
  /** Null when `runningBalance` is. */
  readonly runningOrigin?: Maybe<BalanceOrigin>;
  /** The transaction. */
  readonly transaction: Transaction;
};

/** The entries of a statement, page by page. */
export type StatementEntryConnection = {
  readonly __typename?: 'StatementEntryConnection';
  /** Entries with their cursors. */
  readonly edges: ReadonlyArray<StatementEntryEdge>;
  /** Entries. */
  readonly nodes: ReadonlyArray<StatementEntry>;
  /** Position of this page. */
  readonly pageInfo: PageInfo;
};

/** An entry and its cursor. */
export type StatementEntryEdge = {
  readonly __typename?: 'StatementEntryEdge';
  /** Opaque cursor. */
  readonly cursor: Scalars['String']['output'];
  /** The entry. */
  readonly node: StatementEntry;
};

/** Events over Server-Sent Events or multipart responses. */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * Balances at once, then their changes. All subscriptions to a list share one read of it, so further ones cost
   * no calls. A slow reader gets the newest state, not all states in between. Without `filter.accountIds`: the
   * master accounts. If nothing can be read, the subscription is refused with the error that `balances` would
   * return.
   */
  readonly balancesChanged: BalancesChanged;
  /**
   * Transactions as they arrive, and their status changes. None is lost or repeated: each event begins where the
   * previous one ended, and `since` resumes where a connection broke. A row is sent once its second is over,
   * because until then others of that second may arrive.
   */
  readonly transactionsChanged: TransactionsChanged;
};


/** Events over Server-Sent Events or multipart responses. */
export type SubscriptionBalancesChangedArgs = {
  filter?: InputMaybe<BalanceFilter>;
};


/** Events over Server-Sent Events or multipart responses. */
export type SubscriptionTransactionsChangedArgs = {
  filter?: InputMaybe<TransactionFilter>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
};

/** Width of a bucket. */
export type TimeBucket =
  /** A calendar day of the zone; 23 or 25 hours when the zone changes its offset. */
  | 'DAY'
  /** An hour of the zone. */
  | 'HOUR'
  /** A calendar month. */
  | 'MONTH'
  /** A week that begins on Monday. */
  | 'WEEK';

/** One movement on a balance. */
export type Transaction = Node & {
  readonly __typename?: 'Transaction';
  /** Account the transaction belongs to. */
  readonly account?: Maybe<Account>;
  /** The amount as the provider reports it; null if it reports none (possible at NOAH). */
  readonly amount?: Maybe<Money>;
  /** The balance it belongs to, with its current amounts. */
  readonly balance?: Maybe<Balance>;
  /** How it was initiated, as the provider names it (`API`, `WEB`). */
  readonly channel?: Maybe<Scalars['String']['output']>;
  /** When it became final. */
  readonly completedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The other side of an exchange, if reported, without a sign. NOAH: the fiat payment. */
  readonly counterAmount?: Maybe<Money>;
  /** When it was created. Lists are ordered and filtered by this. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** The provider's description. */
  readonly description?: Maybe<Scalars['String']['output']>;
  /** Which way money moved. */
  readonly direction: TransactionDirection;
  /** Balance after this transaction, if the provider reports it (UQPAY issuing). */
  readonly endingBalance?: Maybe<Money>;
  /** Units of `counterAmount`'s currency for one unit of `amount`'s, as the provider reports it. NOAH. */
  readonly exchangeRate?: Maybe<Scalars['Decimal']['output']>;
  /**
   * Fee of the network or provider, if reported separately from `amount`; it may be in another currency. NOAH:
   * the network's fee, in the asset; if there is none, the fee of the fiat payment, in its currency.
   */
  readonly fee?: Maybe<Money>;
  /**
   * Global ID. Contains what is needed to find the transaction in a list again, because most ledgers
   * have no route for one transaction.
   */
  readonly id: Scalars['ID']['output'];
  /** Ledger the transaction belongs to. */
  readonly ledger: Ledger;
  /** The network it used, as the provider names it (`Ethereum`, `OffNetwork`). NOAH. */
  readonly network?: Maybe<Scalars['String']['output']>;
  /** Provider that keeps the transaction. */
  readonly provider: Provider;
  /** The provider's own identifier. */
  readonly providerTransactionId: Scalars['ID']['output'];
  /** Identifier of the business object behind it: deposit, payout, transfer, conversion. */
  readonly referenceId?: Maybe<Scalars['String']['output']>;
  /** The provider's short identifier for people. */
  readonly shortId?: Maybe<Scalars['String']['output']>;
  /**
   * `amount` with the sign of its effect on the balance, the same for every ledger: credits positive, debits negative.
   * Use this one to add up amounts. Null if the direction is unknown. If `direction` is UNSPECIFIED, as for
   * UQPAY issuing, the sign of `amount` is used once the `endingBalance` of neighbouring rows has shown that it
   * is the effect, that is, that a negative amount lowered the balance by exactly that amount. Before that, and
   * once rows contradict it, null. Zero has no sign. It does not depend on `status`: a failed or pending
   * transaction has not changed the balance.
   */
  readonly signedAmount?: Maybe<Money>;
  /** State of the transaction. */
  readonly status: TransactionStatus;
  /** The provider's own value of `status`. */
  readonly statusRaw: Scalars['String']['output'];
  /** Why money moved. */
  readonly type: TransactionType;
  /** The provider's own value of `type`; empty if it has none (Ibanera). */
  readonly typeRaw: Scalars['String']['output'];
};

/** A page of transactions. Rows that arrive while a client pages do not shift later pages. */
export type TransactionConnection = {
  readonly __typename?: 'TransactionConnection';
  /** Snapshot bound: newer rows are not included. All pages that follow from the same first page have the same value. */
  readonly asOf: Scalars['DateTime']['output'];
  /** Transactions with their cursors. */
  readonly edges: ReadonlyArray<TransactionEdge>;
  /** The transactions alone, for clients that need no per-item cursor. */
  readonly nodes: ReadonlyArray<Transaction>;
  /** Cursors for a numbered pager; null if the total is unknown. */
  readonly pageCursors?: Maybe<PageCursors>;
  /** Position of the page. */
  readonly pageInfo: PageInfo;
  /** Outcome of each upstream source. */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Number of matching transactions up to `asOf`; null if the total is unknown. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>;
};

/** Which way money moved, seen from the balance. */
export type TransactionDirection =
  /** Into the balance. */
  | 'CREDIT'
  /** Out of the balance. */
  | 'DEBIT'
  /** Not reported by the provider; the gateway does not guess. */
  | 'UNSPECIFIED';

/** A transaction in a list. */
export type TransactionEdge = {
  readonly __typename?: 'TransactionEdge';
  /** Position of this transaction. */
  readonly cursor: Scalars['String']['output'];
  /** The transaction. */
  readonly node: Transaction;
};

/** Which transactions to return. An omitted field does not narrow; an empty list matches nothing. */
export type TransactionFilter = {
  /** Global IDs of accounts, at most 100; omitted at the root means the master account of each provider. */
  readonly accountIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** When created. */
  readonly createdAt?: InputMaybe<DateTimeRange>;
  /** Currencies or assets. */
  readonly currencies?: InputMaybe<ReadonlyArray<Scalars['CurrencyCode']['input']>>;
  /** Which way money moved (`direction`). UNSPECIFIED for UQPAY issuing and for rows that do not report it. */
  readonly directions?: InputMaybe<ReadonlyArray<TransactionDirection>>;
  /** Ledgers. */
  readonly ledgers?: InputMaybe<ReadonlyArray<Ledger>>;
  /** Providers. */
  readonly providers?: InputMaybe<ReadonlyArray<ProviderCode>>;
  /**
   * Identifiers of the business objects behind them (`referenceId`), at most 100; the two legs of a conversion share one.
   * Compared exactly. No provider has such a filter: the gateway reads the list and filters it, so narrow `createdAt` too.
   */
  readonly referenceIds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Statuses. */
  readonly statuses?: InputMaybe<ReadonlyArray<TransactionStatus>>;
  /** Types. */
  readonly types?: InputMaybe<ReadonlyArray<TransactionType>>;
};

/** State of a transaction. */
export type TransactionStatus =
  /** Withdrawn before it took effect. */
  | 'CANCELLED'
  /** Final and effective. */
  | 'COMPLETED'
  /** Final, without effect. */
  | 'FAILED'
  /** Not final. */
  | 'PENDING'
  /** A status this gateway does not know yet; read `statusRaw`. */
  | 'UNRECOGNIZED';

/** Why money moved: the union of all ledgers' types, with the providers' own names. */
export type TransactionType =
  /** A correction made by the provider. */
  | 'ADJUSTMENT'
  /** Balance loaded onto a card. */
  | 'CARD_RECHARGE'
  /** Balance moved back from a card. */
  | 'CARD_WITHDRAW'
  /** Exchange of one currency for another. */
  | 'CONVERSION'
  /** Money received into the account. */
  | 'DEPOSIT'
  /** A charge. */
  | 'FEE'
  /** A charge taken from the balance. */
  | 'FEE_DEDUCTION'
  /** A charge refunded. */
  | 'FEE_REFUND'
  /** Funds moved in between ledgers. */
  | 'FUNDS_TRANSFER_IN'
  /** Funds moved out between ledgers. */
  | 'FUNDS_TRANSFER_OUT'
  /** Settlement of an invoice. */
  | 'INVOICE'
  /** Card authorization held against the balance. */
  | 'ISSUING_AUTHORIZATION'
  /** Card purchase refunded. */
  | 'ISSUING_REFUND'
  /** Card authorization released. */
  | 'ISSUING_REVERSAL'
  /** Margin (security) paid in. */
  | 'MARGIN_PAYMENT'
  /** Margin (security) paid back. */
  | 'MARGIN_REFUND'
  /** The provider's own type "other". */
  | 'OTHER'
  /** A collected payment. */
  | 'PAYIN'
  /** Money sent to a beneficiary. */
  | 'PAYOUT'
  /** A payment refunded. */
  | 'REFUND'
  /** Card settlement, in. */
  | 'SETTLEMENT_CREDIT'
  /** Card settlement, out. */
  | 'SETTLEMENT_DEBIT'
  /** Card settlement reversed. */
  | 'SETTLEMENT_REVERSAL'
  /** Transfer between accounts of the same customer, in an unstated direction. */
  | 'TRANSFER'
  /** Transfer received. */
  | 'TRANSFER_IN'
  /** Transfer sent. */
  | 'TRANSFER_OUT'
  /** A type this gateway does not know yet; read `typeRaw`. */
  | 'UNRECOGNIZED';

/** Transactions that were added or changed since the previous event. */
export type TransactionsChanged = {
  readonly __typename?: 'TransactionsChanged';
  /**
   * New since the previous event, oldest first; none is left out, however many arrived between two polls. A
   * burst is sent in several events.
   */
  readonly added: ReadonlyArray<Transaction>;
  /** The lower end of the next event; pass it as `since` to resume after a broken connection. */
  readonly asOf: Scalars['DateTime']['output'];
  /** Transactions whose status changed, among the newest 99 of each source, which one call reads. */
  readonly changed: ReadonlyArray<Transaction>;
  /**
   * The state of each upstream source. A source that cannot be read delays the rows of the others, so that none
   * is skipped.
   */
  readonly sources: ReadonlyArray<SourceReport>;
  /** Why the event was sent. */
  readonly trigger: ChangeTrigger;
  /** Whether there were too many to send: read the list again. */
  readonly truncated: Scalars['Boolean']['output'];
};

/** The calls that an operation would make to the providers. */
export type UpstreamPlan = {
  readonly __typename?: 'UpstreamPlan';
  /** Whether the operation would run. */
  readonly admitted: Scalars['Boolean']['output'];
  /** Calls left in the current minute, for each budget it would use; none if the provider has no limit. */
  readonly budgets: ReadonlyArray<PlannedBudget>;
  /**
   * Calls if nothing is cached, with lists as long as requested (20 rows by default) or as long as they last
   * were.
   */
  readonly calls: Scalars['Int']['output'];
  /**
   * The most calls it can make, including retries: `MAX_UPSTREAM_CALLS_PER_OPERATION` if nothing else limits it.
   * Null if unknown.
   */
  readonly callsAtMost?: Maybe<Scalars['Int']['output']>;
  /**
   * The least number of calls it would make now, for this caller. Calls that depend on an answer, such as the
   * length of a list, do not count.
   */
  readonly callsNow: Scalars['Int']['output'];
  /** The cost that MAX_QUERY_COST limits; 0 for an operation that is refused before its cost is counted. */
  readonly cost: Scalars['Int']['output'];
  /** Why not; null if it would. */
  readonly refusal?: Maybe<PlanRefusal>;
  /** The calls, starting with those that wait for no others. */
  readonly steps: ReadonlyArray<PlannedCalls>;
};

/** The caller, and what it may read. */
export type Viewer = {
  readonly __typename?: 'Viewer';
  /**
   * Accounts that may be read: `*` for all, `UQPAY/*` for those of one provider, `UQPAY/master` for its master
   * account, or the provider and its own identifier of a connected account.
   */
  readonly accounts: ReadonlyArray<Scalars['String']['output']>;
  /** Scopes granted: `accounts:read`, `balances:read`, `transactions:read`. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
  /** Name of the caller, never the credential itself. */
  readonly subject: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Account: Account;
  Balance: Balance;
  Provider: Provider;
  Transaction: Transaction;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Account:
    ( { __typename: 'Account' }
    & ( GraphQLRecursivePick<FederationTypes['Account'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Account'], {"providerCode":true,"providerAccountId":true}> ) );
  Balance:
    ( { __typename: 'Balance' }
    & GraphQLRecursivePick<FederationTypes['Balance'], {"id":true}> );
  Provider:
    ( { __typename: 'Provider' }
    & GraphQLRecursivePick<FederationTypes['Provider'], {"code":true}> );
  Transaction:
    ( { __typename: 'Transaction' }
    & GraphQLRecursivePick<FederationTypes['Transaction'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( ReadAccount )
    | ( ReadBalance )
    | ( ReadTransaction )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Account: ResolverTypeWrapper<ReadAccount>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AccountConnection: ResolverTypeWrapper<AccountPage>;
  AccountEdge: ResolverTypeWrapper<RowEdge<ReadAccount>>;
  AccountFilter: AccountFilter;
  AccountStatus: AccountStatus;
  ActivityPoint: ResolverTypeWrapper<ReadActivityPoint>;
  ActivitySeries: ResolverTypeWrapper<ReadActivity>;
  Balance: ResolverTypeWrapper<ReadBalance>;
  BalanceCheck: ResolverTypeWrapper<ReadCheck>;
  BalanceConnection: ResolverTypeWrapper<BalancePage>;
  BalanceEdge: ResolverTypeWrapper<RowEdge<ReadBalance>>;
  BalanceFilter: BalanceFilter;
  BalanceHistory: ResolverTypeWrapper<ReadHistory>;
  BalanceOrigin: BalanceOrigin;
  BalancePoint: ResolverTypeWrapper<ReadBalancePoint>;
  BalanceStatement: ResolverTypeWrapper<ReadStatement>;
  BalanceStatus: BalanceStatus;
  BalanceTotals: ResolverTypeWrapper<ReadTotals>;
  BalancesChanged: ResolverTypeWrapper<BalancesChange>;
  CacheControlScope: CacheControlScope;
  ChangeTrigger: ChangeTrigger;
  CheckVerdict: CheckVerdict;
  ConversionLine: ResolverTypeWrapper<Omit<ConversionLine, 'rates'> & { rates: ReadonlyArray<ResolversTypes['ExchangeRate']> }>;
  ConvertedTotal: ResolverTypeWrapper<ReadConvertedTotal>;
  CurrencyCode: ResolverTypeWrapper<Scalars['CurrencyCode']['output']>;
  CurrencyPairInput: CurrencyPairInput;
  CurrencyTotal: ResolverTypeWrapper<CurrencyTotal>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DateTimeRange: DateTimeRange;
  Decimal: ResolverTypeWrapper<Scalars['Decimal']['output']>;
  ExchangeRate: ResolverTypeWrapper<PublishedRate>;
  ExchangeRateList: ResolverTypeWrapper<ReadRates>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Ledger: Ledger;
  Money: ResolverTypeWrapper<Money>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageCursor: ResolverTypeWrapper<PageCursor>;
  PageCursors: ResolverTypeWrapper<PagerCursors>;
  PageInfo: ResolverTypeWrapper<Page>;
  PlanRefusal: ResolverTypeWrapper<PlanRefusal>;
  PlannedBudget: ResolverTypeWrapper<Omit<PlannedBudget, 'provider'> & { provider: ResolversTypes['ProviderCode'] }>;
  PlannedCalls: ResolverTypeWrapper<Omit<PlannedCalls, 'provider'> & { provider: ResolversTypes['ProviderCode'] }>;
  Provider: ResolverTypeWrapper<ConnectedProvider>;
  ProviderCode: ResolverTypeWrapper<ProviderWord>;
  ProviderEnvironment: ProviderEnvironment;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RateSide: RateSide;
  SourceReport: ResolverTypeWrapper<SourceOutcome>;
  SourceState: SourceState;
  StatementEntry: ResolverTypeWrapper<ReadStatementEntry>;
  StatementEntryConnection: ResolverTypeWrapper<ListPage<ReadStatementEntry>>;
  StatementEntryEdge: ResolverTypeWrapper<RowEdge<ReadStatementEntry>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TimeBucket: TimeBucket;
  TimeZone: ResolverTypeWrapper<Scalars['TimeZone']['output']>;
  Transaction: ResolverTypeWrapper<ReadTransaction>;
  TransactionConnection: ResolverTypeWrapper<TransactionPage>;
  TransactionDirection: TransactionDirection;
  TransactionEdge: ResolverTypeWrapper<RowEdge<ReadTransaction>>;
  TransactionFilter: TransactionFilter;
  TransactionStatus: TransactionStatus;
  TransactionType: TransactionType;
  TransactionsChanged: ResolverTypeWrapper<TransactionsChange>;
  UpstreamPlan: ResolverTypeWrapper<Omit<UpstreamPlan, 'budgets' | 'steps'> & { budgets: ReadonlyArray<ResolversTypes['PlannedBudget']>, steps: ReadonlyArray<ResolversTypes['PlannedCalls']> }>;
  Viewer: ResolverTypeWrapper<Caller>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: ReadAccount;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  AccountConnection: AccountPage;
  AccountEdge: RowEdge<ReadAccount>;
  AccountFilter: AccountFilter;
  ActivityPoint: ReadActivityPoint;
  ActivitySeries: ReadActivity;
  Balance: ReadBalance;
  BalanceCheck: ReadCheck;
  BalanceConnection: BalancePage;
  BalanceEdge: RowEdge<ReadBalance>;
  BalanceFilter: BalanceFilter;
  BalanceHistory: ReadHistory;
  BalancePoint: ReadBalancePoint;
  BalanceStatement: ReadStatement;
  BalanceTotals: ReadTotals;
  BalancesChanged: BalancesChange;
  ConversionLine: Omit<ConversionLine, 'rates'> & { rates: ReadonlyArray<ResolversParentTypes['ExchangeRate']> };
  ConvertedTotal: ReadConvertedTotal;
  CurrencyCode: Scalars['CurrencyCode']['output'];
  CurrencyPairInput: CurrencyPairInput;
  CurrencyTotal: CurrencyTotal;
  DateTime: Scalars['DateTime']['output'];
  DateTimeRange: DateTimeRange;
  Decimal: Scalars['Decimal']['output'];
  ExchangeRate: PublishedRate;
  ExchangeRateList: ReadRates;
  JSON: Scalars['JSON']['output'];
  Money: Money;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageCursor: PageCursor;
  PageCursors: PagerCursors;
  PageInfo: Page;
  PlanRefusal: PlanRefusal;
  PlannedBudget: PlannedBudget;
  PlannedCalls: PlannedCalls;
  Provider: ConnectedProvider;
  Query: Record<PropertyKey, never>;
  SourceReport: SourceOutcome;
  StatementEntry: ReadStatementEntry;
  StatementEntryConnection: ListPage<ReadStatementEntry>;
  StatementEntryEdge: RowEdge<ReadStatementEntry>;
  Subscription: Record<PropertyKey, never>;
  TimeZone: Scalars['TimeZone']['output'];
  Transaction: ReadTransaction;
  TransactionConnection: TransactionPage;
  TransactionEdge: RowEdge<ReadTransaction>;
  TransactionFilter: TransactionFilter;
  TransactionsChanged: TransactionsChange;
  UpstreamPlan: Omit<UpstreamPlan, 'budgets' | 'steps'> & { budgets: ReadonlyArray<ResolversParentTypes['PlannedBudget']>, steps: ReadonlyArray<ResolversParentTypes['PlannedCalls']> };
  Viewer: Caller;
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
};

export type CacheControlDirectiveArgs = {
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
  maxAge?: Maybe<Scalars['Int']['input']>;
  scope?: Maybe<CacheControlScope>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = GatewayContext, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AccountResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account'], FederationReferenceType extends FederationReferenceTypes['Account'] = FederationReferenceTypes['Account']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Account']> | FederationReferenceType, FederationReferenceType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType, RequireFields<AccountBalanceArgs, 'currency' | 'ledger'>>;
  balanceTotals?: Resolver<Maybe<ResolversTypes['BalanceTotals']>, ParentType, ContextType, RequireFields<AccountBalanceTotalsArgs, 'rateSide'>>;
  balances?: Resolver<Maybe<ResolversTypes['BalanceConnection']>, ParentType, ContextType, Partial<AccountBalancesArgs>>;
  country?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isMaster?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['Provider'], ParentType, ContextType>;
  providerAccountId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  providerCode?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
  shortReference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['AccountStatus']>, ParentType, ContextType>;
  statusRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  transactions?: Resolver<Maybe<ResolversTypes['TransactionConnection']>, ParentType, ContextType, Partial<AccountTransactionsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AccountConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['AccountConnection'] = ResolversParentTypes['AccountConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AccountEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Account']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type AccountEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['AccountEdge'] = ResolversParentTypes['AccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type ActivityPointResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ActivityPoint'] = ResolversParentTypes['ActivityPoint']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  credits?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  debits?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  net?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  unsummedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ActivitySeriesResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ActivitySeries'] = ResolversParentTypes['ActivitySeries']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  points?: Resolver<ReadonlyArray<ResolversTypes['ActivityPoint']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  transactionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BalanceResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Balance'] = ResolversParentTypes['Balance'], FederationReferenceType extends FederationReferenceTypes['Balance'] = FederationReferenceTypes['Balance']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Balance']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  available?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  frozen?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  history?: Resolver<Maybe<ResolversTypes['BalanceHistory']>, ParentType, ContextType, RequireFields<BalanceHistoryArgs, 'bucket' | 'during' | 'timeZone'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastTradeAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  ledger?: Resolver<ResolversTypes['Ledger'], ParentType, ContextType>;
  margin?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  payable?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  pending?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  prepaid?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['Provider'], ParentType, ContextType>;
  providerBalanceId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  reserved?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  statement?: Resolver<Maybe<ResolversTypes['BalanceStatement']>, ParentType, ContextType, RequireFields<BalanceStatementArgs, 'during'>>;
  status?: Resolver<Maybe<ResolversTypes['BalanceStatus']>, ParentType, ContextType>;
  statusRaw?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  total?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  transactions?: Resolver<Maybe<ResolversTypes['TransactionConnection']>, ParentType, ContextType, Partial<BalanceTransactionsArgs>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BalanceCheckResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceCheck'] = ResolversParentTypes['BalanceCheck']> = {
  difference?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  evidence?: Resolver<ReadonlyArray<ResolversTypes['Transaction']>, ParentType, ContextType>;
  expected?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  explanation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reported?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['CheckVerdict'], ParentType, ContextType>;
};

export type BalanceConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceConnection'] = ResolversParentTypes['BalanceConnection']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['BalanceEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Balance']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type BalanceEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceEdge'] = ResolversParentTypes['BalanceEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Balance'], ParentType, ContextType>;
};

export type BalanceHistoryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceHistory'] = ResolversParentTypes['BalanceHistory']> = {
  basis?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  component?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  points?: Resolver<ReadonlyArray<ResolversTypes['BalancePoint']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
};

export type BalancePointResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalancePoint'] = ResolversParentTypes['BalancePoint']> = {
  closing?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  origin?: Resolver<Maybe<ResolversTypes['BalanceOrigin']>, ParentType, ContextType>;
  readAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type BalanceStatementResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceStatement'] = ResolversParentTypes['BalanceStatement']> = {
  check?: Resolver<ResolversTypes['BalanceCheck'], ParentType, ContextType>;
  closingBalance?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  closingOrigin?: Resolver<Maybe<ResolversTypes['BalanceOrigin']>, ParentType, ContextType>;
  credits?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  debits?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  entries?: Resolver<Maybe<ResolversTypes['StatementEntryConnection']>, ParentType, ContextType, Partial<BalanceStatementEntriesArgs>>;
  from?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  openingBalance?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  openingOrigin?: Resolver<Maybe<ResolversTypes['BalanceOrigin']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  transactionCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type BalanceTotalsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalanceTotals'] = ResolversParentTypes['BalanceTotals']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  byCurrency?: Resolver<ReadonlyArray<ResolversTypes['CurrencyTotal']>, ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  converted?: Resolver<Maybe<ResolversTypes['ConvertedTotal']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
};

export type BalancesChangedResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['BalancesChanged'] = ResolversParentTypes['BalancesChanged']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  balances?: Resolver<ReadonlyArray<ResolversTypes['Balance']>, ParentType, ContextType>;
  nextLookSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  trigger?: Resolver<ResolversTypes['ChangeTrigger'], ParentType, ContextType>;
};

export type ConversionLineResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ConversionLine'] = ResolversParentTypes['ConversionLine']> = {
  from?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  rate?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  rates?: Resolver<ReadonlyArray<ResolversTypes['ExchangeRate']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  via?: Resolver<Maybe<ResolversTypes['CurrencyCode']>, ParentType, ContextType>;
};

export type ConvertedTotalResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ConvertedTotal'] = ResolversParentTypes['ConvertedTotal']> = {
  available?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  availableOfLines?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  lines?: Resolver<ReadonlyArray<ResolversTypes['ConversionLine']>, ParentType, ContextType>;
  ratesUpdatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  unconverted?: Resolver<ReadonlyArray<ResolversTypes['Money']>, ParentType, ContextType>;
};

export interface CurrencyCodeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['CurrencyCode'], any> {
  name: 'CurrencyCode';
}

export type CurrencyTotalResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['CurrencyTotal'] = ResolversParentTypes['CurrencyTotal']> = {
  available?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  availableOfRead?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  balanceCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  unreportedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DecimalScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Decimal'], any> {
  name: 'Decimal';
}

export type ExchangeRateResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ExchangeRate'] = ResolversParentTypes['ExchangeRate']> = {
  base?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  buy?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
  quote?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
  sell?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type ExchangeRateListResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['ExchangeRateList'] = ResolversParentTypes['ExchangeRateList']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ExchangeRate']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  unavailable?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type MoneyResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money']> = {
  amount?: Resolver<ResolversTypes['Decimal'], ParentType, ContextType>;
  currency?: Resolver<ResolversTypes['CurrencyCode'], ParentType, ContextType>;
};

export type NodeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Account' | 'Balance' | 'Transaction', ParentType, ContextType>;
};

export type PageCursorResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PageCursor'] = ResolversParentTypes['PageCursor']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isCurrent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  page?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type PageCursorsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PageCursors'] = ResolversParentTypes['PageCursors']> = {
  around?: Resolver<ReadonlyArray<ResolversTypes['PageCursor']>, ParentType, ContextType>;
  first?: Resolver<Maybe<ResolversTypes['PageCursor']>, ParentType, ContextType>;
  last?: Resolver<Maybe<ResolversTypes['PageCursor']>, ParentType, ContextType>;
  previous?: Resolver<Maybe<ResolversTypes['PageCursor']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PlanRefusalResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PlanRefusal'] = ResolversParentTypes['PlanRefusal']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PlannedBudgetResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PlannedBudget'] = ResolversParentTypes['PlannedBudget']> = {
  callsLeft?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsPerMinute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
};

export type PlannedCallsResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['PlannedCalls'] = ResolversParentTypes['PlannedCalls']> = {
  accountCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  after?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  because?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ledger?: Resolver<Maybe<ResolversTypes['Ledger']>, ParentType, ContextType>;
  method?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
  remembered?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  serves?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProviderResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Provider'] = ResolversParentTypes['Provider'], FederationReferenceType extends FederationReferenceTypes['Provider'] = FederationReferenceTypes['Provider']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Provider']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
  environment?: Resolver<ResolversTypes['ProviderEnvironment'], ParentType, ContextType>;
  ledgers?: Resolver<ReadonlyArray<ResolversTypes['Ledger']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ProviderCodeResolvers = EnumResolverSignature<{ IBANERA?: any, NOAH?: any, UQPAY?: any }, ResolversTypes['ProviderCode']>;

export type QueryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType, RequireFields<QueryAccountArgs, 'id'>>;
  accounts?: Resolver<Maybe<ResolversTypes['AccountConnection']>, ParentType, ContextType, Partial<QueryAccountsArgs>>;
  activity?: Resolver<Maybe<ResolversTypes['ActivitySeries']>, ParentType, ContextType, RequireFields<QueryActivityArgs, 'bucket' | 'filter' | 'timeZone'>>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType, RequireFields<QueryBalanceArgs, 'currency' | 'provider'>>;
  balanceTotals?: Resolver<Maybe<ResolversTypes['BalanceTotals']>, ParentType, ContextType, RequireFields<QueryBalanceTotalsArgs, 'rateSide'>>;
  balances?: Resolver<Maybe<ResolversTypes['BalanceConnection']>, ParentType, ContextType, Partial<QueryBalancesArgs>>;
  exchangeRates?: Resolver<Maybe<ResolversTypes['ExchangeRateList']>, ParentType, ContextType, RequireFields<QueryExchangeRatesArgs, 'provider'>>;
  explain?: Resolver<ResolversTypes['UpstreamPlan'], ParentType, ContextType, RequireFields<QueryExplainArgs, 'document'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  providers?: Resolver<ReadonlyArray<ResolversTypes['Provider']>, ParentType, ContextType>;
  transaction?: Resolver<Maybe<ResolversTypes['Transaction']>, ParentType, ContextType, RequireFields<QueryTransactionArgs, 'id'>>;
  transactionByProviderId?: Resolver<Maybe<ResolversTypes['Transaction']>, ParentType, ContextType, RequireFields<QueryTransactionByProviderIdArgs, 'ledger' | 'provider' | 'providerTransactionId'>>;
  transactions?: Resolver<Maybe<ResolversTypes['TransactionConnection']>, ParentType, ContextType, Partial<QueryTransactionsArgs>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type SourceReportResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['SourceReport'] = ResolversParentTypes['SourceReport']> = {
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ledger?: Resolver<Maybe<ResolversTypes['Ledger']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['ProviderCode'], ParentType, ContextType>;
  providerAccountId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SourceState'], ParentType, ContextType>;
};

export type StatementEntryResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StatementEntry'] = ResolversParentTypes['StatementEntry']> = {
  runningBalance?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  runningOrigin?: Resolver<Maybe<ResolversTypes['BalanceOrigin']>, ParentType, ContextType>;
  transaction?: Resolver<ResolversTypes['Transaction'], ParentType, ContextType>;
};

export type StatementEntryConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StatementEntryConnection'] = ResolversParentTypes['StatementEntryConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['StatementEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['StatementEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StatementEntryEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['StatementEntryEdge'] = ResolversParentTypes['StatementEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StatementEntry'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  balancesChanged?: SubscriptionResolver<ResolversTypes['BalancesChanged'], "balancesChanged", ParentType, ContextType, Partial<SubscriptionBalancesChangedArgs>>;
  transactionsChanged?: SubscriptionResolver<ResolversTypes['TransactionsChanged'], "transactionsChanged", ParentType, ContextType, Partial<SubscriptionTransactionsChangedArgs>>;
};

export interface TimeZoneScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['TimeZone'], any> {
  name: 'TimeZone';
}

export type TransactionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Transaction'] = ResolversParentTypes['Transaction'], FederationReferenceType extends FederationReferenceTypes['Transaction'] = FederationReferenceTypes['Transaction']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Transaction']> | FederationReferenceType, FederationReferenceType, ContextType>;
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  amount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  balance?: Resolver<Maybe<ResolversTypes['Balance']>, ParentType, ContextType>;
  channel?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  counterAmount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  direction?: Resolver<ResolversTypes['TransactionDirection'], ParentType, ContextType>;
  endingBalance?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  exchangeRate?: Resolver<Maybe<ResolversTypes['Decimal']>, ParentType, ContextType>;
  fee?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ledger?: Resolver<ResolversTypes['Ledger'], ParentType, ContextType>;
  network?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['Provider'], ParentType, ContextType>;
  providerTransactionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  referenceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  shortId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  signedAmount?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TransactionStatus'], ParentType, ContextType>;
  statusRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['TransactionType'], ParentType, ContextType>;
  typeRaw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TransactionConnectionResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TransactionConnection'] = ResolversParentTypes['TransactionConnection']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  edges?: Resolver<ReadonlyArray<ResolversTypes['TransactionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Transaction']>, ParentType, ContextType>;
  pageCursors?: Resolver<Maybe<ResolversTypes['PageCursors']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type TransactionEdgeResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TransactionEdge'] = ResolversParentTypes['TransactionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Transaction'], ParentType, ContextType>;
};

export type TransactionsChangedResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['TransactionsChanged'] = ResolversParentTypes['TransactionsChanged']> = {
  added?: Resolver<ReadonlyArray<ResolversTypes['Transaction']>, ParentType, ContextType>;
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  changed?: Resolver<ReadonlyArray<ResolversTypes['Transaction']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceReport']>, ParentType, ContextType>;
  trigger?: Resolver<ResolversTypes['ChangeTrigger'], ParentType, ContextType>;
  truncated?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type UpstreamPlanResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['UpstreamPlan'] = ResolversParentTypes['UpstreamPlan']> = {
  admitted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  budgets?: Resolver<ReadonlyArray<ResolversTypes['PlannedBudget']>, ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  callsAtMost?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  callsNow?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  cost?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refusal?: Resolver<Maybe<ResolversTypes['PlanRefusal']>, ParentType, ContextType>;
  steps?: Resolver<ReadonlyArray<ResolversTypes['PlannedCalls']>, ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = GatewayContext, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  accounts?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GatewayContext> = {
  Account?: AccountResolvers<ContextType>;
  AccountConnection?: AccountConnectionResolvers<ContextType>;
  AccountEdge?: AccountEdgeResolvers<ContextType>;
  ActivityPoint?: ActivityPointResolvers<ContextType>;
  ActivitySeries?: ActivitySeriesResolvers<ContextType>;
  Balance?: BalanceResolvers<ContextType>;
  BalanceCheck?: BalanceCheckResolvers<ContextType>;
  BalanceConnection?: BalanceConnectionResolvers<ContextType>;
  BalanceEdge?: BalanceEdgeResolvers<ContextType>;
  BalanceHistory?: BalanceHistoryResolvers<ContextType>;
  BalancePoint?: BalancePointResolvers<ContextType>;
  BalanceStatement?: BalanceStatementResolvers<ContextType>;
  BalanceTotals?: BalanceTotalsResolvers<ContextType>;
  BalancesChanged?: BalancesChangedResolvers<ContextType>;
  ConversionLine?: ConversionLineResolvers<ContextType>;
  ConvertedTotal?: ConvertedTotalResolvers<ContextType>;
  CurrencyCode?: GraphQLScalarType;
  CurrencyTotal?: CurrencyTotalResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  Decimal?: GraphQLScalarType;
  ExchangeRate?: ExchangeRateResolvers<ContextType>;
  ExchangeRateList?: ExchangeRateListResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  Money?: MoneyResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageCursor?: PageCursorResolvers<ContextType>;
  PageCursors?: PageCursorsResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PlanRefusal?: PlanRefusalResolvers<ContextType>;
  PlannedBudget?: PlannedBudgetResolvers<ContextType>;
  PlannedCalls?: PlannedCallsResolvers<ContextType>;
  Provider?: ProviderResolvers<ContextType>;
  ProviderCode?: ProviderCodeResolvers;
  Query?: QueryResolvers<ContextType>;
  SourceReport?: SourceReportResolvers<ContextType>;
  StatementEntry?: StatementEntryResolvers<ContextType>;
  StatementEntryConnection?: StatementEntryConnectionResolvers<ContextType>;
  StatementEntryEdge?: StatementEntryEdgeResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  TimeZone?: GraphQLScalarType;
  Transaction?: TransactionResolvers<ContextType>;
  TransactionConnection?: TransactionConnectionResolvers<ContextType>;
  TransactionEdge?: TransactionEdgeResolvers<ContextType>;
  TransactionsChanged?: TransactionsChangedResolvers<ContextType>;
  UpstreamPlan?: UpstreamPlanResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = GatewayContext> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
