/** A number as it stood in a JSON text; no double was made of it. */
export class JsonNumber {
  /** The token: `640.50`, `-1e3`, `12345678901234567890`. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** Members that are counts, never amounts; they alone may stay plain numbers. */
const countMembers = 'total_pages|total_items';

/**
 * A number token: the whole text, the value of any other member, or an element of an array. It may also match
 * inside a string, which only costs time.
 */
const exactNumber = new RegExp(`^\\s*-?\\d|(?<!"(?:${countMembers}))"\\s*:\\s*-?\\d|[[,]\\s*-?\\d`);

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const toExact: SourceReviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined ? new JsonNumber(context.source) : value;

/**
 * Parses JSON without losing a digit: every number becomes a `JsonNumber`. Only in a text that holds no numbers
 * but the counts of a list (`total_pages`, `total_items`) are those plain numbers, which is several times
 * faster. Throws `SyntaxError` for what is no JSON, `RangeError` for what is nested too deeply.
 */
export function parseLosslessJson(text: string): unknown {
  if (!exactNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, toExact as (key: string, value: unknown) => unknown);
}
