import * as z from 'zod';
import { wireAmount, wireRequiredInstant, wireRequiredText, wireText } from '../shared/wire-values.ts';

/** Reference section 4: the schema and all samples say `id`; one description says `assetAccountId`. */
export const wireBalance = z
  .object({
    id: wireText,
    assetAccountId: wireText,
    asset: wireRequiredText,
    totalBalance: wireAmount,
    availableBalance: wireAmount,
    pendingBalance: wireAmount,
    bSuppressed: z.boolean().nullish(),
  })
  .transform(({ id, assetAccountId, ...rest }, context) => {
    const found = id ?? assetAccountId;
    if (found !== null) return { ...rest, id: found };
    context.addIssue({ code: 'custom', message: 'expected an id (or assetAccountId)', path: ['id'] });
    return z.NEVER;
  });
export type WireBalance = z.output<typeof wireBalance>;

/** `details` of a list; null means an empty list (reference, added on 2026-11-29). */
const rowsOf = <Row extends z.ZodType>(row: Row) =>
  z
    .array(row)
    .nullable()
    .transform((rows) => rows ?? []);

export const wireBalanceRows = rowsOf(wireBalance);

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value === true);

/**
 * The item of the transaction list is not documented. This is the callback's item (reference section 6), with its names
 * in any case.
 */
export const wireTransaction = z
  .record(z.string(), z.unknown())
  .transform((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
  )
  .pipe(
    z.object({
      id: wireRequiredText,
      accountsid: wireText,
      accountid: wireText,
      assetaccountid: wireText,
      amount: wireAmount,
      description: wireText,
      datetime: wireRequiredInstant,
      bpending: flag,
      bcompleted: flag,
      brejected: flag,
    }),
  )
  // Sources disagree on the name of the account (reference section 9): every one that is present counts.
  .transform(({ accountsid, accountid, assetaccountid, ...row }) => ({
    ...row,
    accountIds: [accountsid, accountid, assetaccountid].filter((id) => id !== null),
  }));
export type WireTransaction = z.output<typeof wireTransaction>;

export const wireTransactionRows = rowsOf(wireTransaction);
