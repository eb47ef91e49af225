import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';

/** What may have changed at a provider, as far as its webhook says. Amounts in a webhook are never used. */
export interface ChangeNotice {
  readonly provider: ProviderCode;
  /** Identifiers of accounts, null for the master account; a null list means any account. */
  readonly accounts: readonly (string | null)[] | null;
  /** Null: any. */
  readonly ledgers: readonly Ledger[] | null;
}

/** A webhook whose origin was verified. */
export interface VerifiedWebhook {
  /** The same for every delivery of one event. */
  readonly eventId: string;
  readonly notice: ChangeNotice;
}

/** A webhook as it arrived. */
export interface SentWebhook {
  /** The body, byte by byte. */
  readonly body: Uint8Array;
  /** A header by its name in lower case; null if it is missing or was sent more than once. */
  header(name: string): string | null;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Verifies the webhooks of one provider. */
export interface WebhookVerifier {
  readonly provider: ProviderCode;
  /** Null if the webhook cannot be verified or has expired. Never throws. */
  verify(sent: SentWebhook): VerifiedWebhook | null;
}

/** The outcome of a webhook. `REPEATED`: the event was accepted before. `REFUSED`: it could not be verified. */
export type WebhookOutcome = 'TAKEN' | 'REPEATED' | 'REFUSED';

/** Receives webhooks. */
export interface Webhooks {
  /** The outcome of a webhook to `/webhooks/{name}`; null if no provider of that name sends webhooks. */
  take(name: string, sent: SentWebhook): Promise<WebhookOutcome> | null;
  /** How many webhooks came, by provider and outcome. */
  counts(): readonly WebhookCount[];
}

export interface WebhookCount {
  readonly provider: ProviderCode;
  readonly outcome: WebhookOutcome;
  readonly count: number;
}
