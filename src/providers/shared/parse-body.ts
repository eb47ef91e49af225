import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { parseLosslessJson } from './lossless-json.ts';

/** The JSON of a successful reply, digits kept; UPSTREAM_SHAPE when it is something else. */
export function parseBody(reply: HttpReply, callName: string, details: FailureDetails): unknown {
  const contentType = reply.headers['content-type'] ?? '';
  if (contentType !== '' && !/\bjson\b/i.test(contentType)) {
    throw new Failure('UPSTREAM_SHAPE', `${callName} answered something else than JSON.`, details);
  }
  try {
    return parseLosslessJson(reply.text);
  } catch (error) {
    // A body cut short on the way is whole the next time; one nested out of reach is not.
    const retryable = error instanceof SyntaxError;
    throw new Failure('UPSTREAM_SHAPE', `${callName} answered with broken JSON.`, { ...details, retryable });
  }
}
