import * as z from 'zod';

const behaviourSchema = z.strictObject({
  queryParamValues: z.enum(['strings', 'strings-or-numbers']),
  signaturesAreSingleUse: z.boolean(),
  clockSkewSecondsMax: z.int().min(0),
  lastPageToken: z.enum(['absent', 'empty']),
  emptyPages: z.boolean(),
  pageTokenPosition: z.enum(['row', 'offset']),
  pageTokensAreBound: z.boolean(),
  pageTokenLifetimeSeconds: z.int().min(1).nullable(),
  pageSizeMax: z.int().min(1),
  pageSizeTooLarge: z.enum(['clamped', 'refused']),
  errorBodies: z.boolean(),
  emptyItems: z.enum(['array', 'null', 'absent']),
  pageTokens: z.enum(['lead-on', 'lead-back', 'lead-to-empty-pages']),
  pageOrder: z.enum(['one', 'drawn-for-each-page']),
  staticSamples: z.boolean(),
});

/** Switches for what the reference calls unknown or disputed. */
export interface NoahBehaviour {
  /** Types of the values in the claim `queryParams` (section 2.1). */
  queryParamValues: 'strings' | 'strings-or-numbers';
  /** Whether a signature is refused when it is used again (section 2.1). */
  signaturesAreSingleUse: boolean;
  /** How far `iat` may lie ahead of the sandbox's clock, and `exp` behind it (section 2.1). */
  clockSkewSecondsMax: number;
  /** How a last page is marked (section 10). */
  lastPageToken: 'absent' | 'empty';
  /** Whether every second page is empty and still has a token (section 12). */
  emptyPages: boolean;
  /** What a page token stands for: the row before the page, or a number of rows, which shifts with the list. */
  pageTokenPosition: 'row' | 'offset';
  /** Whether a page token is valid only with the page size and direction it was issued for (section 10). */
  pageTokensAreBound: boolean;
  /** Null means no limit (section 10). */
  pageTokenLifetimeSeconds: number | null;
  /** Largest `PageSize`; not declared for balances and transactions (section 10). */
  pageSizeMax: number;
  pageSizeTooLarge: 'clamped' | 'refused';
  /** Whether errors carry the documented body (section 6: every field is optional). */
  errorBodies: boolean;
  /** How a page without rows is written (section 12): the vendor's generator may leave an empty list out. */
  emptyItems: 'array' | 'null' | 'absent';
  /** What a new page token leads to: the next page, the first page again, or a page without rows. */
  pageTokens: 'lead-on' | 'lead-back' | 'lead-to-empty-pages';
  /** Whether all pages are cut from one order of the rows; the sort key is not documented (section 10). */
  pageOrder: 'one' | 'drawn-for-each-page';
  /** Whether every list returns one row and one page token, like the documented sample. */
  staticSamples: boolean;
}

/** The strict interpretation of the documents. */
export const defaultBehaviour: Readonly<NoahBehaviour> = {
  queryParamValues: 'strings',
  signaturesAreSingleUse: true,
  clockSkewSecondsMax: 5,
  lastPageToken: 'absent',
  emptyPages: false,
  pageTokenPosition: 'row',
  pageTokensAreBound: true,
  pageTokenLifetimeSeconds: null,
  pageSizeMax: 100,
  pageSizeTooLarge: 'refused',
  errorBodies: true,
  emptyItems: 'array',
  pageTokens: 'lead-on',
  pageOrder: 'one',
  staticSamples: false,
};

/** `base` with some switches changed. Throws RangeError naming a switch or value that does not exist. */
export function withBehaviour(base: Readonly<NoahBehaviour>, changes: Partial<NoahBehaviour>): NoahBehaviour {
  const parsed = behaviourSchema.safeParse({ ...base, ...changes });
  if (!parsed.success) throw new RangeError(`behaviour: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
