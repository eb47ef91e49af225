import * as z from 'zod';
import type { DecimalText } from '../../domain/decimal.ts';
import type { Instant } from '../../domain/instant.ts';
import {
  kindOf,
  type Refused,
  readAmount,
  readInformingInstant,
  readPrice,
  readRequiredInstant,
  readRequiredText,
  readText,
  refusalText,
} from './wire-values.ts';

/** Members of an object from outside, by name. Each is read and checked before the next one. */
export type Members = Readonly<Record<string, unknown>>;

/** A value that is not what it must be. */
class ValueRefused extends Error {}

// What a member must be. Strings, which nearly all members are, take a shortcut.

/** Text, or a number taken as text; absent, null and '' become null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : accept(readText(value), value);
}

/** Text that must be present and not empty. */
export function requiredText(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : accept(readRequiredText(value), value);
}

/** An amount as a string or a number, with every digit; absent, null and '' become null. */
export function amount(value: unknown): DecimalText | null {
  return accept(readAmount(value), value);
}

/** A price above zero, as a string or a number, with every digit; absent and null become null. */
export function price(value: unknown): DecimalText | null {
  return accept(readPrice(value), value);
}

/** A time that is only informative; absent, null, '', the year 0001 and unreadable times become null. */
export const informingInstant = readInformingInstant;

/** A time with an offset that must be present, because it places the row in its list. */
export function requiredInstant(value: unknown): Instant {
  return accept(readRequiredInstant(value), value);
}

/** A list; absent and null become an empty one. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new ValueRefused(refusalText(noList, value));
}

const noList: Refused = { wanted: 'an array' };

function accept<T extends string | Instant | null>(read: T | Refused, value: unknown): T {
  if (typeof read === 'object' && read !== null && 'wanted' in read) {
    throw new ValueRefused(refusalText(read, value));
  }
  return read;
}

/** A schema for an object whose members `read` picks with the functions above. */
export function wireObject<Row>(read: (row: Members) => Row) {
  return z.unknown().transform((value, context): Row => readOne(value, [], read, context));
}

/**
 * A schema for the rows of a list; absent and null mean no rows. It makes the same checks as `z.array` of `z.object` in
 * a fraction of the time: zod is called once for all rows of a page.
 */
export function wireRows<Row>(read: (row: Members) => Row) {
  return z
    .unknown()
    .optional()
    .transform((value, context): readonly Row[] => {
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value)) {
        context.addIssue({ code: 'custom', message: `expected an array, got ${kindOf(value)}` });
        return z.NEVER;
      }
      const rows: Row[] = [];
      for (let rowIndex = 0; rowIndex < value.length && context.issues.length === 0; rowIndex++) {
        rows.push(readOne(value[rowIndex], [rowIndex], read, context));
      }
      return rows;
    });
}

function readOne<Row>(
  value: unknown,
  path: readonly number[],
  read: (row: Members) => Row,
  context: z.RefinementCtx,
): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: `expected an object, got ${kindOf(value)}`,
    });
    return z.NEVER;
  }
  try {
    return read(value as Members);
  } catch (error) {
    if (!(error instanceof ValueRefused)) throw error;
    context.addIssue({
      code: 'custom',
      path: [...path, lastMemberRead(value, read)],
      message: error.message,
    });
    return z.NEVER;
  }
}

/**
 * The member that `read` refused, which is the last one it looked at. It is found by reading once more: looking members
 * up by name, to know the name at once, took twice the time.
 */
function lastMemberRead(members: object, read: (row: Members) => unknown): string {
  let last = '';
  const watched = new Proxy(members, {
    get(target, name) {
      last = String(name);
      return Reflect.get(target, name);
    },
  });
  try {
    read(watched as Members);
  } catch (error) {
    if (!(error instanceof ValueRefused)) throw error;
  }
  return last;
}
