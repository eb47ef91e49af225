import type { Account, AccountRef, Balance, Transaction } from '../domain/model.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { ReadContext, Reading } from './upstream.ts';

/** Rows of one upstream page, in the upstream's own order. */
export interface UpstreamPage<Row> {
  readonly rows: readonly Row[];
  /** Rows in the whole list, where the provider counts them. */
  readonly rowCount: number | null;
  /** Whether another page follows this one. */
  readonly hasMore: boolean;
}

/** A list read page by page, each page fetched only when it is pulled. */
export type PageStream<Row> = AsyncIterable<Reading<UpstreamPage<Row>>>;

/** The accounts of one provider's credentials. */
export interface AccountBook {
  /** The account the credentials belong to. Never on a page of `connected`. */
  master(context: ReadContext): Promise<Reading<Account>>;
  /** Connected accounts, at most `pageSizeMax` a page. Ends at once for providers without any. */
  connected(context: ReadContext): PageStream<Account>;
  /** One connected account; null when there is none. Absent where the provider has no such route. */
  readonly one?: (providerAccountId: string, context: ReadContext) => Promise<Reading<Account | null>>;
}

/** The balances of one ledger. */
export interface BalanceBook {
  readonly ledger: Ledger;
  /** Rows a list page holds at most; says what a list costs once its length is known. */
  readonly pageSizeMax: number;
  /** All balances of an account in this ledger. */
  list(account: AccountRef, context: ReadContext): PageStream<Balance>;
  /**
   * One balance by currency: null when the provider says there is none, `UNSURE` when its refusal may mean
   * that or something else (then only the list can tell). Absent where the provider has no such route.
   */
  readonly one?: (
    account: AccountRef,
    currency: string,
    context: ReadContext,
  ) => Promise<Reading<Balance | null | 'UNSURE'>>;
}

/** One value for each field of a transaction list that the upstream can filter by; absent means no filter. */
export interface TransactionQuery {
  readonly currency?: string;
  /** The provider's word. */
  readonly type?: string;
  /** The provider's word. */
  readonly status?: string;
}

/** A stretch of a list by time, both bounds inclusive, whole seconds since the epoch; null is open. */
export interface SecondRange {
  readonly fromSecond: number | null;
  readonly toSecond: number | null;
}

/**
 * The transactions of one ledger, as a list by page number that can be narrowed by time. The order of its rows
 * is not promised by anybody: readers look at it.
 */
export interface TransactionBook {
  readonly kind: 'page-number';
  readonly ledger: Ledger;
  readonly pageSizeMin: number;
  readonly pageSizeMax: number;
  /** Longest span between both bounds, in seconds; null when the provider states none. */
  readonly spanSecondsMax: number | null;
  /** Words the upstream can filter types by, by our own word; a type that is missing is filtered here. */
  readonly typeWords: Readonly<Record<string, string>>;
  /** The same for statuses. */
  readonly statusWords: Readonly<Record<string, string>>;
  /** Reads one page; `pageNumber` from 1. Rows in the upstream's order; `rowCount` counts the whole range. */
  page(
    account: AccountRef,
    query: TransactionQuery,
    range: SecondRange,
    pageNumber: number,
    pageSize: number,
    context: ReadContext,
  ): Promise<Reading<CountedPage<Transaction>>>;
}

/** A page of a list whose length is known. */
export interface CountedPage<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number;
}

/** One connected provider. */
export interface Provider {
  readonly code: ProviderCode;
  readonly name: string;
  readonly environment: ProviderEnvironment;
  /** Ledgers this gateway reads, in display order. */
  readonly ledgers: readonly Ledger[];
  readonly accounts: AccountBook;
  /** One book per ledger that has balances. */
  readonly balances: ReadonlyMap<Ledger, BalanceBook>;
  /** One book per ledger whose transactions the provider lists; a ledger that is missing has no list. */
  readonly transactions: ReadonlyMap<Ledger, TransactionBook>;
}
