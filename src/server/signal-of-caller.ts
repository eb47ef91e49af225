import type { ServerResponse } from 'node:http';
import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';

/** Creates a signal that aborts when the caller disconnects before the whole answer is sent. */
export function signalOfCaller(response: ServerResponse): CancelSignal {
  const caller = new Cancellation();
  whenClosed(response, () => {
    if (response.writableFinished) return;
    caller.abort(new Failure('CANCELLED', 'The caller disconnected before the answer was ready.'));
  });
  return caller;
}

/** Runs `act` once the answer has been sent, or its connection is closed. */
export function whenClosed(response: ServerResponse, act: () => void): void {
  if (response.destroyed) act();
  else response.once('close', act);
}
