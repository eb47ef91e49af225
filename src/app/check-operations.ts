import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { listedOperationProblems } from '../graphql/apollo/listed-operations.ts';
import { createSchema } from '../graphql/schema.ts';

/** A manifest for another schema fails in many operations at once; this many are enough to show that. */
const problemsShownMax = 10;

/** Throws `ConfigError` when the manifest has an operation that this gateway can never run. */
export function checkListedOperations({ persisted, queryLimits, introspection }: Config): void {
  if (persisted.mode !== 'only') return;
  const { operations } = persisted;
  const nameOf = new Map(operations.map(({ id, name }) => [id, name ?? id]));
  const found = listedOperationProblems(operations, {
    schema: createSchema(),
    limits: queryLimits,
    introspection,
  });
  if (found.length === 0) return;
  const name = 'PERSISTED_OPERATIONS_MANIFEST';
  const problems = found.slice(0, problemsShownMax).map(({ id, problem }) => ({
    name,
    problem: `has an operation that cannot run, ${nameOf.get(id)}: ${problem}`,
  }));
  const more = found.length - problems.length;
  throw new ConfigError(more === 0 ? problems : [...problems, { name, problem: `has ${more} more of them` }]);
}
