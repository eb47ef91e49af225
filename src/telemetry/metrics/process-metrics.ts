import { collectDefaultMetrics, Registry } from 'prom-client';

let processMetrics: Registry | null = null;

/**
 * Adds the default metrics of a Node process (CPU, memory, event loop, garbage collection). They are started on first
 * use, once per process however many gateways run in it, and never stopped.
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
