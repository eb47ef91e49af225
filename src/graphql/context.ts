import type { ExecutionResult, GraphQLError } from 'graphql';
import type { SourceSums } from '../data/activity-sums.ts';
import { createClosedWindows } from '../data/closed-windows.ts';
import { createRequestReads, type RequestReads } from '../data/index.ts';
import { createListLengths, type ListLengths } from '../data/list-lengths.ts';
import type { TransactionPaginator } from '../data/pagination/index.ts';
import type { CursorSigner } from '../data/pagination/signed-cursor.ts';
import { createWindowReads } from '../data/pagination/window-reads.ts';
import { type Caller, mayReadOf } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { QueryExplainArgs, UpstreamPlan } from '../generated/resolvers.ts';
import type { Live } from '../live/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { TakeStreamPlace } from '../ports/event-stream.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingLookup } from '../ports/reading-store.ts';
import type { OperationFacts } from '../ports/request-telemetry.ts';
import type { ResponseBasis } from '../ports/response-cache.ts';
import type { CacheLookUps, ReadContext } from '../ports/upstream.ts';
import type { BudgetsOf } from '../ports/upstream-report.ts';
import { CappedCallMeter } from './call-meter.ts';
import { startDeadline } from './deadline.ts';
import { createTurns, type Turns } from './execution/index.ts';
import { guardPaginator, guardReads } from './guarded-reads.ts';
import type { CoercedVariables } from './limits/index.ts';
import { ReadRecord } from './read-record.ts';
import { parseRequestFreshness } from './request-freshness.ts';

/** What the resolvers of one request share. */
export interface GatewayContext {
  readonly requestId: string;
  readonly viewer: Caller;
  /** Connected providers that the caller may read, in display order. */
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly reads: RequestReads;
  readonly paginator: TransactionPaginator;
  /** Opens cursors, so that forged ones are refused before anything is read. */
  readonly signer: CursorSigner;
  /** How long lists were last seen to be. */
  readonly lengths: ListLengths;
  /** Upstream calls that the operation may make. */
  readonly upstreamCallsMax: number;
  readonly read: ReadContext;
  /** How old the reads of this request are, and what they cost. */
  readonly readRecord: ReadRecord;
  /** The gateway's clock, epoch milliseconds. */
  now(): number;
  /** Errors of fields that have data all the same; added to the answer's `errors`. */
  readonly partialErrors: GraphQLError[];
  /** Turns of the event loop that the operation is spread over. */
  readonly turns: Turns;
  /** Takes note of what the request turned out to be. */
  onOperation(facts: OperationFacts): void;
  /** Told what an answer without errors was made of. */
  onWhole(basis: ResponseBasis): void;
  /** The operation's variables, coerced once for the limits, the plan and execution. */
  variables?: CoercedVariables;
  /** Told what the operation costs before it is executed; what it gives resolves when it may be. */
  onCost(cost: number): Promise<void> | undefined;
  /** Plans operations for `explain`; set once the server knows the operation. */
  explainer?: Explainer;
  /** Calls of the minute that are left at a provider, for each budget. */
  readonly budgetsOf: BudgetsOf;
  /** A context of the same caller whose reads are answered from caches only (`ReadContext.cachedOnly`). */
  cachedOnly(lookUps: CacheLookUps): GatewayContext;
  /** What running the operation gave, where Apollo Server is to deal with its errors (`execution.ts`). */
  executed?: Promise<ExecutionResult>;
  /** What subscriptions watch; null where there are none. */
  readonly live: Live | null;
  /** Takes a place for a stream of events; null where the caller takes none. */
  readonly takeStreamPlace: TakeStreamPlace | null;
  /** A context of the same caller for another event: nothing that was read before, and all of its time before it. */
  renewed(): GatewayContext;
  /** Lets go of timers; called once the answer is ready. */
  end(): void;
}

/** Works out what an operation would ask of the providers. Throws BAD_USER_INPUT. */
export type Explainer = (
  asked: Pick<QueryExplainArgs, 'document' | 'variables' | 'operationName'>,
  context: GatewayContext,
) => Promise<UpstreamPlan>;

/** What requests are answered with; lives as long as the process. */
export interface GatewayPorts {
  /** Connected providers, in display order. */
  readonly providers: readonly Provider[];
  readonly paginator: TransactionPaginator;
  readonly signer: CursorSigner;
  readonly clock: Clock;
  /** Longest time an answer may take. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
  /** Default: no budgets. */
  readonly budgetsOf?: BudgetsOf;
  /** Readings of balances that were kept; null, the default, where none are. */
  readonly readings?: ReadingLookup | null;
  /** What subscriptions watch; null, the default, where there are none. */
  readonly live?: Live | null;
}

/** What the HTTP server knows of a request. */
export interface RequestFacts {
  readonly requestId: string;
  readonly caller: Caller;
  /** Names in lower case. */
  readonly headers?: ReadonlyMap<string, string>;
  /** Aborts when the caller goes away. */
  readonly signal: CancelSignal;
  /** Takes note of what the request turned out to be. */
  readonly onOperation?: (facts: OperationFacts) => void;
  /** Told what an answer without errors was made of. */
  readonly onWhole?: (basis: ResponseBasis) => void;
  /** Told what the operation costs before it is executed; what it gives resolves when it may be. */
  readonly onCost?: (cost: number) => Promise<void> | undefined;
  /** Takes a place for a stream of events; null, the default, where the caller takes none. */
  readonly takeStreamPlace?: TakeStreamPlace | null;
}

/** Makes the context of each request: loaders start empty, so no request sees what another one read. */
export function createContextFactory(
  ports: GatewayPorts,
): (request: RequestFacts) => Promise<GatewayContext> {
  const { paginator, signer, clock, requestTimeoutMs, upstreamCallsPerOperationMax } = ports;
  const { budgetsOf = () => [] } = ports;
  const lengths = createListLengths();
  const { readings = null } = ports;
  const windows = createWindowReads({ providers: ports.providers, clock });
  const closedWindows = createClosedWindows<SourceSums>();

  function create(request: RequestFacts): GatewayContext {
    const { requestId, caller, headers, signal: callerSignal, takeStreamPlace = null } = request;
    const { onOperation = () => {}, onWhole = () => {}, onCost = () => undefined } = request;
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
              ...{ providers, paginator, windows, closedWindows, readings, lengths, signer, clock },
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
        onWhole,
        onCost,
        budgetsOf,
        cachedOnly: contextWith,
        live: ports.live ?? null,
        takeStreamPlace,
        renewed: () => create({ requestId, caller, signal: callerSignal }),
        end,
      };
    }
    return contextWith(null);
  }

  return async (request) => create(request);
}
