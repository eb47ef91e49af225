import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';

/** Which end of a list is read first. */
export type ReadingOrder = 'newest-first' | 'oldest-first';

/** A page of a list that is read forward only. */
export interface TokenPage {
  readonly rows: readonly Transaction[];
  /** Opens the page after this one; null on the last page. */
  readonly nextPageToken: string | null;
}

/**
 * The transactions of one ledger, as a list that is read forward from either end, page after page by an opaque
 * token. A page may be empty and not be the last. CURSOR_INVALID when the provider no longer takes a token.
 */
export interface PageTokenBook {
  readonly kind: 'page-token';
  readonly ledger: Ledger;
  /** Orders the provider's list can be read in; another one is refused with BAD_USER_INPUT. */
  readonly orders: readonly ReadingOrder[];
  readonly pageSizeMax: number;
  /** Reads one page; a null token is the first page of `order`. A token is good for its order only. */
  page(
    account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    context: ReadContext,
  ): Promise<Reading<TokenPage>>;
  /** One row by the provider's identifier; null when there is none. Absent where there is no such route. */
  readonly one?: (
    account: AccountRef,
    providerTransactionId: string,
    context: ReadContext,
  ) => Promise<Reading<Transaction | null>>;
}
