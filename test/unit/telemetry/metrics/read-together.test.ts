import { expect, test } from '@jest/globals';
import { createAdmission } from '../../../../src/server/admission/index.ts';
import { createMetrics } from '../../../../src/telemetry/metrics/index.ts';

test('concurrent reads of all metrics return the same values', async () => {
  const metrics = createMetrics(false, '1.2.3');
  const admission = createAdmission({ operationsMax: 1 });
  let reportCount = 0;
  metrics.watchAdmission(() => {
    reportCount += 1;
    return admission.report();
  });
  await metrics.read();
  const once = reportCount;
  await Promise.all([metrics.read(), metrics.read(), metrics.read()]);
  expect(reportCount).toBe(2 * once);
  await metrics.read();
  expect(reportCount).toBe(3 * once);
});
