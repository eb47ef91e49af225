import type { Caller } from '../domain/caller.ts';

/** Header names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Finds out who is asking. Rejects with `Failure` UNAUTHENTICATED (no credential, or one that is not good),
 * FORBIDDEN (a good one that allows nothing here) or UPSTREAM_UNAVAILABLE (the keys to check it with cannot be had).
 */
export type Authenticate = (headers: RequestHeaders) => Promise<Caller>;
