import { Failure } from '../domain/failure.ts';

/** The version of the tables that this gateway writes. */
export const storeVersion = 1;

/** UPSTREAM_UNAVAILABLE for a store that cannot be used. What a driver says may hold a password, and is left out. */
export function storeFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : 'unknown';
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `The store of kept readings (HISTORY_URL) cannot be used (${code}). Check that it runs, can be reached and written to.`,
    { retryable: true, cause: error },
  );
}

/** The failure for tables that a newer gateway has made. */
export function newerVersion(version: number): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `The store of kept readings (HISTORY_URL) has version ${version}, and this gateway knows versions up to ${storeVersion}. Use a newer gateway, or another store.`,
    { retryable: false },
  );
}
