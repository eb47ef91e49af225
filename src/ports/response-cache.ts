import type { Caller } from '../domain/caller.ts';
import type { OperationFacts } from './request-telemetry.ts';

/** A read that a response is based on. */
export interface UsedRead {
  /** The read's key, and the key of the larger read that includes it; null for none. */
  readonly key: string;
  readonly wholeKey: string | null;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
  /** When the value stops counting as fresh, epoch milliseconds. */
  readonly freshUntilMs: number;
}

/**
 * All reads that a response is based on. While the read cache still returns them, the same request has the same
 * response.
 */
export interface ResponseBasis {
  /** At least one. */
  readonly reads: readonly UsedRead[];
}

/** What a response depends on besides its reads: the key of the response cache. */
export interface CacheableRequest {
  readonly caller: Caller;
  /** Content type of the response. */
  readonly contentType: string;
  /** The request body as it was sent. */
  readonly body: string;
}

/** An HTTP response. */
export interface CachedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Telemetry of the request it answered; null for none. */
  readonly operation: OperationFacts | null;
}

/** Caches whole responses. */
export interface ResponseCache {
  /** The cached response to this request, if it is still what executing the request would return; else null. */
  find(request: CacheableRequest): CachedResponse | null;
  /** Caches a response for as long as the reads it was made from are current and there is room. */
  keep(request: CacheableRequest, answer: CachedResponse, basis: ResponseBasis): void;
}

/** Checks reads against the read cache. */
export interface CachedReadCheck {
  /**
   * Whether the read cache would return this very read now to a caller who accepts the configured TTLs: it has not
   * expired, was not evicted, and no newer read has replaced it.
   */
  isCurrent(read: UsedRead): boolean;
}
