import { Failure } from '../domain/failure.ts';

/** The version of the tables that this gateway writes. */
export const storeVersion = 1;

/** UPSTREAM_UNAVAILABLE for a store that cannot be used. Omits the driver's message, which may contain a password. */
export function storeFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `The store of readings (HISTORY_URL) cannot be used (${reasonOf(error)}). Check that it runs, can be reached and written to.`,
    { retryable: true, cause: error },
  );
}

/** PostgreSQL errors that an operator can fix, by SQLSTATE. */
const postgresErrors: Readonly<Record<string, string>> = {
  '25006': 'it is read-only',
  '28P01': 'wrong password',
  '3D000': 'no such database',
  '42501': 'insufficient privilege',
  '53100': 'disk full',
  '53300': 'too many connections',
};

/**
 * What is wrong, without the driver's own message. SQLite's text for a result code is fixed, so it is safe to show.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = String(Reflect.get(error, 'code') ?? error.name);
  const sqliteText: unknown = code === 'ERR_SQLITE_ERROR' ? Reflect.get(error, 'errstr') : null;
  return typeof sqliteText === 'string' ? sqliteText : (postgresErrors[code] ?? code);
}

/** The failure for tables that a newer gateway created. */
export function newerVersion(version: number): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `The store of readings (HISTORY_URL) has version ${version}, and this gateway knows versions up to ${storeVersion}. Use a newer gateway, or another store.`,
    { retryable: false },
  );
}
