import type { GraphQLError } from 'graphql';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { createRequestReads, type RequestReads } from '../reading/index.ts';
import { createListLengths } from '../reading/list-lengths.ts';
import type { TransactionWalker } from '../walk/index.ts';
import type { CursorSeal } from '../walk/seal.ts';
import { CappedCallMeter } from './call-meter.ts';
import { startDeadline } from './deadline.ts';

/** Who is asking. */
export interface Viewer {
  /** Name of the credential, never its value. */
  readonly subject: string;
  readonly scopes: readonly string[];
}

/** What the resolvers of one request share. */
export interface GatewayContext {
  readonly requestId: string;
  readonly viewer: Viewer;
  /** Connected providers, in display order. */
  readonly providers: ReadonlyMap<ProviderCode, Provider>;
  readonly reads: RequestReads;
  readonly walker: TransactionWalker;
  readonly read: ReadContext;
  /** Errors of fields that have data all the same; added to the answer's `errors`. */
  readonly partialErrors: GraphQLError[];
  /** Lets go of timers; called once the answer is ready. */
  end(): void;
}

/** What requests are answered with; lives as long as the process. */
export interface GatewayPorts {
  /** Connected providers, in display order. */
  readonly providers: readonly Provider[];
  readonly walker: TransactionWalker;
  readonly seal: CursorSeal;
  readonly clock: Clock;
  /** Longest time an answer may take. */
  readonly requestTimeoutMs: number;
  readonly upstreamCallsPerOperationMax: number;
}

/** What the HTTP server knows of a request. */
export interface RequestFacts {
  readonly requestId: string;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

const anonymous: Viewer = {
  subject: 'anonymous',
  scopes: ['accounts:read', 'balances:read', 'transactions:read'],
};

/** Makes the context of each request: loaders start empty, so no request sees what another one read. */
export function createContextFactory(
  ports: GatewayPorts,
): (request: RequestFacts) => Promise<GatewayContext> {
  const { walker, seal, clock, requestTimeoutMs, upstreamCallsPerOperationMax } = ports;
  const providers = new Map(ports.providers.map((provider) => [provider.code, provider]));
  const lengths = createListLengths();

  return async ({ requestId, signal: caller }) => {
    const { signal, end } = startDeadline(requestTimeoutMs, caller);
    const read: ReadContext = {
      signal,
      deadlineMs: clock.now() + requestTimeoutMs,
      callerId: anonymous.subject,
      maxAgeSeconds: null,
      meter: new CappedCallMeter(upstreamCallsPerOperationMax),
    };
    return {
      requestId,
      viewer: anonymous,
      providers,
      reads: createRequestReads({ providers, lengths, seal, clock }, read),
      walker,
      read,
      partialErrors: [],
      end,
    };
  };
}
