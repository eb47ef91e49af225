import { LRUCache } from 'lru-cache';
import type { Account } from '../../domain/model.ts';
import type { GatewayContext } from '../context.ts';
import { callsExceeded } from '../reads/call-meter.ts';
import type { CallPlan } from './call-plan.ts';
import { type PlannedOperation, planOperation } from './index.ts';
import type { FieldPlans } from './planning.ts';

/** Throws CALLS_EXCEEDED, with the count and the maximum, for an operation that needs more calls than it may make. */
export type CheckCalls = (
  asked: PlannedOperation,
  /** The `measured` of `OperationLimiter.check`: the same object for the same operation. */
  measured: object | null,
  context: GatewayContext,
) => void;

/** Operations cached with their caller and variables, and the longest variables, as JSON: at most 2 MB. */
const fittedMax = 2_000;
const variablesLengthMax = 500;

/**
 * Creates the check for one gateway. It caches the variables with which an operation passed, because planning takes 10
 * to 20 % of an answer, and dashboards send the same operations again.
 */
export function createCallsCheck(plans: FieldPlans): CheckCalls {
  const fitted = new LRUCache<string, true>({ max: fittedMax });
  const numberOf = createNumbers();

  return (asked, measured, context) => {
    context.checkListed = createListedCheck(asked, plans, context);
    const text = measured === null ? null : JSON.stringify(asked.variables);
    const key =
      measured === null || text === null || text.length > variablesLengthMax
        ? null
        : `${numberOf(measured)} ${numberOf(context.viewer)} ${text}`;
    if (key !== null && fitted.get(key) !== undefined) return;
    checkCalls(planOperation(asked, plans, context), context.upstreamCallsMax);
    if (key !== null) fitted.set(key, true);
  };
}

/**
 * Creates the check that runs when a page of accounts has been read. Without a page size, or after a cursor, an operation
 * is admitted with the fewest accounts that its page can have; the page shows whether the calls for its accounts fit.
 */
function createListedCheck(
  asked: PlannedOperation,
  plans: FieldPlans,
  context: GatewayContext,
): NonNullable<GatewayContext['checkListed']> {
  const listed = new Map<string, readonly Account[]>();
  return (path, accounts) => {
    listed.set(path, accounts);
    const { callsLeast } = planOperation(asked, plans, context, listed);
    const { upstreamCallsMax } = context;
    if (callsLeast <= upstreamCallsMax) return;
    const found = `With the ${accounts.length} accounts of this page the operation needs ${callsLeast} upstream calls`;
    throw callsExceeded(`${found}, so none was made for them`, callsLeast, upstreamCallsMax);
  };
}

/** Gives each object a number of its own, without keeping the object in memory. */
function createNumbers(): (object: object) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (object) => {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(object, last);
    return last;
  };
}

/** Throws CALLS_EXCEEDED when a plan needs more calls than an operation may make. */
export function checkCalls({ callsLeast }: Pick<CallPlan, 'callsLeast'>, callsMax: number): void {
  if (callsLeast <= callsMax) return;
  throw callsExceeded(
    `The operation needs ${callsLeast} upstream calls, so none was made`,
    callsLeast,
    callsMax,
  );
}
