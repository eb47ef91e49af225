import * as z from 'zod';
import { type DecimalText, isDecimalText } from '../domain/decimal.ts';
import { balanceAmounts } from '../domain/model.ts';
import type { KeptReading } from '../ports/reading-store.ts';

const decimal = z
  .string()
  .refine(isDecimalText)
  .transform((text) => text as DecimalText);
const amounts = z.partialRecord(z.enum(balanceAmounts), decimal);
const row = z.object({
  // PostgreSQL's driver returns a bigint as text.
  read_at_ms: z.coerce.number().int(),
  amounts: z.string(),
  status: z.string().nullable(),
});

/** Parses a row of a store. */
export function parseKeptReading(value: unknown): KeptReading {
  const { read_at_ms: readAtMs, amounts: text, status } = row.parse(value);
  return { readAtMs, amounts: amounts.parse(JSON.parse(text)) as KeptReading['amounts'], status };
}
