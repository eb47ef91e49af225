import type { AccountRef, Transaction } from '../domain/model.ts';
import type { Ledger } from '../domain/vocabulary.ts';
import type { CountedPage } from './page.ts';
import type { ReadContext, Reading, Route } from './upstream.ts';

/** Filters that the provider applies to a transaction list, one value each; absent means no filter. */
export interface TransactionQuery {
  readonly currency?: string;
  /** The provider's own value. */
  readonly type?: string;
  /** The provider's own value. */
  readonly status?: string;
}

/** A time range of a list, both bounds inclusive, in whole seconds since the epoch; null leaves that end open. */
export interface SecondRange {
  readonly fromSecond: number | null;
  readonly toSecond: number | null;
}

/** A page of a list with page numbers. */
export interface TransactionPageRequest {
  readonly account: AccountRef;
  readonly query: TransactionQuery;
  readonly range: SecondRange;
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** The transactions of one ledger. */
export type TransactionFeed = PageNumberFeed | PageTokenFeed;

/** What both kinds of feed have in common. */
interface LedgerFeed {
  readonly ledger: Ledger;
  readonly pageSizeMax: number;
  /** The route of `page`. */
  readonly pageRoute: Route;
  /** The route of `one`; present exactly if `one` is. */
  readonly oneRoute?: Route;
  /** Which field of a row identifies the balance it moved. */
  readonly movesBalanceBy: 'currency' | 'provider-id';
  /** Whether completed rows state the balance after them (`endingBalance`); absent: they do not. */
  readonly reportsEndingBalance?: boolean;
  /**
   * Whether the rows read so far have shown that the signs of amounts are effects (`Transaction.signIsEffect`). Rows
   * read before that lack the mark. Absent if rows have a direction.
   */
  areSignsEffects?(): boolean;
  /**
   * Fields that no row of this ledger has: a `direction` other than UNSPECIFIED, a `referenceId`. A filter by such a
   * field matches nothing and costs no call. Absent: rows may have both.
   */
  readonly absentFields?: readonly ('direction' | 'reference')[];
}

/**
 * A list with page numbers that can be filtered by time. No provider promises an order of its rows, so readers observe
 * the order.
 */
export interface PageNumberFeed extends LedgerFeed {
  readonly kind: 'page-number';
  readonly pageSizeMin: number;
  /** Longest time range of one request, in seconds; null when the provider states none. */
  readonly spanSecondsMax: number | null;
  /** The provider's filter value for each of our types; the gateway itself filters by types that are missing. */
  readonly typeMapping: Readonly<Record<string, string>>;
  /** The same for statuses. */
  readonly statusMapping: Readonly<Record<string, string>>;
  /** Reads one page. Rows are in the provider's order; `rowCount` covers the whole range. */
  page(asked: TransactionPageRequest, context: ReadContext): Promise<Reading<CountedPage<Transaction>>>;
  /**
   * One row by the provider's identifier; null if there is none, `UNSURE` if only the list can show it. Absent if the
   * provider cannot filter by identifier.
   */
  readonly one?: (
    account: AccountRef,
    providerTransactionId: string,
    context: ReadContext,
  ) => Promise<Reading<Transaction | null | 'UNSURE'>>;
}

/** Which end of a list is read first. */
export type ReadingOrder = 'newest-first' | 'oldest-first';

/** A page of a list that can only be read forward. */
export interface TokenPage {
  readonly rows: readonly Transaction[];
  /** Token of the next page; null on the last page. */
  readonly nextPageToken: string | null;
}

/**
 * A list that is read forward from either end, page after page by an opaque token, and that cannot be filtered. Rows
 * are ordered by whole seconds. A page may be empty without being the last. Rows that arrive while the list is read may
 * push rows already seen onto a later page. Rejects with CURSOR_INVALID when the provider no longer accepts a token.
 */
export interface PageTokenFeed extends LedgerFeed {
  readonly kind: 'page-token';
  /** Orders in which the list can be read, always including `newest-first`; others are refused with BAD_USER_INPUT. */
  readonly orders: readonly ReadingOrder[];
  /** Reads one page; a null token means the first page of `order`. A token is valid for its order only. */
  page(
    account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    context: ReadContext,
  ): Promise<Reading<TokenPage>>;
  /** Set if each balance has a list of its own: `page` merges a page of each, and the first page reads the balances. */
  readonly listsByBalance?: {
    /** How many lists the account had when last read; null before the first read. */
    count(): number | null;
  };
  /** The same list with the rows of one balance only; absent if the provider cannot filter by balance. */
  readonly ofBalance?: (providerBalanceId: string) => PageTokenFeed;
  /** One row by the provider's identifier; null if there is none. Absent if there is no such route. */
  readonly one?: (
    account: AccountRef,
    providerTransactionId: string,
    context: ReadContext,
  ) => Promise<Reading<Transaction | null>>;
}
