import { setImmediate as nextTurn } from 'node:timers/promises';
import { execute } from 'graphql';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { CacheLookUps, Route, UpstreamRead } from '../../ports/upstream.ts';
import type { GatewayContext } from '../context.ts';
import type { PlannedOperation } from '../plan/index.ts';

/** The outcome of running an operation on cached reads alone. */
export interface CachedRun {
  /** First reads that are not cached: the operation makes at least these calls. */
  readonly missingCount: number;
  /** Number of cached reads of one route that the operation uses. */
  foundCount(provider: ProviderCode, ledger: string | null, route: Route): number;
}

/** After this many turns of the event loop without a read, none will follow. */
const quietTurns = 8;

type Seen = Parameters<CacheLookUps['found']>[0];

class LookUpRecord implements CacheLookUps, CachedRun {
  missingCount = 0;
  /** `progress` counts reads and waits so far; `waiting` counts waits that have not ended. */
  progress = 0;
  waiting = 0;
  private readonly foundCounts = new Map<string, number>();

  async waitFor<T>(lookUp: Promise<T>): Promise<T> {
    this.progress += 1;
    this.waiting += 1;
    try {
      return await lookUp;
    } finally {
      this.progress += 1;
      this.waiting -= 1;
    }
  }

  found({ identity, ledger, route }: Seen): void {
    const kind = kindOf(identity.provider, ledger, route);
    this.progress += 1;
    this.foundCounts.set(kind, (this.foundCounts.get(kind) ?? 0) + 1);
  }

  missing(_read: Seen): void {
    this.progress += 1;
    this.missingCount += 1;
  }

  foundCount(provider: ProviderCode, ledger: UpstreamRead<unknown>['ledger'], route: Route): number {
    return this.foundCounts.get(kindOf(provider, ledger, route)) ?? 0;
  }
}

/**
 * Runs an operation on what this caller would get from caches, without calling any provider. The operation's own
 * resolvers run, so their next reads are known as far as the cached answers lead. A missing read never resolves; the
 * run is over when nothing more happens.
 */
export async function runFromCaches(
  { schema, document, operation, variables }: PlannedOperation,
  context: GatewayContext,
): Promise<CachedRun> {
  const record = new LookUpRecord();
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  const result = execute({
    schema,
    document,
    operationName: operation.name?.value,
    variableValues: variables,
    contextValue: context.cachedOnly(record),
  });
  Promise.resolve(result).then(end, end);
  for (let quiet = 0; quiet < quietTurns && !isDone && !context.read.signal.aborted; ) {
    const before = record.progress;
    await nextTurn();
    quiet = record.waiting === 0 && record.progress === before ? quiet + 1 : 0;
  }
  return record;
}

function kindOf(provider: ProviderCode, ledger: string | null, { method, path }: Route): string {
  return `${provider} ${ledger} ${method} ${path}`;
}
