/** How many operations run, all together and for each caller, in units: a dear operation takes several. */
export interface OperationUnits {
  readonly units: number;
  /** Whether an operation of this caller that takes so many units may run now. */
  mayTake(callerKey: string, units: number): boolean;
  take(callerKey: string, units: number): void;
  giveBack(callerKey: string, units: number): void;
}

/** A caller may have this many times what is left free after it: alone seven eighths of all. */
const shareOfFree = 7;

/**
 * Shares units between callers; `unitsMax` is asked each time, because there are fewer while memory is short. Something is
 * always left for whoever has nothing running: that caller may begin while anything is free, and is then let finish even
 * where its operation takes more units than are left. What is over is owed, and nobody begins until it is given back.
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
