import type { Caller } from '../../domain/caller.ts';
import type { RequestOrigin } from '../../domain/ip-address.ts';

/** Header names in lower case. One that was sent more than once is a list, whatever its name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Finds out who is asking. Rejects with `Failure` UNAUTHENTICATED (no credential, or one that is not good),
 * FORBIDDEN (a good one that allows nothing here), RATE_LIMITED (too many bad ones) or UPSTREAM_UNAVAILABLE (the keys
 * to check it with cannot be had).
 */
export type Authenticate = (headers: RequestHeaders, origin: RequestOrigin) => Promise<Caller>;
