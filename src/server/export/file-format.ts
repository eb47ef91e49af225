import type { ExportRow, ExportSummary } from '../../ports/export.ts';

/** How an export is written. */
export interface FileFormat {
  readonly contentType: string;
  start(columns: readonly string[]): string;
  row(columns: readonly string[], row: ExportRow): string;
  /** What ends the file; null where the format has no place for it, so that a list that is not whole is broken off. */
  end(summary: ExportSummary): string | null;
}
