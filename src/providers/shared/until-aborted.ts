import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';

/**
 * Waits for `work`, or rejects with CANCELLED as soon as the signal aborts. The work continues for those who share it.
 */
export function untilAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(new Failure('CANCELLED', 'The request was cancelled while it waited.'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    // Attached even after an abort: an unhandled rejection is reported as a fault of the gateway.
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
