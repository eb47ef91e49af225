import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';

/**
 * The failure for an aborted signal: the `Failure` it was aborted with, UPSTREAM_TIMEOUT when a deadline aborted it
 * (`AbortSignal.timeout`), else CANCELLED.
 */
export function toAbortFailure(signal: CancelSignal): Failure {
  const reason: unknown = signal.reason;
  if (reason instanceof Failure) return reason;
  if (typeof reason === 'object' && reason !== null && Reflect.get(reason, 'name') === 'TimeoutError') {
    return new Failure(
      'UPSTREAM_TIMEOUT',
      'The time limit of this request passed before the provider answered.',
      { retryable: true },
    );
  }
  return new Failure('CANCELLED', 'The request was cancelled before the provider answered.');
}
