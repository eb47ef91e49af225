import type { Caller } from '../../domain/caller.ts';
import type { GatewayContext } from '../context.ts';
import { callsExceeded } from '../reads/call-meter.ts';
import type { OperationCalls } from './call-plan.ts';
import { type PlannedOperation, planOperation } from './index.ts';
import type { FieldPlans } from './planning.ts';

/** Throws CALLS_EXCEEDED, with the count and the maximum, for an operation that needs more calls than it may make. */
export type CheckCalls = (
  asked: PlannedOperation,
  /** The `measured` of `OperationLimiter.check`: the same object for the same operation. */
  measured: object | null,
  context: GatewayContext,
) => void;

/** Sets of variables cached for each operation and caller, and the longest of them, as JSON. */
const variablesMax = 8;
const variablesLengthMax = 500;

/**
 * Creates the check for one gateway. It caches the variables with which an operation passed, because planning takes 10
 * % of a small answer.
 */
export function createCallsCheck(plans: FieldPlans): CheckCalls {
  const fitted = new WeakMap<object, WeakMap<Caller, Set<string>>>();

  function fittedFor(measured: object, { viewer }: GatewayContext): Set<string> {
    const ofOperation = fitted.get(measured) ?? new WeakMap<Caller, Set<string>>();
    const texts = ofOperation.get(viewer) ?? new Set<string>();
    fitted.set(measured, ofOperation.set(viewer, texts));
    return texts;
  }

  return (asked, measured, context) => {
    const known = measured === null ? null : fittedFor(measured, context);
    const text = known === null ? '' : JSON.stringify(asked.variables);
    if (known?.has(text)) return;
    checkCalls(planOperation(asked, plans, context), context.upstreamCallsMax);
    if (known === null || text.length > variablesLengthMax) return;
    if (known.size >= variablesMax) known.clear();
    known.add(text);
  };
}

/** Throws CALLS_EXCEEDED when a plan needs more calls than an operation may make. */
export function checkCalls({ callsLeast }: OperationCalls, callsMax: number): void {
  if (callsLeast <= callsMax) return;
  throw callsExceeded(
    `The operation comes to ${callsLeast} upstream calls, so that none was made`,
    callsLeast,
    callsMax,
  );
}
