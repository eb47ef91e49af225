/** Names of operations where only so many may be told apart: in metrics, and as names of spans. */
export interface OperationLabels {
  /**
   * The name itself for the first names that were executed, `other` for all others and for long ones, `anonymous`
   * for an operation without a name. Only an executed operation takes a place among the first.
   */
  labelOf(name: string | null, isExecuted: boolean): string;
}

const namesMax = 100;
export const nameLengthMax = 64;

/** For one process: what callers send can make it hold `namesMax` short names and no more. */
export function createOperationLabels(): OperationLabels {
  const names = new Map<string, string>();
  return {
    labelOf(name, isExecuted) {
      if (name === null) return 'anonymous';
      const known = names.get(name);
      if (known !== undefined) return known;
      if (!isExecuted || names.size >= namesMax || name.length > nameLengthMax) return 'other';
      // A copy: the parser cut the name out of the whole request, which it would keep alive.
      const label = Buffer.from(name).toString();
      names.set(label, label);
      return label;
    },
  };
}
