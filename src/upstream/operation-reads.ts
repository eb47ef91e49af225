import type { CallMeter, ReadContext, Reading } from '../ports/upstream.ts';

/** Makes the same read of one operation once. */
export interface OperationReads {
  /** The reading of `key` that the operation has or awaits, else the one `start` makes. */
  share<T>(key: string, context: ReadContext, start: () => Promise<Reading<T>>): Promise<Reading<T>>;
}

/**
 * Remembers the readings of each operation for as long as the operation lives. A read that insists on being made
 * anew (`maxAgeSeconds: 0`) takes the place of the one before it; a read that failed is forgotten.
 */
export function createOperationReads(): OperationReads {
  const operations = new WeakMap<CallMeter, Map<string, Promise<Reading<unknown>>>>();
  return {
    share<T>(key: string, { meter, maxAgeSeconds }: ReadContext, start: () => Promise<Reading<T>>) {
      const readings = operations.get(meter) ?? new Map<string, Promise<Reading<unknown>>>();
      operations.set(meter, readings);
      const known = maxAgeSeconds === 0 ? undefined : readings.get(key);
      // Equal keys are equal reads, so that the value has the type this read gives.
      if (known !== undefined) return known as Promise<Reading<T>>;
      const reading = start();
      readings.set(key, reading);
      reading.catch(() => {
        if (readings.get(key) === reading) readings.delete(key);
      });
      return reading;
    },
  };
}
