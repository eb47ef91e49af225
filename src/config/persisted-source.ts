import type { PersistedOperations } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { readOperationsManifest } from './operations-manifest.ts';

/** Parses which operations may run, and checks its variables; `env` has no empty values. */
export function readPersistedOperations(env: Readonly<Record<string, string>>): {
  readonly persisted: PersistedOperations;
  readonly problems: readonly ConfigProblem[];
} {
  const mode = env.PERSISTED_OPERATIONS ?? 'apq';
  const path = env.PERSISTED_OPERATIONS_MANIFEST;
  const name = 'PERSISTED_OPERATIONS_MANIFEST';
  if (mode !== 'only') {
    // A list that is configured but not applied would leave the gateway open.
    const problem =
      'is set, but PERSISTED_OPERATIONS is not only; set PERSISTED_OPERATIONS=only, or unset it';
    const problems = path === undefined ? [] : [{ name, problem }];
    return { persisted: { mode: mode === 'off' ? 'off' : 'apq' }, problems };
  }
  const refused = { persisted: { mode: 'off' } } as const;
  if (path === undefined) {
    return { ...refused, problems: [{ name, problem: 'must be set, because PERSISTED_OPERATIONS is only' }] };
  }
  const problems: ConfigProblem[] = [];
  if (env.EXPLORER === 'on') {
    const problem = 'must not be on where PERSISTED_OPERATIONS is only: what people type there could not run';
    problems.push({ name: 'EXPLORER', problem });
  }
  if (env.DASHBOARD === 'on') {
    const problem = 'must not be on where PERSISTED_OPERATIONS is only: its queries could not run';
    problems.push({ name: 'DASHBOARD', problem });
  }
  const read = readOperationsManifest(path);
  if ('problem' in read) return { ...refused, problems: [...problems, { name, problem: read.problem }] };
  return { persisted: { mode: 'only', operations: read.operations }, problems };
}
