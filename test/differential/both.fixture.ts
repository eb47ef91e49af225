import { HeaderMap } from '@apollo/server';
import { expect } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { anonymous, type Caller } from '../../src/domain/caller.ts';
import { createApollo } from '../../src/graphql/apollo/apollo.ts';
import { createContextFactory } from '../../src/graphql/context.ts';
import {
  type CompileOperation,
  type ExecutionOptions,
  loadCompiler,
} from '../../src/graphql/execution/index.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createFakeProvider, type FakeProvider, fakeNowMs } from '../support/fake-provider.ts';

/** One operation as a client sends it. */
export interface Sent {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What a client sees of a response, what it cost, and what an operator sees of it. */
export interface Seen {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** As text, because the order of fields is part of a response. */
  readonly data: string | undefined;
  readonly extensions: unknown;
  /** Sorted, because their order is that in which reads ended. */
  readonly errors: readonly string[];
  readonly calls: readonly string[];
  readonly log: readonly string[];
}

/** A provider state in which to run operations. */
export interface World {
  /** Fills a provider. */
  readonly fill: (provider: FakeProvider) => void;
  readonly caller?: Caller;
  readonly upstreamCallsPerOperationMax?: number;
  /** Whether the caller has already disconnected when the operation starts. */
  readonly isGone?: boolean;
}

/** The same gateway twice, over identical providers: one never compiles, the other always does. */
export interface Both {
  /** Runs operations in a world; operations compiled in one world are used in all. */
  in(world: World): (sent: Sent) => Promise<{ readonly interpreted: Seen; readonly compiled: Seen }>;
  /** Operations compiled so far. */
  compiledCount(): number;
  stop(): Promise<void>;
}

/**
 * Compares two responses. If a non-null value is null, graphql-js abandons the enclosing object and may or may not
 * reach its other fields; compiled code always does. It may therefore report more errors below the abandoned object
 * and make other calls, such as a list that makes the lookup of one of its balances unnecessary.
 */
export function expectAlike(sent: Sent, interpreted: Seen, compiled: Seen): void {
  if (!interpreted.errors.some((error) => isAboutLost(error, interpreted.data))) {
    expect({ sent, ...compiled }).toEqual({ sent, ...interpreted });
    return;
  }
  const { status, headers, data } = interpreted;
  expect({ sent, ...compiled }).toMatchObject({ sent, status, headers, data });
  const [told, others] = [interpreted.errors, compiled.errors].map((errors) =>
    errors.filter((error) => !isAboutLost(error, data)).toSorted(),
  );
  expect(others).toEqual(told);
  // Which of several errors below an abandoned object is reported depends on which came first.
  expect(compiled.errors.length).toBeGreaterThan(others?.length ?? 0);
  expect(interpreted.calls.filter((call) => !compiled.calls.some((made) => tells(made, call)))).toEqual([]);
}

/** Whether a call covers another one: it is the same, or the list that has the other one's balance. */
function tells(made: string, call: string): boolean {
  return made === call || made === call.replace(/^one (\S+ \S+) \S+$/, 'list $1 page 1');
}

/** Whether an error lies below something that the answer has as null. */
function isAboutLost(error: string, data: string | undefined): boolean {
  const path: readonly (string | number)[] = JSON.parse(error).path ?? [];
  if (data === undefined) return false;
  let value: unknown = JSON.parse(data);
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return true;
    value = Reflect.get(value, key);
  }
  return false;
}

export async function startBoth(): Promise<Both> {
  const interpreting = await startOne({});
  const compile = await loadCompiler();
  let compiledCount = 0;
  const counting: CompileOperation = (...asked) => {
    const compiled = compile(...asked);
    if (compiled !== null) compiledCount += 1;
    return compiled;
  };
  const compiling = await startOne({ compiler: () => counting, runsBeforeCompiling: 0 });
  return {
    in(world) {
      const askInterpreting = interpreting.in(world);
      const askCompiling = compiling.in(world);
      return async (sent) => ({
        interpreted: await askInterpreting(sent),
        compiled: await askCompiling(sent),
      });
    },
    compiledCount: () => compiledCount,
    async stop() {
      await interpreting.stop();
      await compiling.stop();
    },
  };
}

const clock: Clock = { now: () => fakeNowMs + 2_000, sleep: async () => {} };

async function startOne(execution: ExecutionOptions) {
  const log: string[] = [];
  const write = (level: string) => (details: unknown, message?: string) => {
    log.push(`${level} ${message} ${JSON.stringify(withMessage(details))}`);
  };
  const apollo = createApollo({
    introspection: true,
    hideSchemaDetails: false,
    execution,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  });
  await apollo.start();
  return { in: (world: World) => createAsker(world, apollo, log), stop: () => apollo.stop() };
}

function createAsker(world: World, apollo: ReturnType<typeof createApollo>, log: string[]) {
  const provider = createFakeProvider({ accountRoute: true });
  world.fill(provider);
  const providers = [provider];
  const signer = createCursorSigner(Buffer.from('a secret for tests only'));
  const createContext = createContextFactory({
    providers,
    paginator: createTransactionPaginator({ providers, signer, clock }),
    signer,
    clock,
    requestTimeoutMs: 60_000,
    upstreamCallsPerOperationMax: world.upstreamCallsPerOperationMax ?? 100,
  });

  return async function ask(sent: Sent): Promise<Seen> {
    provider.calls.length = 0;
    log.length = 0;
    const headers = new HeaderMap([
      ['content-type', 'application/json'],
      ['x-upstream-report', '1'],
    ]);
    const {
      status,
      headers: answered,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body: sent },
      context: () =>
        createContext({
          requestId: 'request-1',
          caller: world.caller ?? anonymous,
          headers,
          signal: world.isGone === true ? AbortSignal.abort() : new AbortController().signal,
        }),
    });
    if (body.kind !== 'complete') throw new Error('The answer came in parts.');
    const { errors = [], data, extensions, ...rest } = JSON.parse(body.string);
    expect(rest).toEqual({});
    return {
      status,
      headers: Object.fromEntries(answered),
      data: JSON.stringify(data),
      extensions,
      errors: errors.map((error: unknown) => JSON.stringify(error)).sort(),
      calls: [...provider.calls].sort(),
      log: [...log].sort(),
    };
  };
}

/** An error as its message: stacks differ, and so does the name of a field selected twice. */
function withMessage(details: unknown): unknown {
  const { err, ...rest } = { err: null, ...Object(details) };
  return { ...rest, err: String(err?.message).replace(/\.\(.*\)\.$/, '') };
}
