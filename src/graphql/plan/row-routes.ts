import type { Route } from '../../ports/upstream.ts';
import type { BoundedCalls, OwnerRows, PlannedStep, RowSource } from './planned-step.ts';

/** Which rows of one owner have been read. */
export interface RowsRead {
  isWhole: boolean;
  readonly keys: Set<string>;
}

/**
 * Chooses how to read the rows needed at one time, with the same rule as `data/find-rows.ts`: one by one when few are
 * needed, otherwise by the list, and nothing from a list that was read before. Records the reads in `before`.
 */
export function chooseRowRoutes(step: PlannedStep, before: Map<string, RowsRead>): readonly BoundedCalls[] {
  const byList: OwnerRows[] = [];
  const byThemselves: OwnerRows[] = [];
  for (const [key, wanted] of step.rows) {
    const known = before.get(`${step.kind} ${key}`) ?? { isWhole: false, keys: new Set<string>() };
    before.set(`${step.kind} ${key}`, known);
    const missing = new Set([...wanted.keys].filter((rowKey) => !known.keys.has(rowKey)));
    if (known.isWhole || (!wanted.isWhole && missing.size === 0)) continue;
    const { oneRoute, singlyBelow = 2 } = wanted.source;
    const areSingle = !wanted.isWhole && oneRoute !== undefined && missing.size < singlyBelow;
    (areSingle ? byThemselves : byList).push({ ...wanted, keys: missing });
    if (!areSingle) known.isWhole = true;
    for (const rowKey of missing) known.keys.add(rowKey);
  }
  return [
    ...toCalls(
      byList,
      () => 1,
      ({ listRoute }) => listRoute,
      becauseOfList,
    ),
    ...toCalls(
      byThemselves,
      ({ keys }) => keys.size,
      ({ oneRoute, listRoute }) => oneRoute ?? listRoute,
      becauseOfSingle,
    ),
  ];
}

function toCalls(
  owners: readonly OwnerRows[],
  callsOf: (owner: OwnerRows) => number,
  routeOf: (source: RowSource) => Route,
  becauseOf: (owners: readonly OwnerRows[], first: OwnerRows) => string,
): readonly BoundedCalls[] {
  const [first] = owners;
  if (first === undefined) return [];
  const { provider, source } = first;
  const sum = (measure: (owner: OwnerRows) => number) =>
    owners.reduce((total, owner) => total + owner.count * measure(owner), 0);
  return [
    {
      provider,
      ledger: source.ledger,
      route: routeOf(source),
      accountCount: sum(source.isOfProvider === true ? callsOf : () => 1),
      calls: sum(callsOf),
      // If the list fails, single rows are read by their own route; if that route is inconclusive, they are read from
      // the list.
      callsMost: source.isOfProvider === true ? null : sum(({ keys }) => 1 + keys.size),
      serves: [...new Set(owners.flatMap(({ serves }) => [...serves]))],
      because: becauseOf(owners, first),
    },
  ];
}

function becauseOfList(owners: readonly OwnerRows[], { source: { noun } }: OwnerRows): string {
  if (owners.some(({ isWhole }) => isWhole)) return `one list for all ${noun}s of an account in this ledger`;
  const most = Math.max(...owners.map(({ keys }) => keys.size));
  return most === 1
    ? `the list, which tells one ${noun} as well`
    : `one list in place of ${most} single ${noun}s`;
}

function becauseOfSingle(owners: readonly OwnerRows[], { source: { noun } }: OwnerRows): string {
  const most = Math.max(...owners.map(({ keys }) => keys.size));
  return most === 1
    ? `one ${noun} that is wanted alone`
    : `single ${noun}s, which are fewer than pages of the list`;
}
