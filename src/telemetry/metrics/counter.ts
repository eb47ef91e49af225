import { Counter, type Registry } from 'prom-client';

export interface CounterOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly registry: Registry;
}

/** Adds one; takes the label values in order. Every combination is kept, so there must be few. */
export interface Count {
  (...values: readonly string[]): void;
  /** Adds `amount`. */
  add(amount: number, ...values: readonly string[]): void;
}

interface Counted {
  readonly values: readonly string[];
  count: number;
}

/**
 * Counts on its own, and passes the values to prom-client when they are read: prom-client's `inc` takes several times
 * as long.
 */
export function createCounter({ name, help, labels, registry }: CounterOptions): Count {
  const byValues = new Map<string, Counted>();
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const { values, count } of byValues.values()) this.labels(...values).inc(count);
    },
  });
  function add(amount: number, ...values: readonly string[]): void {
    const key = values.join('\0');
    const known = byValues.get(key);
    if (known === undefined) byValues.set(key, { values, count: amount });
    else known.count += amount;
  }
  return Object.assign((...values: readonly string[]) => add(1, ...values), { add });
}
