import * as z from 'zod';

const behaviourSchema = z.strictObject({
  codesAreSingleUse: z.boolean(),
  codeStepsBackMax: z.union([z.literal(0), z.literal(1)]),
  refusalOfCalls: z.enum(['401-envelope', '401-text', '401-empty', '403-envelope', '400-envelope']),
  loginRefusalStatus: z.union([z.literal(200), z.literal(400), z.literal(401)]),
  loginFailuresMax: z.int().min(1),
  refreshToken: z.boolean(),
  singleLiveToken: z.boolean(),
  balanceIdField: z.enum(['id', 'assetAccountId', 'both']),
  balancesUnpaged: z.enum(['whole', 'first-page']),
  pageParameterCasing: z.enum(['any', 'camel', 'pascal']),
  numberOfPages: z.union([z.boolean(), z.literal('one')]),
  pageBeyondEnd: z.enum(['empty', 'refused', 'last-page']),
  pageNumber: z.enum(['heeded', 'ignored']),
  pageNumberEcho: z.enum(['used', 'asked', 'none']),
  emptyPageNumber: z.int().min(1).nullable(),
  pageSizeMax: z.int().min(1),
  pageSizeEcho: z.enum(['used', 'asked', 'none']),
  pageBegins: z.enum(['by-size-used', 'by-size-asked', 'by-default-size']),
  pageOrder: z.enum(['one', 'drawn-for-each-page']),
  staticSamples: z.boolean(),
  transactionOrder: z.enum(['newest-first', 'oldest-first']),
  transactionCasing: z.enum(['camel', 'pascal']),
  transactionAccountField: z.enum(['AccountsId', 'AccountId', 'AssetAccountId', 'none']),
  accountFilter: z.enum(['kept', 'ignored']),
  transactionIdsAreUnique: z.boolean(),
  emptyDetails: z.enum(['array', 'null']),
  callbackSignature: z.enum(['base64', 'hex']),
  refusalOfSuppressedLists: z.union([z.literal(400), z.literal(404)]).nullable(),
});

/** Switches for what the reference calls unknown or disputed. */
export interface IbaneraBehaviour {
  /** Whether a code is refused when it is used again, logins included (section 2.2). */
  codesAreSingleUse: boolean;
  /** How many steps old a code may be (section 2.2). */
  codeStepsBackMax: 0 | 1;
  /** The answer to a call whose token or code is refused; not documented (section 2.2). */
  refusalOfCalls: '401-envelope' | '401-text' | '401-empty' | '403-envelope' | '400-envelope';
  /** HTTP status of a refused login; the message codes are documented, the status is not (section 2.1). */
  loginRefusalStatus: 200 | 400 | 401;
  /** How many refused logins in a row lock the account for ten minutes (section 2.1, which gives no number). */
  loginFailuresMax: number;
  /** Whether a login also returns the two refresh fields (section 9). */
  refreshToken: boolean;
  /** Whether a new login ends the token before it; not documented. */
  singleLiveToken: boolean;
  /** Name of the field that identifies a balance (section 4). */
  balanceIdField: 'id' | 'assetAccountId' | 'both';
  /** What balances return without page parameters (section 3: the whole list; other routes return a first page). */
  balancesUnpaged: 'whole' | 'first-page';
  /** Accepted spellings of the page parameters (section 9). Others are ignored. */
  pageParameterCasing: 'any' | 'camel' | 'pascal';
  /** Whether lists have `numberOfPages` (section 9); `one` always says that there is one page. */
  numberOfPages: boolean | 'one';
  /** What a `pageNumber` past the last page returns; not documented. */
  pageBeyondEnd: 'empty' | 'refused' | 'last-page';
  /**
   * How the page number is treated: `ignored` returns the first page for every number, as an unknown spelling would.
   */
  pageNumber: 'heeded' | 'ignored';
  /** The page number in a reply: the requested one ("echo of the requested page", section 3), the real one, or none. */
  pageNumberEcho: 'used' | 'asked' | 'none';
  /** A page that is empty although the list has rows there; null for none. */
  emptyPageNumber: number | null;
  /** Larger page sizes are reduced to this; not documented. */
  pageSizeMax: number;
  /** The page size in a reply whose size was reduced: "echo of the requested page" (section 3) may mean either. */
  pageSizeEcho: 'used' | 'asked' | 'none';
  /** Which size decides where a page begins: the used one, the requested one when it was reduced, or always the default of ten. */
  pageBegins: 'by-size-used' | 'by-size-asked' | 'by-default-size';
  /** Whether all pages are cut from one order of the rows; no order is documented (section 3). */
  pageOrder: 'one' | 'drawn-for-each-page';
  /** Whether every list returns two rows and the page fields of the documented sample (section 4). */
  staticSamples: boolean;
  /** Order of the transaction list; not documented. */
  transactionOrder: 'newest-first' | 'oldest-first';
  /** Spelling of a transaction's fields (section 6). */
  transactionCasing: 'camel' | 'pascal';
  /** Name of the field with a transaction's account (section 9); `none` leaves it out. */
  transactionAccountField: 'AccountsId' | 'AccountId' | 'AssetAccountId' | 'none';
  /** Whether the transaction list keeps to the requested account; one client sends that filter (section 5). */
  accountFilter: 'kept' | 'ignored';
  /** Whether a transaction id is unique over all accounts, or only within each; not documented. */
  transactionIdsAreUnique: boolean;
  /** How a list without rows is written: `details` is "object, array or null" (section 3). */
  emptyDetails: 'array' | 'null';
  /** Encoding of `webhook-signature`; not documented, base64 in the sample of a sibling (section 7). */
  callbackSignature: 'base64' | 'hex';
  /** HTTP status that refuses the transactions of a suppressed account; null lists them. Not documented. */
  refusalOfSuppressedLists: 400 | 404 | null;
}

/** The strict interpretation of the documents. */
export const defaultBehaviour: Readonly<IbaneraBehaviour> = {
  codesAreSingleUse: false,
  codeStepsBackMax: 1,
  refusalOfCalls: '401-envelope',
  loginRefusalStatus: 400,
  loginFailuresMax: 5,
  refreshToken: true,
  singleLiveToken: false,
  balanceIdField: 'id',
  balancesUnpaged: 'whole',
  pageParameterCasing: 'any',
  numberOfPages: true,
  pageBeyondEnd: 'empty',
  pageNumber: 'heeded',
  pageNumberEcho: 'used',
  emptyPageNumber: null,
  pageSizeMax: 100,
  pageSizeEcho: 'used',
  pageBegins: 'by-size-used',
  pageOrder: 'one',
  staticSamples: false,
  transactionOrder: 'newest-first',
  transactionCasing: 'camel',
  transactionAccountField: 'AccountsId',
  accountFilter: 'kept',
  transactionIdsAreUnique: true,
  emptyDetails: 'array',
  callbackSignature: 'base64',
  refusalOfSuppressedLists: null,
};

/** `base` with some switches changed. Throws RangeError naming a switch or value that does not exist. */
export function withBehaviour(
  base: Readonly<IbaneraBehaviour>,
  changes: Partial<IbaneraBehaviour>,
): IbaneraBehaviour {
  const parsed = behaviourSchema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new RangeError(`behaviour: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
