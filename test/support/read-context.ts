import type { ReadContext } from '../../src/ports/upstream.ts';

/** A context for reading without a request: never aborted, without limits. */
export function aReadContext(fields: Partial<ReadContext> = {}): ReadContext {
  return {
    signal: new AbortController().signal,
    callerId: 'test',
    maxAgeSeconds: null,
    meter: { calls: 0 },
    readings: new Map(),
    ...fields,
  };
}
