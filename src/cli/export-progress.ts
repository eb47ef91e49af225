import type { ExportProgress } from '../ports/export.ts';

/** Where progress is shown, if it is a terminal. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line on a terminal that says how far an export is, and is written again every few seconds. */
export interface ProgressLine {
  /** The gateway of this process tells it. */
  tell(progress: ExportProgress): void;
  /** Rows that arrived, of the number that the answer's head has told. */
  count(rows: number, rowCount: number | null): void;
  /** Begins to show the line. */
  start(): void;
  /** Shows it for the last time. */
  stop(): void;
}

const everyMs = 2_000;

/** Creates the line; nothing is ever written where the output is no terminal. */
export function createProgressLine(output: ProgressOutput, nowMs: () => number): ProgressLine {
  let timer: NodeJS.Timeout | undefined;
  let startedAtMs = nowMs();
  let rows = 0;
  let rowCount: number | null = null;
  let calls: number | null = null;
  const show = () => {
    // The rest of a longer line before it is cleared.
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

/** `12,300 of 40,000 rows (30 %), 123 calls, 950 rows/s`; what is not known is left out. */
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
