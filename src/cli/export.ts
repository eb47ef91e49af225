import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AskError } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { createProgressLine, type ProgressLine } from './export-progress.ts';
import { UsageError } from './operation-input.ts';
import type { Endpoint } from './own-gateway.ts';
import type { Env } from './shell.ts';
import { withGateway } from './with-gateway.ts';

/** The options of the command line. */
export interface ExportOptions {
  readonly format: string;
  readonly output?: string;
  readonly where: readonly string[];
  readonly url?: string;
}

/**
 * Writes transactions or balances as a file (docs/export.md), to standard output or `output`. Shows progress on
 * standard error, if that is a terminal. Resolves with the exit code: 1 when the file is not complete.
 */
export function exportFile(env: Env, what: string, options: ExportOptions): Promise<number> {
  // Progress would break up rows on the same terminal.
  const isInTheWay = options.output === undefined && process.stdout.isTTY;
  const { stderr } = process;
  const progress = createProgressLine(isInTheWay ? { write: () => {} } : stderr, Date.now);
  const write = async ({ url, headers }: Endpoint) => {
    const response = await fetch(new URL(pathOf(what, options), url), { headers }).catch(() => {
      throw new AskError(`${url} cannot be reached. Is a gateway running there?`);
    });
    if (response.status !== 200 || response.body === null) {
      throw new AskError(
        `The export was refused (status ${response.status}): ${messageOf(await response.text())}`,
      );
    }
    const lines = countLines(options.format, response.headers.get('x-total-count'), progress);
    const target = options.output === undefined ? process.stdout : createWriteStream(options.output);
    progress.start();
    try {
      await pipeline(Readable.fromWeb(response.body as never), lines.stream, target, {
        end: target !== process.stdout,
      });
    } catch {
      throw new AskError('The export was cut off: the file is incomplete. Try again.');
    } finally {
      progress.stop();
    }
    if (options.format === 'csv' || !lines.last().includes('"complete":false')) return 0;
    stderr.write(`The export is incomplete: its last line says why, and has a cursor to resume from.\n`);
    return exitCodes.failed;
  };
  return withGateway(env, options.url, write, progress.tell);
}

function pathOf(what: string, { format, where }: ExportOptions): string {
  if (what !== 'transactions' && what !== 'balances') {
    throw new UsageError(`what to export must be transactions or balances; it is ${JSON.stringify(what)}`);
  }
  if (format !== 'csv' && format !== 'ndjson') {
    throw new UsageError(`--format must be csv or ndjson; it is ${JSON.stringify(format)}`);
  }
  const parameters = new URLSearchParams();
  for (const pair of where) {
    const equalsAt = pair.indexOf('=');
    if (equalsAt < 1) throw new UsageError(`--where must be name=value; it is ${JSON.stringify(pair)}`);
    parameters.append(pair.slice(0, equalsAt), pair.slice(equalsAt + 1));
  }
  return `/export/${what}.${format}?${parameters}`;
}

/** Counts rows as they pass, and keeps the last line. */
function countLines(format: string, totalText: string | null, progress: ProgressLine) {
  const total = totalText === null ? null : Number(totalText);
  // The header of a CSV file and the last line of an NDJSON file are not rows.
  let count = -1;
  let isQuoted = false;
  let tail = '';
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = chunk.toString('latin1');
      for (const [sign] of text.matchAll(/["\n]/g)) {
        // A line break within a quoted CSV cell does not end a row.
        if (sign === '"') isQuoted = format === 'csv' && !isQuoted;
        else if (!isQuoted) count += 1;
      }
      progress.count(Math.max(0, count), total);
      tail = (tail + text).split('\n').slice(-2).join('\n');
      done(null, chunk);
    },
  });
  return { stream, last: () => tail };
}

/** The message of a refusal, which is JSON or a line of text. */
function messageOf(text: string): string {
  try {
    return String(Object(JSON.parse(text)).errors[0].message);
  } catch {
    return text.trim();
  }
}
