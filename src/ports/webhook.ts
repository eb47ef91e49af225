import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';

/** What may have changed at a provider, as far as it says. Amounts that it says are never used. */
export interface ChangedPlace {
  readonly provider: ProviderCode;
  /** Identifiers of accounts, null for the master account; null in place of the list for any account. */
  readonly accounts: readonly (string | null)[] | null;
  /** Null: any. */
  readonly ledgers: readonly Ledger[] | null;
}

/** A webhook that is proven to come from its provider. */
export interface ProvenWebhook {
  /** The same for each delivery of one event. */
  readonly eventId: string;
  readonly place: ChangedPlace;
}

/** A webhook as it arrived. */
export interface SentWebhook {
  /** The body, byte by byte. */
  readonly body: Uint8Array;
  /** A header by its name in lower case; null where it is missing or was sent more than once. */
  header(name: string): string | null;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** Knows the webhooks of one provider. */
export interface WebhookVerifier {
  readonly provider: ProviderCode;
  /** Null for one that is not proven, or whose time has passed. Never throws. */
  verify(sent: SentWebhook): ProvenWebhook | null;
}

/** What became of a webhook. `REPEATED`: the event was taken before. `REFUSED`: it is not proven. */
export const webhookOutcomes = ['TAKEN', 'REPEATED', 'REFUSED'] as const;
export type WebhookOutcome = (typeof webhookOutcomes)[number];

/** Takes webhooks. */
export interface Webhooks {
  /** What becomes of a webhook of `/webhooks/{name}`; null where no provider of that name sends any. */
  take(name: string, sent: SentWebhook): Promise<WebhookOutcome> | null;
  /** How many came, by provider and outcome. */
  counts(): readonly WebhookCount[];
}

export interface WebhookCount {
  readonly provider: ProviderCode;
  readonly outcome: WebhookOutcome;
  readonly count: number;
}
