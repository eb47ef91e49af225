import type { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type {
  Ledger,
  ProviderCode,
  TransactionDirection,
  TransactionStatus,
  TransactionType,
} from '../../domain/vocabulary.ts';

/** Relay's direction: from the list's first row on, or from its last row back. */
export type PageDirection = 'forward' | 'backward';

/** Relay's four arguments after checking: exactly one direction, 1 to 100 rows, a cursor of that direction. */
export interface PageArguments {
  readonly direction: PageDirection;
  /** `first` or `last`: 1 to 100. */
  readonly size: number;
  /** `after` or `before`; null starts at the first row in the direction. */
  readonly cursor: string | null;
  /** The other cursor if both `after` and `before` were given: where the page must stop. */
  readonly until: string | null;
  /**
   * Whether the caller selected `totalCount` or `pageCursors`: then a countable way of reading is preferred.
   */
  readonly wantsTotal: boolean;
}

/**
 * Arguments of a page of `size` rows from a cursor on; null starts at the list's first row. Its total is not
 * needed.
 */
export function pageFrom(cursor: string | null, size: number): PageArguments {
  return { direction: 'forward', size, cursor, until: null, wantsTotal: false };
}

/** The transactions requested. Null does not narrow; an empty list matches nothing. */
export interface TransactionSelection {
  readonly accounts: readonly WantedAccount[];
  /** Whether a filter chose the accounts, and not the parent field. */
  readonly accountsAreFiltered?: boolean;
  readonly ledgers: readonly Ledger[] | null;
  /** Only rows that moved this balance, in ledgers whose rows name it by the provider's identifier. */
  readonly providerBalanceId?: string | null;
  /** Only rows with these identifiers. No list accepts a cursor made with it. */
  readonly providerTransactionIds?: readonly string[] | null;
  readonly currencies: readonly string[] | null;
  readonly types: readonly TransactionType[] | null;
  readonly statuses: readonly TransactionStatus[] | null;
  readonly referenceIds: readonly string[] | null;
  readonly directions: readonly TransactionDirection[] | null;
  /** Inclusive. */
  readonly createdFrom: Instant | null;
  /** Exclusive. */
  readonly createdTo: Instant | null;
}

/** An account whose transactions are requested, with its ledgers if already known. */
export interface WantedAccount {
  readonly ref: AccountRef;
  readonly ledgers: readonly Ledger[] | null;
}

/** The outcome of one upstream source of a list. */
export interface SourceOutcome {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  readonly providerAccountId: string | null;
  readonly state: 'OK' | 'STALE' | 'PARTIAL' | 'FAILED';
  /** Why it is not OK; null when it is. */
  readonly failure: Failure | null;
}

/** A jump target in a numbered pager: the value for `after` that opens the page; '' opens page 1. */
export interface PageCursor {
  readonly cursor: string;
  readonly page: number;
  readonly isCurrent: boolean;
}

/** Ready-made cursors for a numbered pager. */
export interface PageCursors {
  readonly first: PageCursor | null;
  readonly previous: PageCursor | null;
  readonly around: readonly PageCursor[];
  readonly last: PageCursor | null;
}

/**
 * One page. A field that may need a call of its own is a function: it is called only if the caller selected
 * the field, and always returns the same result.
 */
export interface TransactionPage {
  readonly rows: readonly Transaction[];
  /** Cursor of a row of this page, by its index from 0. */
  cursorOf(rowIndex: number): string;
  /**
   * Where to continue from a page that failing sources left empty: the cursor of its request; otherwise null.
   */
  readonly resumeCursor: string | null;
  hasNextPage(): Promise<boolean>;
  hasPreviousPage(): Promise<boolean>;
  totalCount(): Promise<number | null>;
  pageCursors(): Promise<PageCursors | null>;
  /** Upper end of the window. */
  readonly asOf: Instant;
  readonly sources: readonly SourceOutcome[];
}
