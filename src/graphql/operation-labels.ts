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
  const names = new Set<string>();
  return {
    labelOf(name, isExecuted) {
      if (name === null) return 'anonymous';
      if (names.has(name)) return name;
      if (!isExecuted || names.size >= namesMax || name.length > nameLengthMax) return 'other';
      names.add(name);
      return name;
    },
  };
}
