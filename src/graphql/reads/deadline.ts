import { Cancellation, type CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';

/** A signal that aborts with a `Failure` as its reason, and a way to stop the timer behind it. */
export interface Deadline {
  readonly signal: CancelSignal;
  /** Stops the timer; call it when the answer is ready. */
  end(): void;
}

/**
 * Starts a deadline: the signal aborts with UPSTREAM_TIMEOUT after `timeoutMs`, or with CANCELLED if the caller
 * disconnects first.
 */
export function startDeadline(timeoutMs: number, caller: CancelSignal): Deadline {
  const cancellation = new Cancellation();
  const onCallerGone = () => {
    cancellation.abort(new Failure('CANCELLED', 'The caller disconnected before the answer was ready.'));
  };
  const timer = setTimeout(() => {
    cancellation.abort(
      new Failure(
        'UPSTREAM_TIMEOUT',
        `The answer was not complete after ${timeoutMs} ms (REQUEST_TIMEOUT_MS). Try again, or ask for less at once.`,
        { retryable: true },
      ),
    );
  }, timeoutMs);
  timer.unref();
  if (caller.aborted) onCallerGone();
  else caller.addEventListener('abort', onCallerGone);
  return {
    signal: cancellation,
    end() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onCallerGone);
    },
  };
}
