import { Counter, type Registry } from 'prom-client';

export interface TallyOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly registry: Registry;
}

/** Counts one; takes the values of the labels in their order. Every set of values is kept: there must be few. */
export type Count = (...values: readonly string[]) => void;

/** How often a set of values, or the beginning of some, was counted, and the values that followed it. */
interface Tallied {
  count: number;
  readonly next: Map<string, Tallied>;
}

/** A counter that counts by itself and tells prom-client when it is read: counting there takes several times as long. */
export function createTally({ name, help, labels, registry }: TallyOptions): Count {
  const none = (): Tallied => ({ count: 0, next: new Map() });
  const all = none();
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      const report = (tallied: Tallied, values: readonly string[]) => {
        if (tallied.count > 0) this.labels(...values).inc(tallied.count);
        for (const [value, further] of tallied.next) report(further, [...values, value]);
      };
      report(all, []);
    },
  });
  // Value by value: one key of them all would be a new text, to be hashed anew, for everything that is counted.
  return (...values) => {
    let tallied = all;
    for (const value of values) {
      let further = tallied.next.get(value);
      if (further === undefined) {
        further = none();
        tallied.next.set(value, further);
      }
      tallied = further;
    }
    tallied.count += 1;
  };
}
