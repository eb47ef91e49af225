import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { parseErrorBody } from '../shared/answered-by.ts';
import { parseRetryAfter } from '../shared/retry-after.ts';
import { judgeStatus, type ProviderRefusals } from '../shared/status-failure.ts';
import type { UqpayFamily } from './config.ts';

/** The call that a reply answers. */
export interface CallMade {
  readonly family: UqpayFamily;
  /** `UQPAY GET /v1/balances`, for messages. */
  readonly name: string;
  readonly onBehalfOf: string | null;
  readonly nowMs: number;
}

/** What an unsuccessful reply means. */
export interface Refusal {
  readonly failure: Failure;
  /** The token may be stale: a new one may be accepted. */
  readonly tokenRefused: boolean;
  /** UQPAY says that the requested resource does not exist. */
  readonly notFound: boolean;
  /** UQPAY itself refused the call. */
  readonly isProvidersOwn: boolean;
}

export const providerName = 'UQPAY';

const refusals: ProviderRefusals = {
  providerName,
  authRemedy:
    'Check that nothing else requests tokens with these credentials, and the IP allow-list of the key.',
  forbiddenRemedy:
    'Check that UQPAY has enabled this product, and acting for sub-accounts, for these credentials.',
  baseUrlVariable: 'UQPAY_BASE_URL',
  baseUrlEnd: '/api',
  // Each of the four error shapes has one of these members (reference section 2.3).
  isErrorBody: (body) => ['type', 'code', 'message', 'error'].some((member) => member in body),
  // The token call's "Invalid client id" (reference section 1.2) may be plain text.
  freeFormStatuses: new Set([400]),
};

/** Reads an unsuccessful reply. `type: not_found` decides first, then the HTTP status. */
export function toRefusal(reply: HttpReply, call: CallMade): Refusal {
  const { status } = reply;
  const { name, nowMs } = call;
  const words = toErrorWords(parseErrorBody(reply));
  const { failure, isProvidersOwn } = judgeStatus(reply, { ...refusals, name, nowMs });
  const plain = { failure, tokenRefused: false, notFound: false, isProvidersOwn };
  if (isClientError(status)) {
    const details: FailureDetails = { upstreamStatus: status, retryable: false };
    if (words.type === 'not_found') {
      const rejected = new Failure('UPSTREAM_REJECTED', `${name} was rejected with HTTP ${status}.`, details);
      return { ...plain, failure: rejected, notFound: true };
    }
    // Its HTTP status is not documented (reference section 10).
    if (words.code === 'sub_account_not_found' && call.onBehalfOf !== null) {
      return { ...plain, failure: accountNotFound(call.onBehalfOf, details) };
    }
  }
  if (failure.code === 'UPSTREAM_REJECTED' && saysTryAgain(words)) {
    return { ...plain, failure: tryAgain(reply, call) };
  }
  // Account Center answers 403, always with a body, where the other lines answer 401 (reference section 2.3).
  const isAccountCenters = call.family === 'accounts' && failure.code === 'UPSTREAM_FORBIDDEN';
  const tokenRefused = failure.code === 'UPSTREAM_AUTH' || (isAccountCenters && reply.text.trim() !== '');
  return { ...plain, tokenRefused };
}

/** The account cannot be read on this line: unknown, not active, or without it (reference section 3.3). */
export function accountNotFound(providerAccountId: string, details: FailureDetails = {}): Failure {
  const shown = /^[\x21-\x7e]{1,64}$/.test(providerAccountId) ? ` ${providerAccountId}` : '';
  return new Failure(
    'ACCOUNT_NOT_FOUND',
    `UQPAY has no account${shown} that can be read here: it is unknown, not active, or does not have this ledger.`,
    { provider: 'UQPAY', retryable: false, ...details },
  );
}

/** The failure for a 400 whose message says that the same call may work later. */
function tryAgain(reply: HttpReply, { name, nowMs }: CallMade): Failure {
  const { status, headers } = reply;
  const retryAfterSeconds = parseRetryAfter(headers['retry-after'], nowMs);
  return new Failure('UPSTREAM_UNAVAILABLE', `${name}: UQPAY could not answer (HTTP ${status}).`, {
    ...{ upstreamStatus: status, retryable: true },
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  });
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** How the idempotency layer says "later": HTTP 400, whose `code` may even be 200 (reference section 2.3). */
function saysTryAgain({ message }: ErrorWords): boolean {
  return /request is processing.*try again later/i.test(message);
}

/** The texts of the four error shapes (reference section 2.3). Numeric codes are not read, because they mislead. */
interface ErrorWords {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

function toErrorWords(body: object | null): ErrorWords {
  const wordAt = (name: string) => {
    const value: unknown = body === null ? undefined : Reflect.get(body, name);
    return typeof value === 'string' ? value : '';
  };
  return { type: wordAt('type'), code: wordAt('code'), message: wordAt('message') };
}
