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

/** Secrets that webhooks of embedded sandboxes are signed with. */
export interface WebhookSecrets {
  readonly uqpaySecret: string;
  readonly ibaneraSecret: string;
}

/** An embedded sandbox. */
export interface EmbeddedSandbox {
  /** Keys (PEM) that prove its webhooks; empty where a secret does. */
  readonly webhookPublicKeys: readonly string[];
  /** Lets its data change by themselves, and sends webhooks to the gateway at `origin`. */
  begin(origin: string, secrets: WebhookSecrets): void;
}

/** A connection to one provider. */
export interface Connection {
  readonly code: ProviderCode;
  /** Credentials that are the same on every replica and after every start. */
  readonly credentials: CredentialParts;
  /** Null for the provider itself. */
  readonly embedded: EmbeddedSandbox | null;
  createProvider(parts: ProviderParts): Provider;
  close(): Promise<void>;
}

/** For connections that hold nothing to close. */
export const nothingToClose = async (): Promise<void> => {};
