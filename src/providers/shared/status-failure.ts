import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { type CallTo, type ErrorBodies, isProvidersOwn, notFromProviderFailure } from './answered-by.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What a provider's refusals look like, and what an operator can do about each kind. */
export interface ProviderRefusals extends ErrorBodies {
  /** Display name of the provider. */
  readonly providerName: string;
  /** Sentence that says what to do about a refused credential. */
  readonly authRemedy: string;
  /** Sentence that says what to do about a missing permission. */
  readonly forbiddenRemedy: string;
  /** Variable that holds the API's address. */
  readonly baseUrlVariable: string;
  /** How the provider's own base URLs end, such as `/api`; null if they have no path. */
  readonly baseUrlEnd: string | null;
}

/** The call that a reply answers. */
export interface AnsweredCall extends CallTo, ProviderRefusals {
  readonly nowMs: number;
}

/** What an unsuccessful reply means. */
export interface StatusVerdict {
  readonly failure: Failure;
  /** False if something else answered in the provider's place; that proves nothing about a credential or a resource. */
  readonly isProvidersOwn: boolean;
}

/**
 * Judges an unsuccessful reply by its status, its headers, and whether its body can be the provider's. Nothing of the
 * body gets into the failure.
 */
export function judgeStatus(reply: HttpReply, call: AnsweredCall): StatusVerdict {
  const isOwn = isProvidersOwn(reply, call);
  return { failure: toFailure(reply, call, isOwn), isProvidersOwn: isOwn && reply.status >= 400 };
}

function toFailure(reply: HttpReply, call: AnsweredCall, isOwn: boolean): Failure {
  const { status } = reply;
  const { name, providerName } = call;
  const final: FailureDetails = { upstreamStatus: status, retryable: false };
  const wait = toWait(reply, call.nowMs);
  const passing: FailureDetails = { upstreamStatus: status, retryable: true, ...wait };
  // A reply that names a time to come back is not a refusal.
  if (status === 429 || (status === 403 && wait.retryAfterSeconds !== undefined)) {
    const problem = `${providerName}'s rate limit is reached. Try again later.`;
    return new Failure('UPSTREAM_RATE_LIMITED', `${name}: ${problem}`, passing);
  }
  if (status === 408) {
    return new Failure('UPSTREAM_TIMEOUT', `${name} took ${providerName} too long (HTTP 408).`, passing);
  }
  if (status < 400 || (!isOwn && wrongAddressStatuses.has(status))) {
    return new Failure('UPSTREAM_REJECTED', wrongAddress(status, call), { ...final, notFromProvider: true });
  }
  if (!isOwn) return notFromProviderFailure(reply, call, wait);
  if (status === 401) {
    const problem = `${providerName} refused the credentials. ${call.authRemedy}`;
    return new Failure('UPSTREAM_AUTH', `${name}: ${problem}`, final);
  }
  if (status === 403) {
    return new Failure('UPSTREAM_FORBIDDEN', `${name} is forbidden. ${call.forbiddenRemedy}`, final);
  }
  if (status >= 500) {
    const problem = `${providerName} could not answer (HTTP ${status}).`;
    return new Failure('UPSTREAM_UNAVAILABLE', `${name}: ${problem}`, passing);
  }
  const remedy = status === 404 ? ` ${checkAddress(call)}` : '';
  return new Failure('UPSTREAM_REJECTED', `${name} was rejected with HTTP ${status}.${remedy}`, final);
}

/** If something other than the provider's API sent them, these statuses mean that it does not know the API. */
const wrongAddressStatuses: ReadonlySet<number> = new Set([404, 405]);

function wrongAddress(status: number, call: AnsweredCall): string {
  const { name, providerName, baseUrlVariable } = call;
  if (status < 400) {
    return `${name} was answered with HTTP ${status}, a redirect that is not followed. Check ${baseUrlVariable}.`;
  }
  return `${name} was rejected with HTTP ${status} by something that is not ${providerName}'s API. ${checkAddress(call)}`;
}

function checkAddress({ providerName, baseUrlVariable, baseUrlEnd }: AnsweredCall): string {
  const end = baseUrlEnd === null ? '' : ` ${providerName}'s own address ends with ${baseUrlEnd}.`;
  return `Check ${baseUrlVariable}.${end}`;
}

function toWait(reply: HttpReply, nowMs: number): Pick<FailureDetails, 'retryAfterSeconds'> {
  const retryAfterSeconds = parseRetryAfter(reply.headers['retry-after'], nowMs);
  return retryAfterSeconds === null ? {} : { retryAfterSeconds };
}
