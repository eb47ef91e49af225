import { Counter, Gauge, type Registry } from 'prom-client';
import type { ReadingsReport } from '../../ports/reading-store.ts';

const outcomes = ['written', 'dropped', 'failed'] as const;

/** Registers the metrics of stored readings; `report` is called when metrics are read. */
export function registerHistoryMetrics(
  prefix: string,
  registry: Registry,
  report: () => ReadingsReport,
): void {
  new Counter({
    name: `${prefix}history_readings_total`,
    help: 'Readings of balances that were written, dropped because the queue was full, or failed to be written.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const counts = report();
      for (const outcome of outcomes) this.inc({ outcome }, counts[outcome]);
    },
  });
  new Gauge({
    name: `${prefix}history_readings_waiting`,
    help: 'Readings of balances that wait to be written.',
    registers: [registry],
    collect() {
      this.set(report().waiting);
    },
  });
}
