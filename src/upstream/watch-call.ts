import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { CallOutcome, UpstreamCall, UpstreamTelemetry } from '../ports/upstream-telemetry.ts';

/** Makes one call to a provider, and tells whoever follows the calls what became of it. */
export async function watchCall<T>(
  call: UpstreamCall,
  make: () => Promise<T>,
  clock: Clock,
  { observer, tracer }: UpstreamTelemetry,
): Promise<T> {
  const startMs = clock.now();
  let outcome: CallOutcome = 'OK';
  try {
    return await (tracer === undefined ? make() : tracer.trace(call, make));
  } catch (error) {
    outcome = error instanceof Failure ? error.code : 'INTERNAL';
    throw error;
  } finally {
    observer?.called(call, outcome, Math.max(0, clock.now() - startMs));
  }
}
