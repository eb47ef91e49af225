import type { CancelSignal } from '../domain/cancellation.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';

/** One HTTP request to a provider. */
export interface HttpRequest {
  /** Names the request in messages that callers read, so without a host: `UQPAY GET /v1/balances`. */
  readonly name: string;
  /** The provider in the metrics; absent if the request does not go to a provider. */
  readonly provider?: ProviderCode;
  readonly method: 'GET' | 'POST';
  /** Absolute URL with its query, already percent-encoded. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body text, sent as it is. */
  readonly body?: string;
  /** Aborting it stops the request at once. */
  readonly signal?: CancelSignal;
}

/** A reply of any status; only transport errors are thrown. */
export interface HttpReply {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body, decoded by its byte order mark, else its charset, else as UTF-8; empty when it is `unreadable`. */
  readonly text: string;
  /** Why the body could not be decoded, as the end of a sentence: `is labelled GBK but is not valid GBK`. */
  readonly unreadable?: string;
}

/**
 * The HTTP transport that adapters use: one attempt without retries or redirects, with limits on time and reply size.
 * Rejects with `Failure` UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE (could not connect, connection reset, reply cut short),
 * UPSTREAM_SHAPE (reply too large) or CANCELLED (signal). The message names the request and the problem;
 * `details.upstreamHost` has host and port, for the log only.
 */
export interface HttpPort {
  send(request: HttpRequest): Promise<HttpReply>;
  /** Closes kept-alive connections. */
  close(): void;
}
