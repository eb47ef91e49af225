import { Failure } from '../../domain/failure.ts';
import type { Admission } from '../../ports/admission.ts';
import {
  type Export,
  type ExportKind,
  type ExportSummary,
  type Exports,
  exportKinds,
  type StatementFile,
} from '../../ports/export.ts';
import { authRefusal } from '../auth-refusal.ts';
import type { AdmitRequest, Authenticate, CallerKey } from '../contract.ts';
import {
  defaultHeaders,
  type Exchange,
  methodNotAllowed,
  type Refusal,
  sendRefusal,
  sendReply,
} from '../reply.ts';
import { signalOfCaller } from '../signal-of-caller.ts';
import { writeText } from '../write-text.ts';
import { csv } from './csv.ts';
import type { FileFormat } from './file-format.ts';
import { ndjson } from './ndjson.ts';

/** What the export route needs. */
export interface ExportRoute {
  readonly authenticate: Authenticate;
  readonly admit: AdmitRequest;
  readonly admission: Admission;
  readonly callerKey: CallerKey;
  readonly exports: Exports;
}

export const exportPrefix = '/export/';

/** Exports that run at the same time: each holds an operation's slot for as long as its caller reads. */
const exportsMax = 8;
const retryAfterSeconds = 10;

const formats: Readonly<Record<string, FileFormat>> = { csv, ndjson };

/**
 * Creates the handler of `GET /export/...`: `transactions` or `balances` as `.csv` or `.ndjson`, and `statement.xml`.
 */
export function createExportRoute(route: ExportRoute): (exchange: Exchange, path: string) => Promise<void> {
  let running = 0;
  return async (exchange, path) => {
    const { request, response } = exchange;
    if (request.method !== 'GET') return sendRefusal(exchange, otherMethod);
    try {
      const caller = await route.authenticate(exchange.sentHeaders, exchange.origin);
      await route.admit(caller, exchange.origin);
      const file = toFile(path);
      const signal = signalOfCaller(response);
      const parameters = new URLSearchParams(exchange.search);
      const isStatement = path === statementPath;
      if (file === null && !isStatement) return sendRefusal(exchange, noSuchFile);
      const asked = { parameters, caller, signal };
      const list = file === null ? null : await route.exports.open({ ...asked, kind: file.kind });
      if (running >= exportsMax) return sendRefusal(exchange, tooMany);
      running += 1;
      try {
        const slot = await route.admission.enter(route.callerKey(caller, exchange.origin), signal);
        try {
          if (file !== null && list !== null) await sendFile(exchange, file, list);
          else sendStatement(exchange, await route.exports.statement(asked));
        } finally {
          slot.release();
        }
      } finally {
        running -= 1;
      }
    } catch (error) {
      if (error instanceof Failure && error.code === 'CANCELLED') return;
      const refusal = authRefusal(error, request.headers.authorization !== undefined) ?? toRefusal(error);
      if (refusal === null || response.headersSent) throw error;
      sendRefusal(exchange, refusal);
    }
  };
}

const statementPath = `${exportPrefix}statement.xml`;

/** Sends a statement. Answers 409 when its check disagrees, because it must not be relied on. */
function sendStatement(exchange: Exchange, statement: StatementFile): void {
  if ('problem' in statement) {
    sendRefusal(exchange, { status: 409, code: 'BAD_USER_INPUT', message: statement.problem });
    return;
  }
  sendReply(exchange, {
    status: 200,
    body: statement.xml,
    headers: {
      'content-type': 'application/xml; charset=utf-8',
      'content-disposition': 'attachment; filename="statement.xml"',
    },
  });
}

interface File {
  readonly kind: ExportKind;
  readonly name: string;
  readonly format: FileFormat;
}

function toFile(path: string): File | null {
  const name = path.slice(exportPrefix.length);
  const [kindName, extension = '', ...rest] = name.split('.');
  const kind = exportKinds.find((each) => each === kindName);
  const format = Object.hasOwn(formats, extension) ? formats[extension] : undefined;
  return kind === undefined || format === undefined || rest.length > 0 ? null : { kind, name, format };
}

async function sendFile(exchange: Exchange, { name, format }: File, list: Export): Promise<void> {
  const { request, response } = exchange;
  const { columns } = list;
  // HTTP/1.0, which some proxies use, has no chunked encoding, so it has no trailers.
  const hasTrailers = request.httpVersion !== '1.0';
  // The row count goes into a header, and the first rows reveal it.
  let rows = await list.next();
  const { rowCount } = list.progress();
  response.writeHead(200, {
    ...defaultHeaders,
    ...exchange.commonHeaders(),
    'content-type': format.contentType,
    'content-disposition': `attachment; filename="${name}"`,
    ...(rowCount !== null && { 'x-total-count': String(rowCount) }),
    ...(hasTrailers && { trailer: 'x-row-count, x-as-of, x-upstream-calls, x-partial-sources' }),
  });
  await writeText(response, format.start(columns));
  for (; rows.length > 0 && !response.destroyed; rows = await list.next()) {
    await writeText(response, rows.map((row) => format.row(columns, row)).join(''));
  }
  if (response.destroyed) return;
  const summary = list.summary();
  const end = format.end(summary);
  // A file that cannot say that something is missing must not look complete.
  if (summary.failure !== null && end === null) {
    // Without chunked encoding, simply closing the connection would look like a normal end.
    if (hasTrailers) response.destroy();
    else response.socket?.resetAndDestroy();
    return;
  }
  if (hasTrailers) {
    response.addTrailers({
      'x-row-count': String(summary.rows),
      'x-as-of': summary.asOf,
      'x-upstream-calls': String(list.progress().calls),
      ...partialSources(summary),
    });
  }
  response.end(end ?? '');
}

/** The sources that left rows out, which a format without a last line cannot tell. */
function partialSources({ sources }: ExportSummary): Record<string, string> {
  const partial = sources.filter(({ state }) => state === 'PARTIAL');
  if (partial.length === 0) return {};
  return { 'x-partial-sources': partial.map(({ provider, ledger }) => `${provider}/${ledger}`).join(', ') };
}

/** Maps unusable parameters to a refusal; null for other errors. */
function toRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Failure)) return null;
  const { code, message, details } = error;
  if (code === 'ACCOUNT_OUT_OF_SCOPE' || code === 'ACCOUNT_NOT_FOUND') return { status: 404, code, message };
  if (code === 'BAD_USER_INPUT' || code.startsWith('CURSOR_')) return { status: 400, code, message };
  if (!code.startsWith('UPSTREAM_')) return null;
  // As for an operation without data: 503 where a retry may succeed.
  if (details.retryable !== true) return { status: 502, code, message };
  return { status: 503, code, message, retryAfterSeconds: details.retryAfterSeconds ?? retryAfterSeconds };
}

const otherMethod = methodNotAllowed('GET', 'Exports are read with GET.');

const noSuchFile: Refusal = {
  status: 404,
  code: 'BAD_REQUEST',
  message: `There is no such file. Those there are: ${exportKinds
    .flatMap((kind) => Object.keys(formats).map((extension) => `${exportPrefix}${kind}.${extension}`))
    .concat(statementPath)
    .join(', ')}.`,
};

const tooMany: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: `${exportsMax} exports are running, and there is room for no more. Try again later.`,
  retryAfterSeconds,
};
