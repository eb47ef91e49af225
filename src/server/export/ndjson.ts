import type { FileFormat } from './file-format.ts';

/**
 * One JSON object per line, with amounts as text. The last line has the totals and says whether the rows are complete.
 */
export const ndjson: FileFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  start: () => '',
  row: (columns, row) =>
    toLine(Object.fromEntries(columns.map((column, columnIndex) => [column, row[columnIndex] ?? null]))),
  end({ rows, asOf, sources, sums, failure, cursor }) {
    const complete = { complete: failure === null, rows, asOf, sources, sums };
    if (failure === null) return toLine(complete);
    const { code, message, details } = failure;
    const retryAfterSeconds = details.retryAfterSeconds ?? null;
    return toLine({ ...complete, cursor, error: { code, message, retryAfterSeconds } });
  },
};

function toLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
