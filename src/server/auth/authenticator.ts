import type { Caller } from '../../domain/caller.ts';
import type { RequestOrigin } from '../../domain/ip-address.ts';

/** Headers by lower-case name. A header that was sent more than once is a list, whatever its name. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Identifies the caller. Rejects with `Failure` UNAUTHENTICATED (no credential, or an invalid one), FORBIDDEN (a valid
 * one without any rights here), RATE_LIMITED (too many invalid ones) or UPSTREAM_UNAVAILABLE (the keys to check it with
 * are not available).
 */
export type Authenticate = (headers: RequestHeaders, origin: RequestOrigin) => Promise<Caller>;
