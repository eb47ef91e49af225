import { randomUUID } from 'node:crypto';

// Contains nothing that could break out of a log line, a header or a shell.
const harmless = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's request id if it is harmless, else a new UUID. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && harmless.test(header) ? header : randomUUID();
}
