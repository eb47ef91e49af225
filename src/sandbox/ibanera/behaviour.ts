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
  pageBegins: z.enum(['by-size-used', 'by-size-asked']),
  pageOrder: z.enum(['one', 'drawn-for-each-page']),
  staticSamples: z.boolean(),
  transactionOrder: z.enum(['newest-first', 'oldest-first']),
  transactionCasing: z.enum(['camel', 'pascal']),
  transactionAccountField: z.enum(['AccountsId', 'AccountId', 'AssetAccountId', 'none']),
  accountFilter: z.enum(['kept', 'ignored']),
  transactionIdsAreUnique: z.boolean(),
  emptyDetails: z.enum(['array', 'null']),
  refusalOfSuppressedLists: z.union([z.literal(400), z.literal(404)]).nullable(),
});

/** The switches for what the reference calls unknown or disputed. */
export interface IbaneraBehaviour {
  /** Whether a code is refused the second time, logins included (section 2.2). */
  codesAreSingleUse: boolean;
  /** How many steps old a code may be (section 2.2). */
  codeStepsBackMax: 0 | 1;
  /** The answer to a call whose token or code is refused; documented nowhere (section 2.2). */
  refusalOfCalls: '401-envelope' | '401-text' | '401-empty' | '403-envelope' | '400-envelope';
  /** HTTP status of a refused login; the message codes are documented, the status is not (section 2.1). */
  loginRefusalStatus: 200 | 400 | 401;
  /** Refused logins in a row that lock the account for ten minutes (section 2.1; the number is not given). */
  loginFailuresMax: number;
  /** Whether a login also answers the two refresh fields (section 9). */
  refreshToken: boolean;
  /** Whether a new login ends the token before it; documented nowhere. */
  singleLiveToken: boolean;
  /** Name of a balance's identifier (section 4). */
  balanceIdField: 'id' | 'assetAccountId' | 'both';
  /** What balances without page parameters are (section 3: the whole list; other routes give a first page). */
  balancesUnpaged: 'whole' | 'first-page';
  /** Spellings of the page parameters that are understood (section 9). Others are ignored. */
  pageParameterCasing: 'any' | 'camel' | 'pascal';
  /** Whether lists carry `numberOfPages` (section 9), or always say that there is one page. */
  numberOfPages: boolean | 'one';
  /** A `pageNumber` past the last page; documented nowhere. */
  pageBeyondEnd: 'empty' | 'refused' | 'last-page';
  /** What becomes of the page number: `ignored` gives the first page for every number, as other spellings would. */
  pageNumber: 'heeded' | 'ignored';
  /** The number a reply says: "echo of the requested page" (section 3), the page it really is, or none. */
  pageNumberEcho: 'used' | 'asked' | 'none';
  /** A page that comes without rows although the list has some there; null is none. */
  emptyPageNumber: number | null;
  /** Larger page sizes are cut down to this; documented nowhere. */
  pageSizeMax: number;
  /** The size a reply says when it was cut down: "echo of the requested page" (section 3) may be either. */
  pageSizeEcho: 'used' | 'asked' | 'none';
  /** Which size tells where a page begins when it was cut down; documented nowhere. */
  pageBegins: 'by-size-used' | 'by-size-asked';
  /** Whether all pages are cut from one order of the rows; no order is documented (section 3). */
  pageOrder: 'one' | 'drawn-for-each-page';
  /** Whether every list is answered with two rows and the page fields of the documented sample (section 4). */
  staticSamples: boolean;
  /** Order of the transaction list; documented nowhere. */
  transactionOrder: 'newest-first' | 'oldest-first';
  /** Spelling of a transaction's fields (section 6). */
  transactionCasing: 'camel' | 'pascal';
  /** Name of a transaction's account (section 9), or a row that does not name it. */
  transactionAccountField: 'AccountsId' | 'AccountId' | 'AssetAccountId' | 'none';
  /** Whether the transaction list keeps to the account asked for; one client sends that filter (section 5). */
  accountFilter: 'kept' | 'ignored';
  /** Whether a transaction's id is given once over all accounts, or once in each; documented nowhere. */
  transactionIdsAreUnique: boolean;
  /** How a list without rows says so: `details` is "object, array or null" (section 3). */
  emptyDetails: 'array' | 'null';
  /** HTTP status that refuses the transactions of a suppressed account, null to list them; documented nowhere. */
  refusalOfSuppressedLists: 400 | 404 | null;
}

/** The strict reading of the documents. */
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
  refusalOfSuppressedLists: null,
};

/** `base` with some switches turned. Throws RangeError naming a switch or value that does not exist. */
export function withBehaviour(
  base: Readonly<IbaneraBehaviour>,
  changes: Partial<IbaneraBehaviour>,
): IbaneraBehaviour {
  const parsed = behaviourSchema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new RangeError(`behaviour: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
