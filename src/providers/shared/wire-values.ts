import * as z from 'zod';
import { type DecimalText, parseDecimal } from '../../domain/decimal.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { JsonNumber } from './lossless-json.ts';

/** A member that may be absent; what it must be is said by the transform behind it. */
const anything = z.unknown().optional();

/** Text, or a number taken as text; absent, null and '' are null. */
export const wireText = anything.transform((value, context): string | null => {
  if (value === undefined || value === null || value === '') return null;
  const text = textOf(value);
  return text ?? refuse(context, 'text', value);
});

/** Text that must be there. */
export const wireRequiredText = anything.transform((value, context): string => {
  const text = textOf(value);
  return text === null || text === '' ? refuse(context, 'text that is not empty', value) : text;
});

/** An amount as a string or a number, every digit kept; absent, null and '' are null. */
export const wireAmount = anything.transform((value, context): DecimalText | null => {
  if (value === undefined || value === null || value === '') return null;
  const text = textOf(value);
  return (text === null ? null : parseDecimal(text)) ?? refuse(context, 'a decimal amount', value);
});

/** A time with offset; absent, null, '' and the year 0001 (an unset time of Go) are null. */
export const wireInstant = anything.transform((value, context): Instant | null => {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return refuse(context, 'a time', value);
  if (value.startsWith('0001-')) return null;
  return parseInstant(value) ?? refuse(context, 'a time with an offset', value);
});

/** A time with offset that must be there. */
export const wireRequiredInstant = wireInstant.transform(
  (instant, context): Instant => instant ?? refuse(context, 'a time with an offset', null),
);

/** A count, as a number or as text. */
export const wireCount = anything.transform((value, context): number => {
  const count =
    typeof value === 'number' ? value : /^\d+$/.test(textOf(value) ?? '') ? Number(textOf(value)) : NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : refuse(context, 'a count', value);
});

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return value instanceof JsonNumber ? value.source : null;
}

/** Reports what was wanted and what kind of value was there, never the value. */
function refuse(context: z.RefinementCtx, wanted: string, value: unknown): never {
  context.addIssue({ code: 'custom', message: `expected ${wanted}, got ${kindOf(value)}` });
  return z.NEVER;
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof JsonNumber || typeof value === 'number') return 'a number';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'string'
    ? 'other text'
    : typeof value === 'object'
      ? 'an object'
      : `a ${typeof value}`;
}
