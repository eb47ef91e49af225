import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { parseRetryAfter } from '../shared/retry-after.ts';
import type { UqpayFamily } from './config.ts';

/** The call a reply answers. */
export interface CallMade {
  readonly family: UqpayFamily;
  /** `UQPAY GET /v1/balances`, for messages. */
  readonly name: string;
  readonly onBehalfOf: string | null;
  readonly nowMs: number;
}

/** What a reply without success means. */
export interface Refusal {
  readonly failure: Failure;
  /** The token may be stale: another one may be accepted. */
  readonly tokenRefused: boolean;
  /** UQPAY says that the thing asked for does not exist. */
  readonly notFound: boolean;
}

/** The words of the four error shapes (reference section 2.3); numeric codes are not read: they mislead. */
interface ErrorWords {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

const errorTextMax = 65_536;

/** Reads a reply of any status but success. `type: not_found` decides first, then the HTTP status. */
export function toRefusal(reply: HttpReply, call: CallMade): Refusal {
  const words = parseErrorWords(reply.text);
  const { status } = reply;
  const details: FailureDetails = { upstreamStatus: status, retryable: false };
  const plain = (failure: Failure): Refusal => ({ failure, tokenRefused: false, notFound: false });

  if (isClientError(status) && words.type === 'not_found') {
    return { ...plain(rejected(call, status, details)), notFound: true };
  }
  // Its HTTP status is not documented (reference section 10).
  if (isClientError(status) && words.code === 'sub_account_not_found' && call.onBehalfOf !== null) {
    return plain(accountNotFound(call.onBehalfOf, details));
  }
  if (status === 401) {
    const failure = new Failure(
      'UPSTREAM_AUTH',
      `${call.name}: UQPAY refused the token. ${authRemedy}`,
      details,
    );
    return { failure, tokenRefused: true, notFound: false };
  }
  if (status === 403) {
    const failure = new Failure(
      'UPSTREAM_FORBIDDEN',
      `${call.name} is forbidden. ${forbiddenRemedy}`,
      details,
    );
    // Account Center answers 403 where the other lines answer 401 (reference section 2.3).
    return { failure, tokenRefused: call.family === 'accounts', notFound: false };
  }
  if (status === 429) return plain(rateLimited(reply, call, details));
  if (status === 408) {
    return plain(
      new Failure('UPSTREAM_TIMEOUT', `${call.name} took UQPAY too long (HTTP 408).`, {
        ...details,
        retryable: true,
      }),
    );
  }
  if (status >= 500 || saysTryAgain(words)) return plain(unavailable(reply, call, details));
  return plain(rejected(call, status, details));
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

const authRemedy =
  'Check that nothing else mints tokens with these credentials, and the IP allow-list of the key.';
const forbiddenRemedy =
  'Check that UQPAY has enabled this product, and acting for sub-accounts, for these credentials.';

function rateLimited(reply: HttpReply, call: CallMade, details: FailureDetails): Failure {
  const retryAfterSeconds = parseRetryAfter(reply.headers['retry-after'], call.nowMs);
  return new Failure(
    'UPSTREAM_RATE_LIMITED',
    `${call.name}: UQPAY's rate limit is reached. Ask again later.`,
    {
      ...details,
      retryable: true,
      ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    },
  );
}

function unavailable(reply: HttpReply, call: CallMade, details: FailureDetails): Failure {
  const retryAfterSeconds = parseRetryAfter(reply.headers['retry-after'], call.nowMs);
  return new Failure('UPSTREAM_UNAVAILABLE', `${call.name}: UQPAY could not answer (HTTP ${reply.status}).`, {
    ...details,
    retryable: true,
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
  });
}

function rejected(call: CallMade, status: number, details: FailureDetails): Failure {
  const remedy = isClientError(status) && status !== 404 ? '' : ' Check UQPAY_BASE_URL.';
  return new Failure('UPSTREAM_REJECTED', `${call.name} was rejected with HTTP ${status}.${remedy}`, details);
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** The idempotency layer's way to say "later": HTTP 400 whose `code` may even be 200 (reference section 2.3). */
function saysTryAgain({ message }: ErrorWords): boolean {
  return /request is processing.*try again later/i.test(message);
}

function parseErrorWords(text: string): ErrorWords {
  const body = text.length > errorTextMax ? null : parseJson(text);
  const wordAt = (name: string) => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { type: wordAt('type'), code: wordAt('code'), message: wordAt('message') };
}

/** Error bodies hold no amounts, so plain JSON does; a proxy's HTML is no JSON at all. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
