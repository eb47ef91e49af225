import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { betweenFailure, type CallTo, isWebPage } from './answered-by.ts';
import { parseLosslessJson } from './lossless-json.ts';

/**
 * The JSON of a successful reply, digits kept, whatever type but a web page's was declared for it. UPSTREAM_SHAPE when
 * the provider answered something else, UPSTREAM_UNAVAILABLE when something between here and there did.
 */
export function parseBody(reply: HttpReply, call: CallTo, details: FailureDetails): unknown {
  const { text, unreadable, headers, status } = reply;
  const wrong = (problem: string, retryable = false) =>
    new Failure('UPSTREAM_SHAPE', `${call.name} ${problem}.`, { ...details, retryable });
  if (unreadable !== undefined) throw wrong(`answered with a body that ${unreadable}`);
  // 204 promises that there is nothing; another status may have lost its body on the way.
  if (text.trim() === '') throw wrong(`gave an empty reply (HTTP ${status})`, status !== 204);
  const contentType = headers['content-type'] ?? '';
  if (/\bx?html\b/i.test(contentType)) {
    if (/^\s*[[{]/.test(text)) throw wrong('answered with JSON that is said to be a web page');
    throw betweenFailure(reply, call, details);
  }
  try {
    return parseLosslessJson(text);
  } catch (error) {
    const isDeclared = contentType === '' || /\bjson\b/i.test(contentType);
    if (isWebPage(reply) || !isDeclared) throw betweenFailure(reply, call, details);
    throw wrong('answered with broken JSON', isCutShort(text, error));
  }
}

/** Whether JSON ends too early: on the way, and whole the next time. Anything else that is wrong with it stays so. */
function isCutShort(text: string, error: unknown): boolean {
  if (!(error instanceof SyntaxError)) return false;
  const position = /\bat position (\d+)/.exec(error.message)?.[1];
  return position === undefined
    ? error.message.endsWith('end of JSON input')
    : Number(position) >= text.trimEnd().length;
}
