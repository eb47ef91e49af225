import type { CredentialParts } from '../config/cursor-key.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { ParsedReplyCache } from '../ports/parsed-reply-cache.ts';
import type { Provider } from '../ports/provider.ts';
import type { ProviderLog } from '../ports/provider-log.ts';
import type { TokenStore } from '../ports/token-store.ts';
import type { UpstreamPort } from '../ports/upstream.ts';

/** What every adapter receives. */
export interface ProviderParts {
  readonly http: HttpPort;
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly tokens: TokenStore;
  readonly replies: ParsedReplyCache;
  /** Absent when unreadable fields are not logged. */
  readonly log?: ProviderLog;
}

/** A connection to one provider. */
export interface Connection {
  readonly code: ProviderCode;
  /** Credentials that are the same on every replica and after every start. */
  readonly credentials: CredentialParts;
  createProvider(parts: ProviderParts): Provider;
  close(): Promise<void>;
}

/** For connections that hold nothing to close. */
export const nothingToClose = async (): Promise<void> => {};
