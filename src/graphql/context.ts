import type { ExecutionResult, GraphQLError } from 'graphql';
import type { SourceSums } from '../data/activity/activity-sums.ts';
import { createClosedWindows } from '../data/activity/closed-windows.ts';
import { createRequestReads, type RequestReads } from '../data/index.ts';
import { createListLengths, type ListLengths } from '../data/list-lengths.ts';
import type { TransactionPaginator, TransactionWindows } from '../data/pagination/index.ts';
import type { CursorSigner } from '../data/pagination/signed-cursor.ts';
import { type Caller, mayReadOf } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { Account } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { QueryExplainArgs, UpstreamPlan } from '../generated/resolvers.ts';
import type { Live } from '../live/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReserveStream } from '../ports/event-stream.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingLookup } from '../ports/reading-store.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { ResponseBasis } from '../ports/response-cache.ts';
import type { CacheLookUps, ReadContext } from '../ports/upstream.ts';
import type { BudgetsOf } from '../ports/upstream-report.ts';
import { createTurns, type Turns } from './execution/index.ts';
import type { CoercedVariables } from './limits/index.ts';
import { CappedCallMeter } from './reads/call-meter.ts';
import { startDeadline } from './reads/deadline.ts';
import { guardPaginator, guardReads } from './reads/guarded-reads.ts';
import { ReadRecord } from './reads/read-record.ts';
import { parseRequestFreshness } from './reads/request-freshness.ts';

/** What the resolvers of one request share. */
export interface GatewayContext {
  readonly requestId: string;
  readonly viewer: Caller;
  /** Connected providers that the caller may read, in display order. */
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly reads: RequestReads;
  readonly paginator: TransactionPaginator;
  /** Verifies cursors, so that forged ones are refused before anything is read. */
  readonly signer: CursorSigner;
  /** The lengths at which lists were last seen. */
  readonly lengths: ListLengths;
  /** The most upstream calls that the operation may make. */
  readonly upstreamCallsMax: number;
  readonly read: ReadContext;
  /** How old this request's reads are, and what they cost. */
  readonly readRecord: ReadRecord;
  /** The gateway's clock, epoch milliseconds. */
  now(): number;
  /** Errors of fields that returned data all the same; the answer's `errors` include them. */
  readonly partialErrors: GraphQLError[];
  /** The turns of the event loop over which the operation is spread. */
  readonly turns: Turns;
  /** Called with the operation's facts once the request has been handled. */
  onOperation(facts: OperationFacts): void;
  /** Called with the reads behind an answer that has no errors. */
  onCompleteAnswer(basis: ResponseBasis): void;
  /** The operation's variables, coerced once for the limits, the plan and execution. */
  variables?: CoercedVariables;
  /** Called with the operation's cost before execution. The operation waits until the returned promise resolves. */
  onCost(cost: number): Promise<void> | undefined;
  /**
   * Checks the operation's calls again, with the accounts that the list at `path` turned out to have. Throws
   * CALLS_EXCEEDED before any call for them is made. Set once the operation has been admitted.
   */
  checkListed?: (path: string, accounts: readonly Account[]) => void;
  /** Plans operations for `explain`; set once the operation has been resolved. */
  explainer?: Explainer;
  /** The calls left in the current minute at a provider, for each of its budgets. */
  readonly budgetsOf: BudgetsOf;
  /** Creates a context for the same caller whose reads come from caches only (`ReadContext.cachedOnly`). */
  cachedOnly(lookUps: CacheLookUps): GatewayContext;
  /** The result of execution, for Apollo Server to report its errors (`apollo-execution.ts`). */
  executed?: Promise<ExecutionResult>;
  /** The lists that subscriptions watch; null when subscriptions are off. */
  readonly live: Live | null;
  /** Reserves a slot for an event stream; null when the caller does not accept a stream. */
  readonly reserveStream: ReserveStream | null;
  /** Creates a context for the same caller's next event: nothing is read yet, and the full time limit starts again. */
  renewed(): GatewayContext;
  /** Releases timers; call it when the answer is ready. */
  end(): void;
}

/** Plans the upstream calls of an operation without making them. Throws BAD_USER_INPUT. */
export type Explainer = (
  asked: Pick<QueryExplainArgs, 'document' | 'variables' | 'operationName'>,
  context: GatewayContext,
) => Promise<UpstreamPlan>;

