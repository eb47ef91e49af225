import type { Route } from '../../ports/upstream.ts';
import type { BoundedCalls, OwnerBalances, PlannedStep } from './planned-step.ts';

/** What has been read of the balances of an account's ledger. */
export interface BalanceWants {
  isWhole: boolean;
  readonly currencies: Set<string>;
}

/**
 * How balances that are wanted at one time are read, as `data/balances.ts` does: one by its own route where it is wanted
 * alone, else the list; nothing of a list that was read before. Takes note of what is read in `before`.
 */
export function chooseBalanceRoutes(
  step: PlannedStep,
  before: Map<string, BalanceWants>,
): readonly BoundedCalls[] {
  const whole: OwnerBalances[] = [];
  const alone: OwnerBalances[] = [];
  for (const [key, wanted] of step.balances) {
    const known = before.get(`${step.kind} ${key}`) ?? { isWhole: false, currencies: new Set<string>() };
    before.set(`${step.kind} ${key}`, known);
    const missing = [...wanted.currencies].filter((currency) => !known.currencies.has(currency));
    if (known.isWhole || (!wanted.isWhole && missing.length === 0)) continue;
    const isAlone = !wanted.isWhole && missing.length === 1 && wanted.repository.oneRoute !== undefined;
    (isAlone ? alone : whole).push(wanted);
    if (!isAlone) known.isWhole = true;
    for (const currency of missing) known.currencies.add(currency);
  }
  return [
    ...toCalls(whole, ({ listRoute }) => listRoute, becauseOfWhole),
    ...toCalls(
      alone,
      ({ oneRoute, listRoute }) => oneRoute ?? listRoute,
      () => 'one balance that is wanted alone',
    ),
  ];
}

function toCalls(
  owners: readonly OwnerBalances[],
  routeOf: (repository: OwnerBalances['repository']) => Route,
  becauseOf: (owners: readonly OwnerBalances[]) => string,
): readonly BoundedCalls[] {
  const [first] = owners;
  if (first === undefined) return [];
  const { provider, repository } = first;
  const accountCount = owners.reduce((sum, { count }) => sum + count, 0);
  // A list that fails leaves single balances to their own routes, and a route that is not sure leaves them to the list.
  const most = owners.reduce((sum, { count, currencies }) => sum + count * (1 + currencies.size), 0);
  return [
    {
      provider,
      ledger: repository.ledger,
      route: routeOf(repository),
      accountCount,
      calls: accountCount,
      callsMost: most,
      serves: [...new Set(owners.flatMap(({ serves }) => [...serves]))],
      because: becauseOf(owners),
    },
  ];
}

function becauseOfWhole(owners: readonly OwnerBalances[]): string {
  if (owners.some(({ isWhole }) => isWhole)) return 'one list for all balances of an account in this ledger';
  const counts = owners.map(({ currencies }) => currencies.size);
  const most = Math.max(...counts);
  return most === 1
    ? 'the provider has no route for one balance, so that the list is read'
    : `one list in place of ${most} single balances`;
}
