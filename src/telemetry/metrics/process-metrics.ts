import { collectDefaultMetrics, Registry } from 'prom-client';

let processMetrics: Registry | null = null;

/**
 * The usual metrics of a Node process (CPU, memory, event loop, garbage collection), begun when first asked for. They
 * are of the process, so that there is one set however many gateways run in it, and their observers never end.
 */
export function addProcessMetrics(registry: Registry): void {
  if (processMetrics === null) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  for (const { name } of processMetrics.getMetricsAsArray()) {
    const metric = processMetrics.getSingleMetric(name);
    if (metric !== undefined) registry.registerMetric(metric);
  }
}
