/** Counts running operations in units, in total and for each caller; an expensive operation takes several units. */
export interface OperationUnits {
  readonly units: number;
  /** Whether an operation of this caller that takes this many units may run now. */
  mayTake(callerKey: string, units: number): boolean;
  take(callerKey: string, units: number): void;
  giveBack(callerKey: string, units: number): void;
}

/**
 * A caller may use this many times what remains free afterwards: a caller that is alone, seven eighths of everything.
 */
const shareOfFree = 7;

/**
 * Shares units between callers; `unitsMax` is called each time, because the maximum shrinks when memory is short. Some
 * units always remain for callers that have nothing running: such a caller may start while anything is free, even if
 * its operation takes more units than are left. The total then exceeds the maximum, and nothing starts until enough has
 * been given back.
 */
export function createOperationUnits(unitsMax: () => number): OperationUnits {
  const unitsBy = new Map<string, number>();
  let total = 0;

  function change(callerKey: string, units: number): void {
    total += units;
    const own = (unitsBy.get(callerKey) ?? 0) + units;
    if (own === 0) unitsBy.delete(callerKey);
    else unitsBy.set(callerKey, own);
  }

  function mayTake(callerKey: string, units: number): boolean {
    const free = unitsMax() - total;
    const own = unitsBy.get(callerKey) ?? 0;
    if (own === 0) return free > 0;
    return own + units <= shareOfFree * (free - units);
  }

  return {
    get units() {
      return total;
    },
    mayTake,
    take: change,
    giveBack: (callerKey, units) => change(callerKey, -units),
  };
}
