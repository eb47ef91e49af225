import type { ExportProgress } from '../ports/export.ts';

/** Where progress is shown, if it is a terminal. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line on a terminal that shows the progress of an export, and is rewritten every few seconds. */
export interface ProgressLine {
  /** Sets the progress as reported by this process's own gateway. */
  tell(progress: ExportProgress): void;
  /** Sets the number of rows received, and the total from the answer's header. */
  count(rows: number, rowCount: number | null): void;
  /** Starts showing the line. */
  start(): void;
  /** Shows the line one last time. */
  stop(): void;
}

const everyMs = 2_000;

/** Creates the line; it writes nothing if the output is not a terminal. */
export function createProgressLine(output: ProgressOutput, nowMs: () => number): ProgressLine {
  let timer: NodeJS.Timeout | undefined;
  let startedAtMs = nowMs();
  let rows = 0;
  let rowCount: number | null = null;
  let calls: number | null = null;
  const show = () => {
    // The escape sequence clears the rest of a longer previous line.
    output.write(`\r${toText({ rows, rowCount, calls, ms: nowMs() - startedAtMs })}\u001b[K`);
  };
  return {
    tell(progress) {
      calls = progress.calls;
    },
    count(arrived, total) {
      rows = arrived;
      rowCount = total;
    },
    start() {
      startedAtMs = nowMs();
      if (output.isTTY === true) timer = setInterval(show, everyMs);
    },
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      show();
      output.write('\n');
    },
  };
}

/** For example `12,300 of 40,000 rows (30 %), 123 calls, 950 rows/s`; unknown parts are left out. */
function toText({
  rows,
  rowCount,
  calls,
  ms,
}: {
  rows: number;
  rowCount: number | null;
  calls: number | null;
  ms: number;
}): string {
  const number = (value: number) => value.toLocaleString('en-US');
  const share =
    rowCount === null || rowCount === 0 ? null : Math.min(100, Math.floor((rows / rowCount) * 100));
  return [
    share === null ? `${number(rows)} rows` : `${number(rows)} of ${number(rowCount ?? 0)} rows (${share} %)`,
    ...(calls === null ? [] : [`${number(calls)} calls`]),
    ...(ms < 1 ? [] : [`${number(Math.round((rows / ms) * 1_000))} rows/s`]),
  ].join(', ');
}
