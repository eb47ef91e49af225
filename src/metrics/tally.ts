import { Counter, type Registry } from 'prom-client';

export interface TallyOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly registry: Registry;
}

/** Counts one; takes the values of the labels in their order. Every set of values is kept: there must be few. */
export type Count = (...values: readonly string[]) => void;

/** A counter that counts by itself and tells prom-client when it is read: counting there takes several times as long. */
export function createTally({ name, help, labels, registry }: TallyOptions): Count {
  const counts = new Map<string, { readonly values: readonly string[]; count: number }>();
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const { values, count } of counts.values()) this.labels(...values).inc(count);
    },
  });
  return (...values) => {
    const key = values.join('\n');
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { values, count: 1 });
    else known.count += 1;
  };
}
