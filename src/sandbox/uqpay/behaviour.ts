import * as z from 'zod';

const behaviourSchema = z.strictObject({
  listOrder: z.enum(['newest-first', 'oldest-first', 'unordered']),
  tieOrder: z.enum(['inserted', 'id-ascending', 'id-descending', 'hashed']),
  timeComparison: z.enum(['exact', 'second']),
  issuingAmountsAs: z.enum(['number', 'string']),
  bankingTransactionAmountsAs: z.enum(['string', 'number']),
  openEndedIssuingRange: z.enum(['whole', 'clipped', 'refused']),
  pageBeyondEnd: z.enum(['empty', 'refused', 'last-page']),
  pageSizeOutOfRange: z.enum(['refused', 'clamped']),
  bankingPageSizeMin: z.union([z.literal(1), z.literal(10)]),
  accountsClientIdRequired: z.boolean(),
  accountsPageSizeMin: z.union([z.literal(1), z.literal(10)]),
  accountsPageSizeMax: z.union([z.literal(100), z.null()]),
  emptyOnBehalfOf: z.enum(['refused', 'master']),
  paymentIdempotencyKeyRequired: z.boolean(),
  singleLiveToken: z.boolean(),
  tokenClaims: z.enum(['all', 'none']),
  unknownCurrencyBalance: z.enum(['not_found', 'invalid']),
  masterListed: z.boolean(),
  accountOrder: z.enum(['oldest-first', 'newest-first', 'by-name']),
  refuseFutureEndTime: z.boolean(),
  accountIds: z.enum(['uuid', 'any']),
  boundOffset: z.enum(['heeded', 'z-as-utc+8', 'taken-for-utc+8', 'taken-for-utc']),
  timeBounds: z.enum(['inclusive', 'end-exclusive', 'start-ignored', 'end-ignored', 'ignored']),
  totalItems: z.enum(['of-list', 'of-page', 'zero', 'one-less', 'one-more', 'text']),
  totalPages: z.enum(['of-list', 'of-asked-size', 'of-page-size-10', 'one', 'absent']),
  pageNumber: z.enum(['heeded', 'ignored', 'from-zero']),
  pageSizeCap: z.int().min(1).nullable(),
  pageStart: z.enum(['of-given-size', 'of-asked-size']),
  pageOrder: z.enum(['one', 'drawn-for-each-page']),
  emptyPageNumber: z.int().min(1).nullable(),
  listGrouping: z.enum(['none', 'by-status']),
  filters: z.enum(['heeded', 'ignored']),
  staticSamples: z.boolean(),
  masterLists: z.enum(['own', 'all']),
  currencyCase: z.enum(['upper', 'lower', 'capitalised']),
  currencyMatching: z.enum(['as-written', 'any-case']),
  rateShape: z.enum(['array-in-data', 'all-in-data', 'rates-in-data']),
  ratePricesAs: z.enum(['string', 'number']),
  ratesUpdated: z.enum(['now', 'a-day-ago']),
});

