import type { CredentialParts } from '../config/cursor-key.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Provider, ProviderParts } from '../ports/provider.ts';

/** Secrets that webhooks of embedded sandboxes are signed with. */
export interface WebhookSecrets {
  readonly uqpaySecret: string;
  readonly ibaneraSecret: string;
}

/** An embedded sandbox. */
export interface EmbeddedSandbox {
  /** Keys (PEM) that prove its webhooks; empty if a secret does. */
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
