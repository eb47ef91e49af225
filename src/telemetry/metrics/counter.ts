import { Counter, type Registry } from 'prom-client';
import { PartMap } from '../../domain/part-map.ts';

export interface CounterOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly registry: Registry;
}

/** Counts one; takes the values of the labels in their order. Every set of values is kept: there must be few. */
export type Count = (...values: readonly string[]) => void;

interface Counted {
  readonly values: readonly string[];
  count: number;
}

/** A counter that counts by itself and tells prom-client when it is read: counting there takes several times as long. */
export function createCounter({ name, help, labels, registry }: CounterOptions): Count {
  const byValues = new PartMap<Counted>();
  const all: Counted[] = [];
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const { values, count } of all) this.labels(...values).inc(count);
    },
  });
  return (...values) => {
    const known = byValues.get(...values);
    if (known === undefined) all.push(byValues.set({ values, count: 1 }, ...values));
    else known.count += 1;
  };
}
