import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import type { HttpOptions } from './http-options.ts';

/** A reply of more bytes than `replyBytesMax`. */
export class ReplyTooLarge extends Error {}

/** A body that is packed in a way that was not asked for. */
export class UnknownPacking extends Error {}

/** What failed, and where. */
export interface FailedExchange {
  /** For callers: `UQPAY GET /v1/balances`. */
  readonly name: string;
  /** URL or origin, for the log. */
  readonly url: string;
  readonly signal?: CancelSignal | undefined;
}

/** What a transport's own trouble means. Nothing of the error goes along: it may hold a query, a header or a body. */
export function toTransportFailure(error: unknown, exchange: FailedExchange, options: HttpOptions): Failure {
  const { name, url, signal } = exchange;
  const place = URL.canParse(url) ? { upstreamHost: new URL(url).host } : {};
  const lasting = { ...place, retryable: false };
  if (error instanceof ReplyTooLarge) {
    const problem = `answered with more than ${options.replyBytesMax} bytes; the reply was not read to its end`;
    return new Failure('UPSTREAM_SHAPE', `${name} ${problem}.`, lasting);
  }
  if (error instanceof UnknownPacking) {
    const problem = 'answered with a content encoding that was not asked for';
    return new Failure('UPSTREAM_SHAPE', `${name} ${problem}.`, lasting);
  }
  if (signal?.aborted) return new Failure('CANCELLED', `${name} was cancelled.`, place);
  const code = codeOf(error);
  if (headerOverflows.has(code)) {
    return new Failure('UPSTREAM_SHAPE', `${name} answered with more headers than are read.`, lasting);
  }
  const passing = { ...place, retryable: true };
  if (timeoutCodes.has(code)) {
    const problem = `did not answer in ${options.requestTimeoutMs} ms`;
    return new Failure('UPSTREAM_TIMEOUT', `${name} ${problem}.`, passing);
  }
  const { words, isLasting } = reasons.find(({ codes }) => codes.test(code)) ?? unknownReason;
  return new Failure('UPSTREAM_UNAVAILABLE', `${name} could not be read: ${words} (${code}).`, {
    ...passing,
    // Whoever mends it takes longer than a retry.
    ...(isLasting ? { retriesSpent: true } : {}),
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
  readonly words: string;
  readonly isLasting: boolean;
}

const passes = (codes: RegExp, words: string): Reason => ({ codes, words, isLasting: false });
const lasts = (codes: RegExp, words: string): Reason => ({ codes, words, isLasting: true });

/** What the codes of got, undici and Node mean; the first that fits counts. */
const reasons: readonly Reason[] = [
  lasts(/^ERR_INVALID_/, 'the request cannot be sent as it is'),
  passes(/^ECONNREFUSED$/, 'the connection was refused'),
  passes(
    /^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|[A-Z_]+CONTENT_LENGTH_MISMATCH|ERR_STREAM_PREMATURE_CLOSE)$/,
    'the connection was cut before the reply was whole',
  ),
  passes(/^(?:ENOTFOUND|EAI_[A-Z]+)$/, 'the name of its host could not be looked up'),
  passes(/^(?:E(?:HOST|NET)(?:UNREACH|DOWN)|EADDRNOTAVAIL)$/, 'there is no way to its host'),
  lasts(/CERT|^UNABLE_TO_|^CRL_/, 'its TLS certificate was not accepted'),
  passes(/^(?:EPROTO|ERR_SSL_|ERR_TLS_)/, 'no TLS connection could be made'),
  passes(/^(?:HPE_|UND_ERR_)/, 'its answer is no HTTP, or was cut'),
  passes(/^(?:Z_|ERR__ERROR_|ERR_BROTLI)/, 'its compressed body is cut or damaged'),
];
const unknownReason: Reason = passes(/^/, 'the connection failed');

/** got's, undici's or Node's code. The error itself is dropped: got's errors carry the request's headers. */
function codeOf(error: unknown): string {
  const { code, name }: Partial<NodeJS.ErrnoException> = error ?? {};
  // undici does not say what its parser stumbled over.
  if (code === undefined && name === 'HTTPParserError') return 'HPE_INVALID';
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code';
}
