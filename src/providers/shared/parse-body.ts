import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { type CallTo, isWebPage, notFromProviderFailure } from './answered-by.ts';
import { parseLosslessJson } from './lossless-json.ts';

/**
 * The JSON of a successful reply, with every digit, whatever content type it declares except a web page's. Throws
 * UPSTREAM_SHAPE if the provider answered something else, and UPSTREAM_UNAVAILABLE if something between here and there
 * did.
 */
export function parseBody(reply: HttpReply, call: CallTo, details: FailureDetails): unknown {
  const { text, unreadable, headers, status } = reply;
  const wrong = (problem: string, retryable = false) =>
    new Failure('UPSTREAM_SHAPE', `${call.name} ${problem}.`, { ...details, retryable });
  if (unreadable !== undefined) throw wrong(`answered with a body that ${unreadable}`);
  // A 204 says that there is no body; with any other status, the body may have been lost on the way.
  if (text.trim() === '') throw wrong(`gave an empty reply (HTTP ${status})`, status !== 204);
  const contentType = headers['content-type'] ?? '';
  if (/\bx?html\b/i.test(contentType)) {
    if (/^\s*[[{]/.test(text)) throw wrong('answered with JSON that is said to be a web page');
    throw notFromProviderFailure(reply, call, details);
  }
  try {
    return parseLosslessJson(text);
  } catch (error) {
    const isDeclared = contentType === '' || /\bjson\b/i.test(contentType);
    if (isWebPage(reply) || !isDeclared) throw notFromProviderFailure(reply, call, details);
    throw wrong('answered with broken JSON', isCutShort(text, error));
  }
}

/** Whether JSON was cut off on the way, and may be complete the next time. Any other error in it would stay. */
function isCutShort(text: string, error: unknown): boolean {
  if (!(error instanceof SyntaxError)) return false;
  const position = /\bat position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? error.message.endsWith('end of JSON input')
    : Number(position) >= text.trimEnd().length;
}
