import type { Caller } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { Failure } from '../domain/failure.ts';

/** Which list is exported. */
export const exportKinds = ['transactions', 'balances'] as const;
export type ExportKind = (typeof exportKinds)[number];

/** One row: a text for each column, null for what nobody reported. */
export type ExportRow = readonly (string | null)[];

/** What is asked for, and by whom. */
export interface ExportRequest {
  readonly kind: ExportKind;
  readonly parameters: URLSearchParams;
  readonly caller: Caller;
  /** Aborts when the caller goes away. */
  readonly signal: CancelSignal;
}

/** A list as rows of a file. */
export interface Export {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** The next rows, read only now; empty at the end, and once a source has failed. Rejects only for mistakes of ours. */
  next(): Promise<readonly ExportRow[]>;
  /** How far it is; asked once the first rows are there. */
  progress(): ExportProgress;
  /** How it went; asked once there are no more rows. */
  summary(): ExportSummary;
}

/** How far an export is. */
export interface ExportProgress {
  /** Rows that were given. */
  readonly rows: number;
  /** Rows that the list held when it was first looked at; null when that is not known. */
  readonly rowCount: number | null;
  /** Upstream calls that it made. */
  readonly calls: number;
}

/** What is known of an export at its end. */
export interface ExportSummary {
  readonly rows: number;
  /** Upper end of the window, or time of the oldest reading; RFC 3339. */
  readonly asOf: string;
  /** How each upstream source fared. */
  readonly sources: readonly object[];
  /** Sums of the rows, by currency. */
  readonly sums: readonly object[];
  /** Why the list is not whole; null when it is. */
  readonly failure: Failure | null;
  /** `after` for an export that goes on from here; an empty text for one from the start. */
  readonly cursor: string;
}

/** A statement as a document of ISO 20022, or why it cannot be one. */
export type StatementFile = { readonly xml: string } | { readonly problem: string };

/** Reads a statement. Rejects as `OpenExport` does, and with the `Failure` that left it unknown. */
export type ReadStatement = (request: Omit<ExportRequest, 'kind'>) => Promise<StatementFile>;

/** All that is exported. */
export interface Exports {
  readonly open: OpenExport;
  readonly statement: ReadStatement;
}

/** Is told how far an export is, after each of its batches. */
export type OnExportProgress = (progress: ExportProgress) => void;

/**
 * Opens an export; nothing is read yet. Rejects with BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FILTER_CHANGED, FORBIDDEN or
 * ACCOUNT_OUT_OF_SCOPE.
 */
export type OpenExport = (request: ExportRequest) => Promise<Export>;
