import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';

/** Where an adapter reports what an operator should know and no caller can mend. Never throws. */
export interface ProviderLog {
  /** A field of a provider's replies could not be read and is shown as null. Said once for each field. */
  unreadable(field: UnreadableField): void;
}

/** A field, and in whose replies. */
export interface UnreadableField {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  /** The provider's own name for it. */
  readonly field: string;
}
