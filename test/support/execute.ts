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

/** The response to an operation, as a client parses it, and its cost. */
export interface Answer {
  readonly data: JsonObject | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** Upstream calls the operation made. */
  readonly calls: number;
}

/** An object of a response; tests inspect its fields with `toEqual` and `at`. */
export interface JsonObject {
  readonly [field: string]: unknown;
}

export interface ExecutorOptions {
  readonly providers: readonly Provider[];
  readonly paginator?: TransactionPaginator;
  readonly upstreamCallsPerOperationMax?: number;
  readonly requestTimeoutMs?: number;
  /** Stored readings of balances. */
  readonly readings?: ReadingLookup | null;
  readonly hideSchemaDetails?: boolean;
  /** How often an operation runs before it is compiled; default: never compiled. */
  readonly runsBeforeCompiling?: number;
  /** The caller; default: anyone, who may read everything. */
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

/** The value at a path of a response. */
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
