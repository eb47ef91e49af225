import { createHash } from 'node:crypto';
import { ownTick } from '../../domain/end-of-tick.ts';
import { Failure } from '../../domain/failure.ts';
import type { PlannedBudget, PlannedCalls, UpstreamPlan } from '../../generated/resolvers.ts';
import type { DocumentRules } from '../apollo/checked-document.ts';
import type { Explainer, GatewayContext } from '../context.ts';
import { badInput } from '../input/bad-input.ts';
import { createOperationLimiter } from '../limits/index.ts';
import { checkCalls } from '../plan/calls-check.ts';
import { type OperationCalls, planOperation } from '../plan/index.ts';
import type { FieldPlans } from '../plan/planning.ts';
import { type CachedRun, runFromCaches } from './cached-run.ts';
import { type ExplainedOperation, readExplained } from './explained-operation.ts';

export interface ExplainOptions {
  readonly rules: DocumentRules;
  readonly plans: FieldPlans;
  /** The text registered or listed under a hash or id; undefined when there is none. */
  readonly textOf: (hash: string) => Promise<string | undefined>;
  /** Why execution would refuse a text, whatever its content; null when it would not. */
  readonly refusalOf: (text: string) => Failure | null;
}

/** Plans that one request may ask for: each takes as long as an answer. */
const plansMax = 10;
/** Upper bound on the calls of one step, so that even their sum fits into GraphQL's Int. */
const stepCallsMax = 1_000_000;

/** Creates the explainer, which plans the upstream calls of operations without making any. */
export function createExplainer({ rules, plans, textOf, refusalOf }: ExplainOptions): Explainer {
  const limiter = createOperationLimiter(rules.limits, rules.hideSuggestions);
  const planCounts = new WeakMap<GatewayContext, number>();
  const planned = new WeakMap<GatewayContext, Promise<unknown>>();

  function countPlan(context: GatewayContext): void {
    const planCount = (planCounts.get(context) ?? 0) + 1;
    if (planCount > plansMax) {
      throw new Failure('BAD_USER_INPUT', `One request may ask for at most ${plansMax} plans ("explain").`);
    }
    planCounts.set(context, planCount);
  }

  async function textToExplain(document: string): Promise<string> {
    const text = await textOf(document);
    if (text !== undefined) return text;
    if (!/^[0-9a-f]{64}$/i.test(document)) return document;
    throw badInput('document', 'is the hash of no text that is registered here. Send the text itself.');
  }

  /** Plans the calls of an operation, and says why execution would refuse them. */
  function planCalls(
    explained: ExplainedOperation,
    text: string,
    context: GatewayContext,
  ): { readonly calls: OperationCalls; readonly refusal: Failure | null } {
    let refusal = refusalOf(text) ?? explained.refusal;
    if (explained.planned === null) return { calls: noCalls, refusal };
    try {
      const plan = planOperation(explained.planned, plans, context);
      const calls = plan.finish();
      try {
        checkCalls(plan, context.upstreamCallsMax);
      } catch (error) {
        refusal ??= toFailure(error);
      }
      return { calls, refusal };
    } catch (error) {
      return { calls: noCalls, refusal: refusal ?? toFailure(error) };
    }
  }

  /** Runs one plan of a request after the other, because they share the request's slot. */
  function inTurn<T>(context: GatewayContext, plan: () => Promise<T>): Promise<T> {
    const previous = planned.get(context) ?? Promise.resolve();
    const turn = previous.then(plan, plan);
    planned.set(context, turn);
    return turn;
  }

  async function explain(
    { document, variables = null, operationName = null }: Parameters<Explainer>[0],
    context: GatewayContext,
  ): Promise<UpstreamPlan> {
    const text = await textToExplain(document);
    // Parsing and validating can take 50 ms.
    await ownTick();
    const explained = readExplained(text, operationName, variables, rules, limiter);
    const { calls, refusal } = planCalls(explained, text, context);
    const isRun = refusal === null && explained.planned !== null;
    // It runs as the operation itself would, if from caches alone, so it takes as much room.
    if (isRun) await context.onCost(explained.cost);
    const cached = isRun ? await runFromCaches(explained.planned, context) : null;
    // Clients cache objects by id, so steps of different plans need different ids.
    const planId = shortDigest(JSON.stringify([text, explained.variables, operationName]));
    return toUpstreamPlan(planId, calls, refusal, explained.cost, cached, context);
  }

  return async (args, context) => {
    countPlan(context);
    return inTurn(context, () => explain(args, context));
  };
}

const noCalls: OperationCalls = { steps: [], calls: 0, callsMost: 0 };

function toUpstreamPlan(
  planId: string,
  { steps: planned, callsMost }: OperationCalls,
  refusal: Failure | null,
  cost: number,
  cached: CachedRun | null,
  { upstreamCallsMax, budgetsOf }: GatewayContext,
): UpstreamPlan {
  const steps = toSteps(planId, planned, cached);
  const calls = steps.reduce((sum, step) => sum + step.calls, 0);
  const bound = Math.min(callsMost ?? upstreamCallsMax, upstreamCallsMax);
  const providers = [...new Set(steps.map(({ provider }) => provider))];
  return {
    calls,
    callsNow: Math.min(calls, cached?.missingCount ?? 0),
    callsAtMost: refusal === null ? Math.max(calls, bound) : calls,
    cost: Math.ceil(cost),
    admitted: refusal === null,
    refusal: refusal && { code: refusal.code, message: refusal.message },
    steps,
    budgets: providers.flatMap((provider) =>
      budgetsOf(provider).map(({ callsPerMinute, callsLeft }): PlannedBudget => {
        return { provider, callsPerMinute, callsLeft };
      }),
    ),
  };
}

/** Assigns the cached reads of each route to its steps, in order. */
function toSteps(
  planId: string,
  planned: OperationCalls['steps'],
  cached: CachedRun | null,
): readonly PlannedCalls[] {
  const idOf = (id: string) => `${planId}-${id}`;
  const usedCounts = new Map<string, number>();
  return planned.map(({ route, id, after, ...step }) => {
    const { provider, ledger } = step;
    const kind = JSON.stringify([provider, ledger, route]);
    const used = usedCounts.get(kind) ?? 0;
    const calls = Math.min(step.calls, stepCallsMax);
    const found = (cached?.foundCount(provider, ledger, route) ?? 0) - used;
    const remembered = Math.max(0, Math.min(calls, found));
    usedCounts.set(kind, used + remembered);
    const accountCount = Math.min(step.accountCount, stepCallsMax);
    return { ...step, ...route, id: idOf(id), after: after.map(idOf), calls, accountCount, remembered };
  });
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
