import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** Which traces are sampled. */
export interface Sampling {
  /** Share of the traces that start here, 0 to 1. */
  readonly ratio: number;
  /** Whether the caller's sampling decision applies to traces that it started. */
  readonly followsCaller: boolean;
}

export function createSampler({ ratio, followsCaller }: Sampling): Sampler {
  const root =
    ratio === 1
      ? new AlwaysOnSampler()
      : ratio === 0
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return followsCaller ? new ParentBasedSampler({ root }) : root;
}
