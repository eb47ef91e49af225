import type { CancelSignal } from '../domain/cancellation.ts';

/** One HTTP request to a provider. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute URL with its query, already percent-encoded. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body text, sent as it is. */
  readonly body?: string;
  /** Abort stops the request at once. */
  readonly signal?: CancelSignal;
}

/** A reply of any status; only the transport's own troubles are thrown. */
export interface HttpReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/**
 * What adapters may ask of transport: one attempt, no retry, redirects not followed, bounded by time and by
 * size of the reply. Rejects with `Failure` UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE (could not connect, reset,
 * cut short), UPSTREAM_SHAPE (reply too large) or CANCELLED (signal).
 */
export interface HttpPort {
  send(request: HttpRequest): Promise<HttpReply>;
  /** Closes kept-alive connections. */
  close(): void;
}
