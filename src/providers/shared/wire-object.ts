import * as z from 'zod';
import type { DecimalText } from '../../domain/decimal.ts';
import type { Instant } from '../../domain/instant.ts';
import {
  kindOf,
  type Refused,
  readAmount,
  readInstant,
  readRequiredInstant,
  readRequiredText,
  readText,
  refusalText,
} from './wire-values.ts';

/** A member that is not what it has to be. */
class MemberRefused extends Error {
  readonly member: string;

  constructor(member: string, refused: Refused, value: unknown) {
    super(refusalText(refused, value));
    this.member = member;
  }
}

/**
 * The members of an object from outside, each read as what it has to be; what is read is named nowhere else. Strings,
 * which nearly all members are, are taken without asking what else they might have been.
 */
export class WireObject {
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(members: object) {
    this.members = members as Readonly<Record<string, unknown>>;
  }

  /** Text, or a number taken as text; absent, null and '' are null. */
  text(name: string): string | null {
    const value = this.members[name];
    return typeof value === 'string' && value !== '' ? value : this.read(name, readText);
  }

  /** Text that must be there. */
  requiredText(name: string): string {
    const value = this.members[name];
    return typeof value === 'string' && value !== '' ? value : this.read(name, readRequiredText);
  }

  /** An amount as a string or a number, every digit kept; absent, null and '' are null. */
  amount(name: string): DecimalText | null {
    return this.read(name, readAmount);
  }

  /** A time with offset; absent, null, '' and the year 0001 are null. */
  instant(name: string): Instant | null {
    return this.read(name, readInstant);
  }

  /** A time with offset that must be there. */
  requiredInstant(name: string): Instant {
    return this.read(name, readRequiredInstant);
  }

  private read<T extends string | Instant | null>(name: string, reader: (value: unknown) => T | Refused): T {
    const value = this.members[name];
    const read = reader(value);
    if (typeof read === 'object' && read !== null && 'wanted' in read)
      throw new MemberRefused(name, read, value);
    return read;
  }
}

/** A schema for an object whose members `read` picks and names. */
export function wireObject<Row>(read: (row: WireObject) => Row) {
  return z.unknown().transform((value, context): Row => readOne(value, [], read, context));
}

/**
 * A schema for the rows of a list, of which a page holds many; a list that is absent or null has none. The same checks
 * as `z.array` of `z.object` would make, for a fraction of the time: zod is asked once for all rows.
 */
export function wireRows<Row>(read: (row: WireObject) => Row) {
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
  read: (row: WireObject) => Row,
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
    return read(new WireObject(value));
  } catch (error) {
    if (!(error instanceof MemberRefused)) throw error;
    context.addIssue({ code: 'custom', path: [...path, error.member], message: error.message });
    return z.NEVER;
  }
}