/** What all requests share; lives as long as the process. */
export interface GatewayPorts {
  /** Connected providers, in display order. */
  readonly providers: readonly Provider[];
  readonly paginator: TransactionPaginator & TransactionWindows;
  readonly signer: CursorSigner;
  readonly clock: Clock;
  /** The longest time that an answer may take. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
  /** Default: no budgets. */
  readonly budgetsOf?: BudgetsOf;
  /** The stored readings of balances; null, the default, when none are stored. */
  readonly readings?: ReadingLookup | null;
  /** The lists that subscriptions watch; null, the default, when subscriptions are off. */
  readonly live?: Live | null;
}

/** What the HTTP server knows about a request. */
export interface RequestFacts {
  readonly requestId: string;
  readonly caller: Caller;
  /** Names are in lower case. */
  readonly headers?: ReadonlyMap<string, string>;
  /** Aborts when the caller disconnects. */
  readonly signal: CancelSignal;
  /** Called with the operation's facts once the request has been handled. */
  readonly onOperation?: (facts: OperationFacts) => void;
  /** Called with the reads behind an answer that has no errors. */
  readonly onCompleteAnswer?: (basis: ResponseBasis) => void;
  /** Called with the operation's cost before execution. The operation waits until the returned promise resolves. */
  readonly onCost?: (cost: number) => Promise<void> | undefined;
  /** Reserves a slot for an event stream; null, the default, when the caller does not accept a stream. */
  readonly reserveStream?: ReserveStream | null;
}

/** Creates a context for each request. Its loaders start empty, so no request sees what another one read. */
export function createContextFactory(
  ports: GatewayPorts,
): (request: RequestFacts) => Promise<GatewayContext> {
  const { paginator, signer, clock, requestTimeoutMs, upstreamCallsPerOperationMax } = ports;
  const { budgetsOf = () => [] } = ports;
  const lengths = createListLengths();
  const { readings = null } = ports;
  const closedWindows = createClosedWindows<SourceSums>();

  function create(request: RequestFacts): GatewayContext {
    const { requestId, caller, headers, signal: callerSignal, reserveStream = null } = request;
    const { onOperation = () => {}, onCompleteAnswer = () => {}, onCost = () => undefined } = request;
    const { signal, end } = startDeadline(requestTimeoutMs, callerSignal);
    const providers = new Map(
      ports.providers
        .filter(({ code }) => mayReadOf(caller.grants, code))
        .map((provider) => [provider.code, provider]),
    );
    const { maxAgeSeconds, isFromNow } = parseRequestFreshness(headers?.get('cache-control'));
    const freshFromMs = isFromNow ? clock.now() : null;
    const guardedPaginator = guardPaginator(paginator, caller);

    function contextWith(cachedOnly: CacheLookUps | null): GatewayContext {
      const readRecord = new ReadRecord();
      const read: ReadContext = {
        signal,
        deadlineMs: clock.now() + requestTimeoutMs,
        callerId: caller.subject,
        maxAgeSeconds,
        ...(freshFromMs === null ? {} : { freshFromMs }),
        meter: new CappedCallMeter(upstreamCallsPerOperationMax),
        readings: new Map(),
        observer: readRecord,
        ...(cachedOnly === null ? {} : { cachedOnly }),
      };
      return {
        requestId,
        viewer: caller,
        providers,
        reads: guardReads(
          createRequestReads(
            {
              ...{ providers, paginator, closedWindows, readings, lengths, signer, clock },
              callsMax: upstreamCallsPerOperationMax,
            },
            read,
          ),
          caller,
        ),
        paginator: guardedPaginator,
        signer,
        lengths,
        upstreamCallsMax: upstreamCallsPerOperationMax,
        read,
        readRecord,
        now: () => clock.now(),
        partialErrors: [],
        turns: createTurns(),
        onOperation,
        onCompleteAnswer,
        onCost,
        budgetsOf,
        cachedOnly: contextWith,
        live: ports.live ?? null,
        reserveStream,
        renewed: renewalOf(create, { requestId, caller, signal: callerSignal }),
        end,
      };
    }
    return contextWith(null);
  }

  return async (request) => create(request);
}

/** References nothing else of the first request, because a subscription keeps this for as long as it is open. */
function renewalOf(
  create: (request: RequestFacts) => GatewayContext,
  request: RequestFacts,
): () => GatewayContext {
  return () => create(request);
}
