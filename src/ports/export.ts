import type { Caller } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { Failure } from '../domain/failure.ts';

/** Which list is exported. */
export const exportKinds = ['transactions', 'balances'] as const;
export type ExportKind = (typeof exportKinds)[number];

/** One row: a text for each column, null for a value that was not reported. */
export type ExportRow = readonly (string | null)[];

/** What to export, and for whom. */
export interface ExportRequest {
  readonly kind: ExportKind;
  readonly parameters: URLSearchParams;
  readonly caller: Caller;
  /** Aborts when the caller disconnects. */
  readonly signal: CancelSignal;
}

/** A list as rows of a file. */
export interface Export {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /**
   * Reads and returns the next rows; empty at the end, and once a source has failed. Rejects only for bugs of the
   * gateway.
   */
  next(): Promise<readonly ExportRow[]>;
  /** How far the export is; valid once the first rows have been read. */
  progress(): ExportProgress;
  /** How the export ended; valid once there are no more rows. */
  summary(): ExportSummary;
}

/** How far an export is. */
export interface ExportProgress {
  /** Rows returned so far. */
  readonly rows: number;
  /** Rows in the list when it was first read; null if that is not known. */
  readonly rowCount: number | null;
  /** Upstream calls made so far. */
  readonly calls: number;
}

/** How an upstream source of an export fared. */
export interface ExportSource {
  readonly provider: string;
  readonly ledger: string | null;
  readonly providerAccountId: string | null;
  /** OK, STALE, PARTIAL or FAILED. PARTIAL without a failure of the export: rows of other accounts were left out. */
  readonly state: string;
  readonly code: string | null;
}

/** What is known about an export at its end. */
export interface ExportSummary {
  readonly rows: number;
  /** Upper end of the window, or time of the oldest reading; RFC 3339. */
  readonly asOf: string;
  /** The outcome of each upstream source. */
  readonly sources: readonly ExportSource[];
  /** Sums of the rows, by currency. */
  readonly sums: readonly object[];
  /** Why the list is incomplete; null if it is complete. */
  readonly failure: Failure | null;
  /** `after` for an export that continues from here; an empty text for one from the start. */
  readonly cursor: string;
}

/** A statement as an ISO 20022 document, or the reason why it cannot be one. */
export type StatementFile = { readonly xml: string } | { readonly problem: string };

/** Reads a statement. Rejects as `OpenExport` does, and with the `Failure` that left the statement unknown. */
export type ReadStatement = (request: Omit<ExportRequest, 'kind'>) => Promise<StatementFile>;

/** Everything that can be exported. */
export interface Exports {
  readonly open: OpenExport;
  readonly statement: ReadStatement;
}

/** Called after each batch of an export with how far the export is. */
export type OnExportProgress = (progress: ExportProgress) => void;

/**
 * Opens an export; nothing is read yet. Rejects with BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FILTER_CHANGED, FORBIDDEN
 * or ACCOUNT_OUT_OF_SCOPE.
 */
export type OpenExport = (request: ExportRequest) => Promise<Export>;
