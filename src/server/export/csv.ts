import type { ExportRow } from '../../ports/export.ts';
import type { FileFormat } from './file-format.ts';

/** Starts a formula in some spreadsheet, which would then execute a provider's text. */
const formulaStart = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
/** A plain number is harmless, and must stay a number. */
const plainDecimal = /^-?\d+(?:\.\d+)?$/;
const needsQuotes = /[",\r\n]|^\s|\s$/;

/** CSV according to RFC 4180, with a header; values that were not reported are empty cells. */
export const csv: FileFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  start: (columns) => toLine(columns),
  row: (_columns, row) => toLine(row),
  // The trailers give the row count.
  end: () => null,
};

function toLine(cells: ExportRow): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(text: string | null): string {
  if (text === null) return '';
  const safe = formulaStart.test(text) && !plainDecimal.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
