import * as z from 'zod';
import { wireAmount, wireRequiredInstant, wireRequiredText, wireText } from '../shared/wire-values.ts';

// Fields that are not named here go no further: a transaction names customers and bank accounts.

/** Reference section 3; amounts follow the grammar PositiveDecimal (`+1`, `.5`, `5.`). */
export const wireBalance = z.object({
  AccountType: wireRequiredText,
  CryptoCurrency: wireRequiredText,
  Available: wireAmount,
  Total: wireAmount,
});
export type WireBalance = z.output<typeof wireBalance>;

const present = z
  .unknown()
  .optional()
  .transform((value) => value !== undefined && value !== null);

/** The other side of an exchange (reference section 4). */
const wireFiatPayment = z.object({
  Amount: wireAmount,
  FeeAmount: wireAmount,
  FiatCurrency: wireText,
  Rate: wireAmount,
});

/** Reference section 4. */
export const wireTransaction = z.object({
  ID: wireRequiredText,
  Network: wireText,
  Created: wireRequiredInstant,
  Status: wireText,
  Direction: wireText,
  CryptoCurrency: wireRequiredText,
  Amount: wireAmount,
  ExternalID: wireText,
  NetworkFee: wireAmount,
  FiatPayment: wireFiatPayment.nullish(),
  AdjustmentFor: present,
});
export type WireTransaction = z.output<typeof wireTransaction>;

const listOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    Items: z
      .array(row)
      .nullish()
      .transform((rows) => rows ?? []),
    PageToken: wireText,
  });

/** List bodies. Absent or null `Items` mean no rows, and an empty `PageToken` means no token. */
export const wireBalanceList = listOf(wireBalance);
export const wireTransactionList = listOf(wireTransaction);
