import type { ExportRow, ExportSummary } from '../../ports/export.ts';

/** A file format of exports. */
export interface FileFormat {
  readonly contentType: string;
  start(columns: readonly string[]): string;
  row(columns: readonly string[], row: ExportRow): string;
  /**
   * The end of the file. Null when the format cannot express failure, so that the connection is broken off for an
   * incomplete list.
   */
  end(summary: ExportSummary): string | null;
}
