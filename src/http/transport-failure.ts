import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { HttpOptions } from './http-options.ts';

/** A reply of more bytes than `replyBytesMax`. */
export class ReplyTooLarge extends Error {}

/** What a transport's own trouble means. Nothing of the error goes along: it may hold a query, a header or a body. */
export function toTransportFailure(
  error: unknown,
  url: string,
  signal: CancelSignal | undefined,
  options: HttpOptions,
): Failure {
  const host = hostOf(url);
  if (error instanceof ReplyTooLarge) {
    return new Failure(
      'UPSTREAM_SHAPE',
      `${host} answered with more than ${options.replyBytesMax} bytes; the reply was not read to its end.`,
    );
  }
  if (signal?.aborted) return new Failure('CANCELLED', `The request to ${host} was cancelled.`);
  const code = codeOf(error);
  if (timeoutCodes.has(code)) {
    return new Failure('UPSTREAM_TIMEOUT', `${host} did not answer in ${options.requestTimeoutMs} ms.`, {
      retryable: true,
    });
  }
  return new Failure('UPSTREAM_UNAVAILABLE', `${host} could not be read (${code}).`, { retryable: true });
}

const timeoutCodes: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** got's, undici's or Node's code. The error itself is dropped: got's errors carry the request's headers. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The provider';
}
