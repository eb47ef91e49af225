import { type CallLog, type LoggedCall, sortedQuery } from '../shared/call-log.ts';
import type { ApiRequest } from './api.ts';
import { fingerprintToken } from './tokens.ts';

/** One received request, token calls included; its path is below the API base: `/v1/balances`. */
export interface UqpayCall extends LoggedCall {
  /** The header as received; null when absent. */
  readonly onBehalfOf: string | null;
  readonly idempotencyKey: string | null;
  /** A short hash of the token, never the token; null when there was none. */
  readonly token: string | null;
}

/** Logs a call; returns the function that records its status. */
export function logCall(
  calls: CallLog<UqpayCall>,
  { method, path, query, onBehalfOf, idempotencyKey, authToken }: ApiRequest,
  at: number,
): (status: number) => void {
  const token = authToken === null ? null : fingerprintToken(authToken.replace(/^Bearer /, ''));
  return calls.open({ method, path, query: sortedQuery(query), onBehalfOf, idempotencyKey, token, at });
}
