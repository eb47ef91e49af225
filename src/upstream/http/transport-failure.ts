import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import type { HttpOptions } from './http-options.ts';

/** A reply of more bytes than `replyBytesMax`. */
export class ReplyTooLarge extends Error {}

/** A content encoding that was not requested. */
export class UnknownContentEncoding extends Error {}

/** What failed, and where. */
export interface FailedExchange {
  /** Shown to callers: `UQPAY GET /v1/balances`. */
  readonly name: string;
  /** URL or origin; its host is for the log only. */
  readonly url: string;
  readonly signal?: CancelSignal | undefined;
}

/** The failure for a transport error. It keeps nothing of the error, which may contain a query, a header or a body. */
export function toTransportFailure(error: unknown, exchange: FailedExchange, options: HttpOptions): Failure {
  const { name, url, signal } = exchange;
  const host = URL.canParse(url) ? { upstreamHost: new URL(url).host } : {};
  const permanentDetails = { ...host, retryable: false };
  if (error instanceof ReplyTooLarge) {
    const problem = `answered with more than ${options.replyBytesMax} bytes; the reply was not read to its end`;
    return new Failure('UPSTREAM_SHAPE', `${name} ${problem}.`, permanentDetails);
  }
  if (error instanceof UnknownContentEncoding) {
    const problem = 'answered with a content encoding that was not asked for';
    return new Failure('UPSTREAM_SHAPE', `${name} ${problem}.`, permanentDetails);
  }
  if (signal?.aborted) return new Failure('CANCELLED', `${name} was cancelled.`, host);
  const code = codeOf(error);
  if (headerOverflows.has(code)) {
    return new Failure(
      'UPSTREAM_SHAPE',
      `${name} answered with headers that are too long.`,
      permanentDetails,
    );
  }
  const temporaryDetails = { ...host, retryable: true };
  if (timeoutCodes.has(code)) {
    const problem = `did not answer in ${options.requestTimeoutMs} ms`;
    return new Failure('UPSTREAM_TIMEOUT', `${name} ${problem}.`, temporaryDetails);
  }
  const { problem, isPermanent } = reasons.find(({ codes }) => codes.test(code)) ?? unknownReason;
  return new Failure('UPSTREAM_UNAVAILABLE', `${name} could not be read: ${problem} (${code}).`, {
    ...temporaryDetails,
    // Fixing it takes longer than a retry.
    ...(isPermanent ? { retriesSpent: true } : {}),
  });
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const headerOverflows: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW']);

interface Reason {
  readonly codes: RegExp;
  readonly problem: string;
  readonly isPermanent: boolean;
}

const temporary = (codes: RegExp, problem: string): Reason => ({ codes, problem, isPermanent: false });
const permanent = (codes: RegExp, problem: string): Reason => ({ codes, problem, isPermanent: true });

/** Meaning of the error codes of got, undici and Node; the first match counts. */
const reasons: readonly Reason[] = [
  permanent(/^ERR_INVALID_/, 'the request is not valid HTTP'),
  temporary(/^ECONNREFUSED$/, 'the connection was refused'),
  temporary(
    /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|[A-Z_]+CONTENT_LENGTH_MISMATCH|ERR_STREAM_PREMATURE_CLOSE)$/,
    'the connection closed before the reply was complete',
  ),
  temporary(/^(?:ENOTFOUND|EAI_[A-Z]+)$/, 'its host name could not be resolved'),
  temporary(/^(?:E(?:HOST|NET)(?:UNREACH|DOWN)|EADDRNOTAVAIL)$/, 'its host cannot be reached'),
  permanent(/CERT|^UNABLE_TO_|^CRL_/, 'its TLS certificate was not accepted'),
  temporary(/^(?:EPROTO|ERR_SSL_|ERR_TLS_)/, 'the TLS connection failed'),
  temporary(/^(?:HPE_|UND_ERR_)/, 'its reply is incomplete or not valid HTTP'),
  temporary(/^(?:Z_|ERR__ERROR_|ERR_BROTLI)/, 'its compressed body is incomplete or damaged'),
];
const unknownReason: Reason = temporary(/^/, 'the connection failed');

/** The code that got, undici or Node gave. The error itself is dropped: got's errors contain the request's headers. */
function codeOf(error: unknown): string {
  const { code, name }: Partial<NodeJS.ErrnoException> = error ?? {};
  // undici does not say what its parser rejected.
  if (code === undefined && name === 'HTTPParserError') return 'HPE_INVALID';
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code';
}
