/** Labels for operation names where only a bounded number may occur: in metrics and span names. */
export interface OperationLabels {
  /**
   * The first short names that are executed keep their name, all others become `other`, and an operation without a name
   * becomes `anonymous`. Only an executed operation takes one of the places.
   */
  labelOf(name: string | null, isExecuted: boolean): string;
}

const namesMax = 100;
export const nameLengthMax = 64;

/** Creates the labels of one process. Whatever callers send, it stores at most `namesMax` short names. */
export function createOperationLabels(): OperationLabels {
  const names = new Map<string, string>();
  return {
    labelOf(name, isExecuted) {
      if (name === null) return 'anonymous';
      const known = names.get(name);
      if (known !== undefined) return known;
      if (!isExecuted || names.size >= namesMax || name.length > nameLengthMax) return 'other';
      // A copy, because the parsed name is a slice of the request's text and would keep all of it alive.
      const label = Buffer.from(name).toString();
      names.set(label, label);
      return label;
    },
  };
}
