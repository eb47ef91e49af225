import { Gauge, type Registry } from 'prom-client';

/** A gauge of 1 whose labels say what runs. */
export function registerBuildInfo(prefix: string, registry: Registry, version: string): void {
  const gauge = new Gauge({
    name: `${prefix}build_info`,
    help: 'Always 1; the labels say which version of the gateway runs on which Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  gauge.set({ version, node: process.versions.node }, 1);
}
