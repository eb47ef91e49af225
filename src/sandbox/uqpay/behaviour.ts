import * as z from 'zod';

const behaviourSchema = z.strictObject({
  listOrder: z.enum(['newest-first', 'oldest-first', 'unordered']),
  tieOrder: z.enum(['inserted', 'id-ascending', 'id-descending', 'hashed']),
  timeComparison: z.enum(['exact', 'second']),
  issuingAmountsAs: z.enum(['number', 'string']),
  bankingTransactionAmountsAs: z.enum(['string', 'number']),
  openEndedIssuingRange: z.enum(['whole', 'clipped', 'refused']),
  unboundedIssuingRange: z.enum(['whole', 'clipped']),
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
  pageStart: z.enum(['of-given-size', 'of-asked-size', 'of-page-size-10']),
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
  webhookNames: z.enum(['documented', 'swapped']),
  webhookTimestamp: z.enum(['milliseconds', 'seconds']),
});

/** Switches for what the reference calls unknown or disputed. */
export interface UqpayBehaviour {
  /** Order of the transaction lists; not documented (section 5.1). */
  listOrder: 'newest-first' | 'oldest-first' | 'unordered';
  /** Order within one second; `hashed` is stable and looks random. */
  tieOrder: 'inserted' | 'id-ascending' | 'id-descending' | 'hashed';
  /** Whether the time filter compares the fraction of a create time. */
  timeComparison: 'exact' | 'second';
  /** How issuing balances and ledger amounts are written (section 8, row 1). */
  issuingAmountsAs: 'number' | 'string';
  /** How banking ledger amounts are written (section 8, row 2). */
  bankingTransactionAmountsAs: 'string' | 'number';
  /** What a single issuing time bound selects: everything, 90 days from it, or a 400. */
  openEndedIssuingRange: 'whole' | 'clipped' | 'refused';
  /** What no issuing time bound selects: everything, or the last 90 days. */
  unboundedIssuingRange: 'whole' | 'clipped';
  /** What a `page_number` past the last page returns (section 10). */
  pageBeyondEnd: 'empty' | 'refused' | 'last-page';
  /** What becomes of a `page_size` outside its range (section 10). A missing or unreadable one is always refused. */
  pageSizeOutOfRange: 'refused' | 'clamped';
  /** Smallest `page_size` of the banking lists (section 8, row 6). */
  bankingPageSizeMin: 1 | 10;
  /** Whether Account Center requires `x-client-id` (section 2.1); three SDKs do not send it there. */
  accountsClientIdRequired: boolean;
  /** Smallest `page_size` of the account list (section 8, row 8). */
  accountsPageSizeMin: 1 | 10;
  /** Largest `page_size` of the account list; null for none (section 8, row 8). */
  accountsPageSizeMax: 100 | null;
  /** How an empty `x-on-behalf-of` header is treated (section 8, row 13). */
  emptyOnBehalfOf: 'refused' | 'master';
  /** Whether the payment balance reads require an idempotency key (section 8, row 11). */
  paymentIdempotencyKeyRequired: boolean;
  /** Whether a new token ends the previous one (section 1.4). */
  singleLiveToken: boolean;
  /** Whether a token names its owner (section 1.2); claims are optional. */
  tokenClaims: 'all' | 'none';
  /** The 400 for a currency without a balance (section 10). */
  unknownCurrencyBalance: 'not_found' | 'invalid';
  /** Whether the account list and the account read include the master account. */
  masterListed: boolean;
  /** Order of the account list; not documented (section 3.1). */
  accountOrder: 'oldest-first' | 'newest-first' | 'by-name';
  /** Whether an `end_time` after now is a 400. */
  refuseFutureEndTime: boolean;
  /** Whether account ids are UUIDs, or any text that a header can hold: sources disagree (section 11.2). */
  accountIds: 'uuid' | 'any';
  /**
   * How the offset of `start_time` and `end_time` is read: as written; `Z` alone as UQPAY's own +08:00; or every offset
   * ignored, and the time taken as +08:00 or as UTC. The documents say only "ISO 8601".
   */
  boundOffset: 'heeded' | 'z-as-utc+8' | 'taken-for-utc+8' | 'taken-for-utc';
  /** Whether both bounds are applied and inclusive (section 5.2); those of the stablecoin line are not (section 9). */
  timeBounds: 'inclusive' | 'end-exclusive' | 'start-ignored' | 'end-ignored' | 'ignored';
  /** What `total_items` counts (section 11.2); `text` is the right count as a string. */
  totalItems: 'of-list' | 'of-page' | 'zero' | 'one-less' | 'one-more' | 'text';
  /** What `total_pages` counts: the real pages, those without `pageSizeCap`, pages of ten rows, or one. */
  totalPages: 'of-list' | 'of-asked-size' | 'of-page-size-10' | 'one' | 'absent';
  /** How `page_number` is treated (section 11.2): `ignored` returns the first page for every number. */
  pageNumber: 'heeded' | 'ignored' | 'from-zero';
  /** Most rows on a page, whatever `page_size` says; pages are counted by it. Null for no such limit. */
  pageSizeCap: number | null;
  /**
   * Which page size decides where a page begins: the given one; the requested one, so that the rows between two capped
   * pages are on neither; or the default of ten, so that longer pages repeat rows.
   */
  pageStart: 'of-given-size' | 'of-asked-size' | 'of-page-size-10';
  /** Whether all pages are cut from one order of the rows (section 11.2). */
  pageOrder: 'one' | 'drawn-for-each-page';
  /** A page that is empty although the list has rows there; null for none. */
  emptyPageNumber: number | null;
  /** Whether transaction lists show all pending rows first, each group in `listOrder`. */
  listGrouping: 'none' | 'by-status';
  /** Whether transaction lists are filtered by `currency`, `transaction_type` and `transaction_status`. */
  filters: 'heeded' | 'ignored';
  /** Whether every list returns one row and the counts of the documented sample (section 11.3). */
  staticSamples: boolean;
  /** Whether the master account's transaction lists also show the rows of its sub-accounts; not documented. */
  masterLists: 'own' | 'all';
  /** Case of the currencies in replies; upper case in the documents. */
  currencyCase: 'upper' | 'lower' | 'capitalised';
  /** Whether a requested or filtered currency must be spelled as replies spell it. */
  currencyMatching: 'as-written' | 'any-case';
  /** Where exchange rates are in the reply: the documents, two SDKs and a third disagree (section 11.1). */
  rateShape: 'array-in-data' | 'all-in-data' | 'rates-in-data';
  /** How prices of exchange rates are written; strings in the SDKs. */
  ratePricesAs: 'string' | 'number';
  /** Whether rates follow the clock, or are yesterday's and say so in `last_updated`. */
  ratesUpdated: 'now' | 'a-day-ago';
  /** Whether webhooks have the dotted word in `event_type`, or swapped with `event_name` (section 8, row 29). */
  webhookNames: 'documented' | 'swapped';
  /** Unit of `x-wk-timestamp` (section 8, row 28). */
  webhookTimestamp: 'milliseconds' | 'seconds';
}

/** The strict interpretation of the documents. */
export const defaultBehaviour: Readonly<UqpayBehaviour> = {
  listOrder: 'newest-first',
  tieOrder: 'inserted',
  timeComparison: 'exact',
  issuingAmountsAs: 'number',
  bankingTransactionAmountsAs: 'string',
  openEndedIssuingRange: 'whole',
  unboundedIssuingRange: 'whole',
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
  webhookNames: 'documented',
  webhookTimestamp: 'milliseconds',
};

/** `base` with some switches changed. Throws RangeError naming a switch or value that does not exist. */
export function withBehaviour(
  base: Readonly<UqpayBehaviour>,
  changes: Partial<UqpayBehaviour>,
): UqpayBehaviour {
  const parsed = behaviourSchema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new RangeError(`behaviour: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
