import type { GraphQLFormattedError } from 'graphql';
import { createTransactionPaginator, type TransactionPaginator } from '../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { anonymous, type Caller } from '../../src/domain/caller.ts';
import type { GraphQLLog } from '../../src/graphql/apollo/answer-hooks.ts';
import { createApollo } from '../../src/graphql/apollo/apollo.ts';
import { createContextFactory } from '../../src/graphql/context.ts';
import { loadCompiler } from '../../src/graphql/execution/index.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Provider } from '../../src/ports/provider.ts';
import type { ReadingLookup } from '../../src/ports/reading-store.ts';
import { fakeNowMs } from './fake-provider.ts';

/** What an operation answered, as a client reads it from JSON, and what it cost. */
export interface Answer {
  readonly data: JsonObject | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** Upstream calls the operation made. */
  readonly calls: number;
}

/** An object of an answer; fields are looked at with `toEqual` and `at`. */
export interface JsonObject {
  readonly [field: string]: unknown;
}

export interface ExecutorOptions {
  readonly providers: readonly Provider[];
  readonly paginator?: TransactionPaginator;
  readonly upstreamCallsPerOperationMax?: number;
  readonly requestTimeoutMs?: number;
  /** Readings of balances that were kept. */
  readonly readings?: ReadingLookup | null;
  readonly hideSchemaDetails?: boolean;
  /** Runs of an operation before it is compiled; without it none is. */
  readonly runsBeforeCompiling?: number;
  /** Who asks; without one everybody, who may read everything. */
  readonly caller?: Caller;
}

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly details: unknown;
  readonly message: string | undefined;
}

export interface Executor {
  /** Runs one operation through the real Apollo Server with the real schema. */
  run(query: string, variables?: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
  readonly log: readonly LogLine[];
  stop(): Promise<void>;
}

const clock: Clock = {
  now: () => fakeNowMs,
  sleep: async () => {},
};

export async function startExecutor(options: ExecutorOptions): Promise<Executor> {
  const { providers, hideSchemaDetails = false } = options;
  const signer = createCursorSigner(Buffer.from('a secret for tests only'));
  const log: LogLine[] = [];
  const { runsBeforeCompiling } = options;
  const compile = runsBeforeCompiling === undefined ? null : await loadCompiler();
  const apollo = createApollo({
    introspection: true,
    hideSchemaDetails,
    log: createLog(log),
    execution: runsBeforeCompiling === undefined ? {} : { compiler: () => compile, runsBeforeCompiling },
  });
  await apollo.start();
  const createContext = createContextFactory({
    providers,
    paginator: { ...createTransactionPaginator({ providers, signer, clock }), ...options.paginator },
    signer,
    clock,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    upstreamCallsPerOperationMax: options.upstreamCallsPerOperationMax ?? 100,
    readings: options.readings ?? null,
  });
  return {
    async run(query, variables = {}, signal = new AbortController().signal) {
      const contextValue = await createContext({
        requestId: 'request-1',
        caller: options.caller ?? anonymous,
        signal,
      });
      const { body } = await apollo.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new Error('The answer came in parts.');
      const { data = null, errors = [] } = JSON.parse(JSON.stringify(body.singleResult));
      return { data, errors, calls: contextValue.read.meter.calls };
    },
    log,
    stop: () => apollo.stop(),
  };
}

/** The value below a path of an answer. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function createLog(lines: LogLine[]): GraphQLLog {
  const write = (level: string) => (details: unknown, message?: string) => {
    lines.push({ level, details, message });
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
