import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  CallAttempt,
  CallOutcome,
  UpstreamCall,
  UpstreamTelemetry,
} from '../ports/upstream-telemetry.ts';

/** Makes one call to a provider, and reports its outcome to the observer and the tracer. */
export function watchCall<T>(
  call: UpstreamCall,
  make: () => Promise<T>,
  clock: Clock,
  { observer, tracer }: UpstreamTelemetry,
  attempt?: CallAttempt,
): Promise<T> {
  const startMs = clock.now();
  const report = (outcome: CallOutcome) =>
    observer?.called(call, outcome, Math.max(0, clock.now() - startMs));
  return (tracer === undefined ? make() : tracer.trace(call, make, attempt)).then(
    (value) => {
      report('OK');
      return value;
    },
    (error: unknown) => {
      report(error instanceof Failure ? error.code : 'INTERNAL');
      throw error;
    },
  );
}
