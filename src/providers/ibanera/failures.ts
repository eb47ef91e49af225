import { Failure } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';
import { judgeStatus, type ProviderRefusals } from '../shared/status-failure.ts';
import { findEnvelope } from './envelope.ts';

const authRemedy =
  'Check IBANERA_USERNAME, IBANERA_PASSWORD and IBANERA_TOTP_SECRET, and the clock of this machine: ' +
  'the one-time codes follow it.';
const refusals: ProviderRefusals = {
  providerName: 'Ibanera',
  authRemedy,
  forbiddenRemedy: 'Check that Ibanera has made this user an API principal.',
  baseUrlVariable: 'IBANERA_BASE_URL',
  baseUrlEnd: null,
  // Members of the envelope (reference section 3).
  isErrorBody: (body) => 'status' in body || 'errors' in body,
  // The reference expects 401 with bodies that are not JSON (section 3); of a 400 only the status is documented.
  freeFormStatuses: new Set([400, 401]),
};

/** What an unsuccessful reply to a read means. */
export interface Refusal {
  readonly failure: Failure;
  /** The token or the code was refused; which of them is not documented (reference section 2.2). */
  readonly passRefused: boolean;
  /** Ibanera itself refused the read. */
  readonly isProvidersOwn: boolean;
}

/** Fields that stand for the token or the code in an envelope of errors. */
const passFields = /^(?:otp|token|accesstoken|authorization)$/i;

/** Reads an unsuccessful reply of any HTTP status, including a 200 whose envelope reports an error. */
export function toRefusal(reply: HttpReply, name: string, nowMs: number): Refusal {
  const { status } = reply;
  const isEnvelopeOnly = status >= 200 && status <= 299;
  const errors = status < 500 ? (findEnvelope(reply, name)?.errors ?? []) : [];
  if (errors.some(({ fieldName }) => passFields.test(fieldName))) {
    return {
      failure: new Failure('UPSTREAM_AUTH', `${name}: Ibanera refused the token or code. ${authRemedy}`, {
        upstreamStatus: status,
        retryable: false,
      }),
      passRefused: true,
      isProvidersOwn: true,
    };
  }
  if (isEnvelopeOnly) {
    const details = { upstreamStatus: status, retryable: false };
    return {
      failure: new Failure('UPSTREAM_REJECTED', `${name} was rejected: its envelope says error.`, details),
      passRefused: false,
      isProvidersOwn: true,
    };
  }
  const verdict = judgeStatus(reply, { ...refusals, name, nowMs });
  const { code } = verdict.failure;
  return { ...verdict, passRefused: code === 'UPSTREAM_AUTH' || code === 'UPSTREAM_FORBIDDEN' };
}

/** Why a login was refused, and whether trying again soon is useless. */
export interface LoginRefusal {
  readonly failure: Failure;
  /** True for a lasting condition: locked, suppressed, not verified. */
  readonly isPermanent: boolean;
}

/** Sentences for the documented codes (reference section 2.1). */
const permanentReasons: Readonly<Record<string, string>> = {
  Account_Locked: 'the account is locked for ten minutes after too many refused logins',
  Account_Suppressed: 'the account is inactive. Ask Ibanera to open it',
  Account_Not_Verified: 'the account may not use the API. Ask Ibanera to make it an API principal',
};

const refusalStatuses: ReadonlySet<number> = new Set([400, 401, 403]);

/** Reads an unsuccessful reply to a login. Null if it says nothing about the credentials: see `toLoginTrouble`. */
export function toLoginRefusal(reply: HttpReply, name: string, nowMs: number): LoginRefusal | null {
  const { status } = reply;
  if (status < 200 || status > 299) {
    const { failure, isProvidersOwn } = judgeStatus(reply, { ...refusals, name, nowMs });
    const isRefusal = refusalStatuses.has(status) && failure.details.retryable === false;
    if (!isRefusal || !isProvidersOwn) return null;
  }
  const codes = (findEnvelope(reply, name)?.errors ?? []).map(({ messageCode }) => messageCode);
  const permanentReason = codes
    .map((code) => permanentReasons[code])
    .find((sentence) => sentence !== undefined);
  const reason = permanentReason ?? `it refused the credentials (HTTP ${status}). ${authRemedy}`;
  return {
    failure: new Failure('UPSTREAM_AUTH', `Ibanera did not log in: ${reason.replace(/\.$/, '')}.`, {
      ...{ provider: 'IBANERA', upstreamStatus: status, retryable: false, retriesSpent: true },
    }),
    isPermanent: permanentReason !== undefined,
  };
}

/** The failure of a login that failed for other reasons than its credentials. It is never repeated at once. */
export function toLoginTrouble(reply: HttpReply, name: string, nowMs: number): Failure {
  const { code, message, details } = judgeStatus(reply, { ...refusals, name, nowMs }).failure;
  return new Failure(code, message, { provider: 'IBANERA', ...details, retriesSpent: true });
}
