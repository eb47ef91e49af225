import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallOutcome, UpstreamCall, UpstreamTelemetry } from '../ports/upstream-telemetry.ts';

/** Has to be told how a call ended: its error, or null. */
export type EndCall = (error: unknown) => void;

/** Begins to measure a call to a provider, for whoever counts the calls. */
export function beginCall(call: UpstreamCall, clock: Clock, { observer }: UpstreamTelemetry): EndCall {
  const startMs = clock.now();
  return (error) => observer?.called(call, outcomeOf(error), Math.max(0, clock.now() - startMs));
}

function outcomeOf(error: unknown): CallOutcome {
  if (error === null) return 'OK';
  return error instanceof Failure ? error.code : 'INTERNAL';
}

/** Makes one call to a provider, as part of what is being traced. */
export function traceCall<T>(
  call: UpstreamCall,
  make: () => Promise<T>,
  { tracer }: UpstreamTelemetry,
): Promise<T> {
  return tracer === undefined ? make() : tracer.trace(call, make);
}

/** Makes one call to a provider, and tells whoever follows the calls what became of it. */
export async function watchCall<T>(
  call: UpstreamCall,
  make: () => Promise<T>,
  clock: Clock,
  telemetry: UpstreamTelemetry,
): Promise<T> {
  const end = beginCall(call, clock, telemetry);
  try {
    const value = await traceCall(call, make, telemetry);
    end(null);
    return value;
  } catch (error) {
    end(error);
    throw error;
  }
}
