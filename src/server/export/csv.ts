import type { ExportRow } from '../../ports/export.ts';
import type { FileFormat } from './file-format.ts';

/** Begins a formula in some spreadsheet, which would then run what a provider's text says. */
const formulaStart = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
/** A number says nothing but itself, and has to stay one. */
const plainDecimal = /^-?\d+(?:\.\d+)?$/;
const needsQuotes = /[",\r\n]|^\s|\s$/;

/** CSV after RFC 4180, with a header; what nobody reported is an empty cell. */
export const csv: FileFormat = {
  contentType: 'text/csv; charset=utf-8; header=present',
  start: (columns) => toLine(columns),
  row: (_columns, row) => toLine(row),
  // How many rows there are is said in the trailers.
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
