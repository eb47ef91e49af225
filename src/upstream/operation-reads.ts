import type { ReadContext, Reading } from '../ports/upstream.ts';

/**
 * Returns the operation's reading of `key`, done or in flight, or else starts one. A read that must be new
 * (`maxAgeSeconds: 0`) replaces the one before it; a failed read is removed.
 */
export function shareInOperation<T>(
  key: string,
  { readings, maxAgeSeconds }: ReadContext,
  start: () => Promise<Reading<T>>,
): Promise<Reading<T>> {
  const known = maxAgeSeconds === 0 ? undefined : readings.get(key);
  // Equal keys are equal reads, so the value has the type of this read.
  if (known !== undefined) return known as Promise<Reading<T>>;
  const reading = start();
  readings.set(key, reading);
  reading.catch(() => {
    if (readings.get(key) === reading) readings.delete(key);
  });
  return reading;
}
