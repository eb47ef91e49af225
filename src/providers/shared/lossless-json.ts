/** A number as written in a JSON text; it never became a double. */
export class JsonNumber {
  /** The token: `640.50`, `-1e3`, `12345678901234567890`. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Members that are counts, never amounts; only they may stay plain numbers. */
const countMembers: ReadonlySet<string> = new Set(['total_pages', 'total_items']);

/** A member other than a count whose value is a number. A match inside a string only costs time. */
const memberNumber = /(?<!"total_(?:pages|items))"\s*:\s*-?\d/;
/** A body that writes its amounts as numbers shows the first of them within this many characters. */
const headLength = 512;

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const toExact: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined ? new JsonNumber(context.source) : value;

/**
 * Parses JSON without losing a digit: every number becomes a `JsonNumber`. If the only numbers in a text are the counts
 * of a list (`total_pages`, `total_items`), these stay plain numbers, which is several times faster. Throws
 * `SyntaxError` for text that is not JSON, and `RangeError` for JSON that is nested too deeply.
 */
export function parseLosslessJson(text: string): unknown {
  // Searching the parsed values takes a tenth of the time of searching the text. A text that shows numbers at its start
  // is not parsed twice.
  if (!memberNumber.test(text.slice(0, headLength))) {
    const value: unknown = JSON.parse(text);
    if (!holdsNumber(value)) return value;
  }
  return JSON.parse(text, toExact as (key: string, value: unknown) => unknown);
}

/** Whether there is a number other than a count anywhere in a parsed value. */
function holdsNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number';
  if (Array.isArray(value)) return value.some(holdsNumber);
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) {
    const member = members[name];
    // Strings, which nearly all members are, need no call.
    if (typeof member === 'number' ? !countMembers.has(name) : isObject(member) && holdsNumber(member))
      return true;
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
