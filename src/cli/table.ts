type Fields = Readonly<Record<string, unknown>>;

const indentation = '  ';
const columnGap = '  ';

/**
 * Formats an answer's data for people: a table for each list, a line for each other value, amounts with their currency.
 * Null is shown as "not reported"; a null list could not be read.
 */
export function tableLines(data: Fields): string[] {
  return Object.entries(data).flatMap(([name, value]) => namedLines(name, value));
}

function namedLines(name: string, value: unknown): string[] {
  const rows = rowsOf(value);
  if (rows !== null)
    return [`${name} (${rows.length})`, ...indented(rowLines(rows)), ...indented(besideRows(value))];
  if (isFields(value) && !isMoney(value)) return [name, ...indented(tableLines(value))];
  return [`${name}: ${cellText(value)}`];
}

/** Fields of a connection besides its rows, such as `totalCount` and `sources`. */
function besideRows(value: unknown): string[] {
  if (!isFields(value)) return [];
  const beside = Object.entries(value).filter(([name]) => name !== 'nodes' && name !== 'edges');
  return tableLines(Object.fromEntries(beside));
}

function rowLines(rows: readonly unknown[]): string[] {
  const records = rows.map(flat);
  if (records.some((record) => Object.values(record).some((value) => rowsOf(value) !== null))) {
    // A list within a row needs lines of its own.
    return records.flatMap((record) => listItem(tableLines(record)));
  }
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const cells = records.map((record) => columns.map((column) => cellText(record[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const isAmount = columns.map((column) => records.some((record) => isMoney(record[column])));
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) =>
        isAmount[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join(columnGap)
      .trimEnd();
  return records.length === 0 ? [] : [line(columns), ...cells.map(line)];
}

function listItem([first = '', ...rest]: readonly string[]): string[] {
  return [`- ${first}`, ...indented(rest)];
}

/** Flattens a row's objects to `object.field`; lists and amounts stay whole. */
function flat(row: unknown): Fields {
  if (!isFields(row)) return { value: row };
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (isFields(value) && !isMoney(value) && rowsOf(value) === null) {
      for (const [inner, innerValue] of Object.entries(flat(value))) fields[`${name}.${inner}`] = innerValue;
    } else fields[name] = value;
  }
  return fields;
}

/** The rows of a connection or a list of objects; null for anything else. */
function rowsOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value.some(isFields) ? value : null;
  if (!isFields(value)) return null;
  if (Array.isArray(value.nodes)) return value.nodes;
  if (!Array.isArray(value.edges)) return null;
  return value.edges.map((edge: unknown) => (isFields(edge) && 'node' in edge ? edge.node : edge));
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'not reported';
  if (isMoney(value)) return `${cellText(value.amount)} ${cellText(value.currency)}`;
  if (Array.isArray(value)) return value.map(cellText).join(', ');
  return plainText(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Replaces what a terminal would interpret: control characters, and those that change the writing direction. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function isMoney(value: unknown): value is { amount: unknown; currency: unknown } {
  return isFields(value) && 'amount' in value && 'currency' in value && Object.keys(value).length === 2;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => indentation + line);
}
