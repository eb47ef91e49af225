import * as z from 'zod';
import { type DecimalText, isZero, parseDecimal } from '../../domain/decimal.ts';
import { type Instant, parseInstant, secondMax } from '../../domain/instant.ts';
import { JsonNumber } from './lossless-json.ts';
import { noteUnreadable } from './unreadable-fields.ts';

/** What a value should have been. */
export interface Refused {
  /** For example `a decimal amount`. */
  readonly wanted: string;
  /** What came instead, if its kind alone does not say; never the value. */
  readonly got?: string;
}

const noText: Refused = { wanted: 'text' };
const noRequiredText: Refused = { wanted: 'text that is not empty' };
const noAmount: Refused = { wanted: 'a decimal amount' };
const noPrice: Refused = { wanted: 'a price above zero' };
const noTime: Refused = { wanted: 'a time with an offset' };
const noCount: Refused = { wanted: 'a count' };
const unsetTime: Refused = {
  wanted: noTime.wanted,
  got: 'one of the year 0001, which stands for a time that was never set',
};
const noTimeText: Refused = { wanted: 'a time' };
const lateTime: Refused = { wanted: 'a time up to the year 9999', got: 'a later one, in UTC' };

/** Text, or a number taken as text; absent, null and '' become null. */
export function readText(value: unknown): string | null | Refused {
  if (value === undefined || value === null || value === '') return null;
  return textOf(value) ?? noText;
}

/** Text that must be present and not empty. */
export function readRequiredText(value: unknown): string | Refused {
  const text = textOf(value);
  return text === null || text === '' ? noRequiredText : text;
}

/** An amount as a string or a number, with every digit; absent, null and '' become null. */
export function readAmount(value: unknown): DecimalText | null | Refused {
  if (value === undefined || value === null || value === '') return null;
  const text = textOf(value);
  return (text === null ? null : parseDecimal(text)) ?? noAmount;
}

/**
 * A price as a string or a number, with every digit; absent and null become null. Zero, less than zero and '' are
 * refused.
 */
export function readPrice(value: unknown): DecimalText | null | Refused {
  if (value === undefined || value === null) return null;
  const price = readAmount(value);
  if (price === null || typeof price === 'object') return noPrice;
  return isZero(price) || price.startsWith('-') ? noPrice : price;
}

/** 0002-01-01T00:00:00Z: Go's unset time lies before it, in whatever zone it is written. */
const firstSetSecond = -62_104_060_800;

/** A time with an offset; absent, null, '' and the year 0001 become null. */
function readTime(value: unknown): Instant | null | Refused {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return noTimeText;
  if (value.startsWith('0001-')) return null;
  const time = parseInstant(value);
  if (time === null) return noTime;
  if (time.second < firstSetSecond) return null;
  return time.second <= secondMax ? time : lateTime;
}

/**
 * A time that is only informative: one that cannot be read, or cannot be written in UTC, becomes null like an absent
 * one, and its `field` is reported.
 */
export function readInformingInstant(value: unknown, field: string): Instant | null {
  const read = readTime(value);
  if (!isRefused(read)) return read;
  noteUnreadable(field);
  return null;
}

/** A time with an offset that must be present and set, because it places a row in its list. */
export function readRequiredInstant(value: unknown): Instant | Refused {
  const read = readTime(value);
  if (read !== null) return read;
  return typeof value === 'string' && value !== '' ? unsetTime : noTime;
}

function isRefused(read: Instant | string | null | Refused): read is Refused {
  return typeof read === 'object' && read !== null && 'wanted' in read;
}

/** A member that may be absent; the transform after it says what it must be. */
const anything = z.unknown().optional();

/** A schema for what a reader accepts. */
function member<T extends string | Instant | null>(reader: (value: unknown) => T | Refused) {
  return anything.transform((value, context): T => {
    const read = reader(value);
    return isRefused(read) ? refuse(context, read, value) : read;
  });
}

export const wireText = member(readText);
export const wireRequiredText = member(readRequiredText);
export const wireAmount = member(readAmount);

/** A time with an offset that must be present and set. */
export const wireRequiredInstant = member(readRequiredInstant);

/** A count, as a number or as text. */
export const wireCount = anything.transform((value, context): number => {
  const count =
    typeof value === 'number' ? value : /^\d+$/.test(textOf(value) ?? '') ? Number(textOf(value)) : NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : refuse(context, noCount, value);
});

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return value instanceof JsonNumber ? value.source : null;
}

/** Reports what was wanted and what kind of value came, never the value. */
function refuse(context: z.RefinementCtx, refused: Refused, value: unknown): never {
  context.addIssue({ code: 'custom', message: refusalText(refused, value) });
  return z.NEVER;
}

/** `expected a time with an offset, got a number`. */
export function refusalText({ wanted, got }: Refused, value: unknown): string {
  return `expected ${wanted}, got ${got ?? kindOf(value)}`;
}

/** The kind of a value, for messages; never the value. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (value instanceof JsonNumber || typeof value === 'number') return 'a number';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'string'
    ? 'other text'
    : typeof value === 'object'
      ? 'an object'
      : `a ${typeof value}`;
}
