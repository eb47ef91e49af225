import type { AccountRef, Transaction } from '../domain/model.ts';
import type { Ledger } from '../domain/vocabulary.ts';
import type { CountedPage } from './page.ts';
import type { ReadContext, Reading } from './upstream.ts';

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

/** The transactions of one ledger. */
export type TransactionFeed = PageNumberFeed | PageTokenFeed;

/** What is the same however a list is read. */
interface LedgerFeed {
  readonly ledger: Ledger;
  readonly pageSizeMax: number;
  /** What in a row says which balance it moved. */
  readonly movesBalanceBy: 'currency' | 'provider-id';
  /**
   * What no row of this ledger says: a `direction` other than UNSPECIFIED, a `referenceId`. Nothing is asked for by it.
   * Absent: rows may say both.
   */
  readonly neverSays?: readonly ('direction' | 'reference')[];
}

/**
 * A list by page number that can be narrowed by time. The order of its rows is not promised by anybody: readers
 * look at it.
 */
export interface PageNumberFeed extends LedgerFeed {
  readonly kind: 'page-number';
  readonly pageSizeMin: number;
  /** Longest span between both bounds, in seconds; null when the provider states none. */
  readonly spanSecondsMax: number | null;
  /** Words the upstream can filter types by, by our own word; a type that is missing is filtered here. */
  readonly typeMapping: Readonly<Record<string, string>>;
  /** The same for statuses. */
  readonly statusMapping: Readonly<Record<string, string>>;
  /** Reads one page; `pageNumber` from 1. Rows in the upstream's order; `rowCount` counts the whole range. */
  page(
    account: AccountRef,
    query: TransactionQuery,
    range: SecondRange,
    pageNumber: number,
    pageSize: number,
    context: ReadContext,
  ): Promise<Reading<CountedPage<Transaction>>>;
  /**
   * One row by the provider's identifier; null when there is none, `UNSURE` where only the list can tell. Absent where
   * the list cannot be narrowed so.
   */
  readonly one?: (
    account: AccountRef,
    providerTransactionId: string,
    context: ReadContext,
  ) => Promise<Reading<Transaction | null | 'UNSURE'>>;
}

/** Which end of a list is read first. */
export type ReadingOrder = 'newest-first' | 'oldest-first';

/** A page of a list that is read forward only. */
export interface TokenPage {
  readonly rows: readonly Transaction[];
  /** Opens the page after this one; null on the last page. */
  readonly nextPageToken: string | null;
}

/**
 * A list that is read in one direction only, from either end, page after page by an opaque token, and that cannot
 * be narrowed. Rows are in order by whole seconds. A page may be empty and not be the last; rows that arrive while
 * the list is read may push known ones onto a later page. CURSOR_INVALID when the provider no longer takes a token.
 */
export interface PageTokenFeed extends LedgerFeed {
  readonly kind: 'page-token';
  /** Orders the list can be read in, `newest-first` always; another one is refused with BAD_USER_INPUT. */
  readonly orders: readonly ReadingOrder[];
  /** Reads one page; a null token is the first page of `order`. A token is good for its order only. */
  page(
    account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    context: ReadContext,
  ): Promise<Reading<TokenPage>>;
  /** The same list with the rows of one balance alone; absent where the provider cannot narrow it so. */
  readonly ofBalance?: (providerBalanceId: string) => PageTokenFeed;
  /** One row by the provider's identifier; null when there is none. Absent where there is no such route. */
  readonly one?: (
    account: AccountRef,
    providerTransactionId: string,
    context: ReadContext,
  ) => Promise<Reading<Transaction | null>>;
}