/** The switches for what the reference calls unknown or disputed. */
export interface UqpayBehaviour {
  /** Order of the transaction lists; documented nowhere (section 5.1). */
  listOrder: 'newest-first' | 'oldest-first' | 'unordered';
  /** Order inside one second; `hashed` is stable and looks random. */
  tieOrder: 'inserted' | 'id-ascending' | 'id-descending' | 'hashed';
  /** Whether the time filter sees the fraction of a create time. */
  timeComparison: 'exact' | 'second';
  /** How issuing balances and ledger amounts are written (section 8, row 1). */
  issuingAmountsAs: 'number' | 'string';
  /** How banking ledger amounts are written (section 8, row 2). */
  bankingTransactionAmountsAs: 'string' | 'number';
  /** One issuing time bound alone: everything, 90 days from the bound, or a 400. No bound is everything. */
  openEndedIssuingRange: 'whole' | 'clipped' | 'refused';
  /** A `page_number` past the last page (section 10). */
  pageBeyondEnd: 'empty' | 'refused' | 'last-page';
  /** A `page_size` outside its range (section 10). A missing or unreadable one is always refused. */
  pageSizeOutOfRange: 'refused' | 'clamped';
  /** Smallest `page_size` of the banking lists (section 8, row 6). */
  bankingPageSizeMin: 1 | 10;
  /** Whether Account Center insists on `x-client-id` (section 2.1); three SDKs do not send it there. */
  accountsClientIdRequired: boolean;
  /** Smallest `page_size` of the account list (section 8, row 8). */
  accountsPageSizeMin: 1 | 10;
  /** Largest `page_size` of the account list; null is none (section 8, row 8). */
  accountsPageSizeMax: 100 | null;
  /** An empty `x-on-behalf-of` header (section 8, row 13). */
  emptyOnBehalfOf: 'refused' | 'master';
  /** Whether the payment balance reads insist on an idempotency key (section 8, row 11). */
  paymentIdempotencyKeyRequired: boolean;
  /** Whether a new token kills the previous one (section 1.4). */
  singleLiveToken: boolean;
  /** Whether a token says whose it is (section 1.2); claims are optional. */
  tokenClaims: 'all' | 'none';
  /** The 400 for a currency without a balance (section 10). */
  unknownCurrencyBalance: 'not_found' | 'invalid';
  /** Whether the account list and the account read show the master account too. */
  masterListed: boolean;
  /** Order of the account list; documented nowhere (section 3.1). */
  accountOrder: 'oldest-first' | 'newest-first' | 'by-name';
  /** Whether an `end_time` after now is a 400. */
  refuseFutureEndTime: boolean;
  /** Whether account ids are UUIDs, or any text that a header may hold: sources disagree (section 11.2). */
  accountIds: 'uuid' | 'any';
  /**
   * How the offset of `start_time` and `end_time` is read: as written, `Z` alone as UQPAY's own +08:00, or any offset
   * left unread and the time taken for one of +08:00 or of UTC. Documented nowhere beyond "ISO 8601".
   */
  boundOffset: 'heeded' | 'z-as-utc+8' | 'taken-for-utc+8' | 'taken-for-utc';
  /** Whether both bounds are heeded and included (section 5.2), as the stablecoin line does not (section 9). */
  timeBounds: 'inclusive' | 'end-exclusive' | 'start-ignored' | 'end-ignored' | 'ignored';
  /** What `total_items` counts (section 11.2); `text` is the right count as a string. */
  totalItems: 'of-list' | 'of-page' | 'zero' | 'one-less' | 'one-more' | 'text';
  /**
   * What `total_pages` counts: the pages there are, those there would be without `pageSizeCap`, of ten rows, or one.
   */
  totalPages: 'of-list' | 'of-asked-size' | 'of-page-size-10' | 'one' | 'absent';
  /** What becomes of `page_number` (section 11.2): `ignored` gives the first page for every number. */
  pageNumber: 'heeded' | 'ignored' | 'from-zero';
  /** Most rows of a page, whatever `page_size` says, and what pages are counted by; null is no such limit. */
  pageSizeCap: number | null;
  /**
   * Which page size says how many rows lie before a capped page; by the one asked for, rows between pages are on none.
   */
  pageStart: 'of-given-size' | 'of-asked-size';
  /** Whether all pages are cut from one order of the rows (section 11.2). */
  pageOrder: 'one' | 'drawn-for-each-page';
  /** A page that comes without rows although the list has some there; null is none. */
  emptyPageNumber: number | null;
  /** Whether transaction lists show all pending rows first, each group in `listOrder`. */
  listGrouping: 'none' | 'by-status';
  /** Whether transaction lists are narrowed by `currency`, `transaction_type` and `transaction_status`. */
  filters: 'heeded' | 'ignored';
  /** Whether every list is answered with one row and the counts of the documented sample (section 11.3). */
  staticSamples: boolean;
  /** Whether the master account's transaction lists show the rows of its sub-accounts too; documented nowhere. */
  masterLists: 'own' | 'all';
  /** Case of the currencies in replies; the documents have capitals. */
  currencyCase: 'upper' | 'lower' | 'capitalised';
  /** Whether a currency that is asked for, or filtered by, has to be spelled as replies spell it. */
  currencyMatching: 'as-written' | 'any-case';
  /** Where exchange rates stand in the reply: the documents, two SDKs and a third disagree (section 11.1). */
  rateShape: 'array-in-data' | 'all-in-data' | 'rates-in-data';
  /** How prices of exchange rates are written; the SDKs have strings. */
  ratePricesAs: 'string' | 'number';
  /** Whether rates follow the clock, or are those of yesterday and say so in `last_updated`. */
  ratesUpdated: 'now' | 'a-day-ago';
}

/** The strict reading of the documents. */
export const defaultBehaviour: Readonly<UqpayBehaviour> = {
  listOrder: 'newest-first',
  tieOrder: 'inserted',
  timeComparison: 'exact',
  issuingAmountsAs: 'number',
  bankingTransactionAmountsAs: 'string',
  openEndedIssuingRange: 'whole',
  pageBeyondEnd: 'empty',
  pageSizeOutOfRange: 'refused',
  bankingPageSizeMin: 10,
  accountsClientIdRequired: true,
  accountsPageSizeMin: 10,
  accountsPageSizeMax: 100,
  emptyOnBehalfOf: 'refused',
  paymentIdempotencyKeyRequired: true,
  singleLiveToken: true,
  tokenClaims: 'all',
  unknownCurrencyBalance: 'not_found',
  masterListed: false,
  accountOrder: 'oldest-first',
  refuseFutureEndTime: false,
  accountIds: 'uuid',
  boundOffset: 'heeded',
  timeBounds: 'inclusive',
  totalItems: 'of-list',
  totalPages: 'of-list',
  pageNumber: 'heeded',
  pageSizeCap: null,
  pageStart: 'of-given-size',
  pageOrder: 'one',
  emptyPageNumber: null,
  listGrouping: 'none',
  filters: 'heeded',
  staticSamples: false,
  masterLists: 'own',
  currencyCase: 'upper',
  currencyMatching: 'as-written',
  rateShape: 'array-in-data',
  ratePricesAs: 'string',
  ratesUpdated: 'now',
};

/** `base` with some switches turned. Throws RangeError naming a switch or value that does not exist. */
export function withBehaviour(
  base: Readonly<UqpayBehaviour>,
  changes: Partial<UqpayBehaviour>,
): UqpayBehaviour {
  const parsed = behaviourSchema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new RangeError(`behaviour: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
