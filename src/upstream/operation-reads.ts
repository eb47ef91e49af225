import type { ReadContext, Reading } from '../ports/upstream.ts';

/**
 * The reading of `key` that the operation has or awaits, else the one `start` makes. A read that insists on being made
 * anew (`maxAgeSeconds: 0`) takes the place of the one before it; a read that failed is forgotten.
 */
export function shareInOperation<T>(
  key: string,
  { readings, maxAgeSeconds }: ReadContext,
  start: () => Promise<Reading<T>>,
): Promise<Reading<T>> {
  const known = maxAgeSeconds === 0 ? undefined : readings.get(key);
  // Equal keys are equal reads, so that the value has the type this read gives.
  if (known !== undefined) return known as Promise<Reading<T>>;
  const reading = start();
  readings.set(key, reading);
  reading.catch(() => {
    if (readings.get(key) === reading) readings.delete(key);
  });
  return reading;
}
