import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { parseRetryAfter } from './retry-after.ts';

/** The call a reply answers, and what an operator can do about each kind of refusal. */
export interface AnsweredCall {
  /** `NOAH GET /balances`, for messages. */
  readonly name: string;
  /** The provider's name for people. */
  readonly providerName: string;
  readonly nowMs: number;
  /** Sentence for a refused credential. */
  readonly authRemedy: string;
  /** Sentence for a missing permission. */
  readonly forbiddenRemedy: string;
  /** Variable that holds the API's address. */
  readonly baseUrlVariable: string;
}

/** What a reply without success means, by its HTTP status alone. Nothing of its body gets into the failure. */
export function toStatusFailure(reply: HttpReply, call: AnsweredCall): Failure {
  const { status } = reply;
  const { name, providerName } = call;
  const final: FailureDetails = { upstreamStatus: status, retryable: false };
  const passing: FailureDetails = { upstreamStatus: status, retryable: true, ...toWait(reply, call.nowMs) };
  if (status === 401) {
    return new Failure(
      'UPSTREAM_AUTH',
      `${name}: ${providerName} refused the credentials. ${call.authRemedy}`,
      final,
    );
  }
  if (status === 403) {
    return new Failure('UPSTREAM_FORBIDDEN', `${name} is forbidden. ${call.forbiddenRemedy}`, final);
  }
  if (status === 408) {
    return new Failure('UPSTREAM_TIMEOUT', `${name} took ${providerName} too long (HTTP 408).`, passing);
  }
  if (status === 429) {
    return new Failure(
      'UPSTREAM_RATE_LIMITED',
      `${name}: ${providerName}'s rate limit is reached. Ask again later.`,
      passing,
    );
  }
  if (status >= 500) {
    return new Failure(
      'UPSTREAM_UNAVAILABLE',
      `${name}: ${providerName} could not answer (HTTP ${status}).`,
      passing,
    );
  }
  const remedy = status >= 400 && status !== 404 ? '' : ` Check ${call.baseUrlVariable}.`;
  return new Failure('UPSTREAM_REJECTED', `${name} was rejected with HTTP ${status}.${remedy}`, final);
}

function toWait(reply: HttpReply, nowMs: number): Pick<FailureDetails, 'retryAfterSeconds'> {
  const retryAfterSeconds = parseRetryAfter(reply.headers['retry-after'], nowMs);
  return retryAfterSeconds === null ? {} : { retryAfterSeconds };
}
