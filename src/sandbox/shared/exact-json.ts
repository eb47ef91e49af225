/** JSON with every digit kept: numbers pass as their source text, never as doubles. */
interface ExactJson {
  rawJSON(text: string): object;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

// TypeScript's es2024 library lacks JSON.rawJSON and the reviver's third argument; Node 24 has them.
const exactJson = JSON as unknown as ExactJson;

const decimalPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether the text is a JSON number, so that it can be written as a string or as a number token. */
export function isDecimalText(text: string): boolean {
  return decimalPattern.test(text);
}

/** An amount ready for JSON.stringify: the text itself, or a number token with exactly these digits. */
export function toAmountToken(text: string, writtenAs: 'number' | 'string'): unknown {
  return writtenAs === 'string' ? text : exactJson.rawJSON(text);
}

/** Parses JSON into plain values whose numbers keep their source digits when they are stringified again. */
export function parseExactJson(text: string): unknown {
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactJson.rawJSON(source) : value,
  );
}
