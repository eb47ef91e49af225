/** A number as it stood in a JSON text; no double was made of it. */
export class JsonNumber {
  /** The token: `640.50`, `-1e3`, `12345678901234567890`. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Members that are counts, never amounts; they alone may stay plain numbers. */
const countMembers: ReadonlySet<string> = new Set(['total_pages', 'total_items']);

/** A member other than a count whose value is a number; it may also match inside a string, which only costs time. */
const memberNumber = /(?<!"total_(?:pages|items))"\s*:\s*-?\d/;
/** Where a body that writes its amounts as numbers shows the first of them. */
const headLength = 512;

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const toExact: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined ? new JsonNumber(context.source) : value;

/**
 * Parses JSON without losing a digit: every number becomes a `JsonNumber`. Only in a text that holds no numbers
 * but the counts of a list (`total_pages`, `total_items`) are those plain numbers, which is several times
 * faster. Throws `SyntaxError` for what is no JSON, `RangeError` for what is nested too deeply.
 */
export function parseLosslessJson(text: string): unknown {
  // The values are looked through, not the text: that takes a tenth of the time. Where the text shows at once that
  // there will be numbers, it is not read twice.
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
    // Strings, which nearly all members are, are passed over without a call.
    if (typeof member === 'number' ? !countMembers.has(name) : isObject(member) && holdsNumber(member))
      return true;
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
