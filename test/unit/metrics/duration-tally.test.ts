// Durations that are counted here read at /metrics as those that prom-client counts.
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { createDurationTally } from '../../../src/metrics/duration-tally.ts';

const bounds = [0.005, 0.01, 0.25, 1];
const described = { name: 'waiting_seconds', help: 'Time that was waited.', buckets: bounds };

test('the text is the same, letter by letter', async () => {
  const durationsMs = fc.oneof(
    fc.integer({ min: 0, max: 2_000 }),
    fc.constantFrom(...bounds.map((s) => s * 1_000)),
  );
  const names = fc.constantFrom('balances', 'a "quoted"\nname', '__proto__', 'constructor', '');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(durationsMs, names, names)), async (observed) => {
      const [theirs, ours] = [new Registry(), new Registry()];
      const histogram = new Histogram({ ...described, labelNames: ['who', 'what'], registers: [theirs] });
      const observe = createDurationTally({ ...described, labels: ['who', 'what'], registry: ours });
      for (const [ms, who, what] of observed) {
        histogram.observe({ who, what }, ms / 1_000);
        observe(ms, who, what);
      }
      expect(rounded(await ours.metrics())).toBe(rounded(await theirs.metrics()));
    }),
  );
});

/** Sums are added up in another unit. */
function rounded(text: string): string {
  return text.replace(
    /^(waiting_seconds_sum.* )(\S+)$/gm,
    (_line, start, sum) => start + Number(sum).toFixed(6),
  );
}
