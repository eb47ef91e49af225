import type { CancelSignal } from '../domain/cancellation.ts';

/** One HTTP request to a provider. */
export interface HttpRequest {
  /** What is asked, for messages: `UQPAY GET /v1/balances`. No host: callers read it. */
  readonly name: string;
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
  /** The body by its byte order mark, its charset or as UTF-8; empty when it is `unreadable`. */
  readonly text: string;
  /** Why the body is no text, to go on after what answered: `is said to be GBK, and is not`. */
  readonly unreadable?: string;
}

/**
 * What adapters may ask of transport: one attempt, no retry, redirects not followed, bounded by time and by
 * size of the reply. Rejects with `Failure` UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE (could not connect, reset,
 * cut short), UPSTREAM_SHAPE (reply too large) or CANCELLED (signal). Its message names the request and what went
 * wrong; host and port are in `details.upstreamHost`, for the log alone.
 */
export interface HttpPort {
  send(request: HttpRequest): Promise<HttpReply>;
  /** Closes kept-alive connections. */
  close(): void;
}
