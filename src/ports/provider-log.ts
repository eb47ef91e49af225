import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';

/** Where an adapter reports what operators should know and callers cannot fix. Never throws. */
export interface ProviderLog {
  /** A field of a provider's replies could not be parsed and is shown as null. Logged once per field. */
  unreadable(field: UnreadableField): void;
}

/** A field of a provider's replies. */
export interface UnreadableField {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  /** The provider's name for it. */
  readonly field: string;
}
