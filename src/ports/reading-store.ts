import type { DecimalText } from '../domain/decimal.ts';
import type { AccountRef } from '../domain/model.ts';
import type { Ledger, ProviderEnvironment } from '../domain/vocabulary.ts';

/** The amounts of a balance that are kept. */
export const keptAmounts = [
  'available',
  'total',
  'pending',
  'payable',
  'reserved',
  'frozen',
  'margin',
  'prepaid',
] as const;
export type KeptAmount = (typeof keptAmounts)[number];

/** Everything that makes one balance different from another one. */
export interface BalanceIdentity {
  readonly environment: ProviderEnvironment;
  /** Digest of the credential it was read with. */
  readonly credential: string;
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly currency: string;
  readonly distinguishingId: string | null;
}

/** What the provider said of a balance when it was read. */
export interface KeptReading {
  /** Epoch milliseconds. */
  readonly readAtMs: number;
  /** Amounts that the provider reported; others are missing. */
  readonly amounts: Readonly<Partial<Record<KeptAmount, DecimalText>>>;
  /** The provider's own word. */
  readonly status: string | null;
}

/** Readings of the past. */
export interface ReadingLookup {
  /**
   * The newest reading at or before `fromMs`, and all that follow until `toMs` (inclusive), oldest first. Rejects with
   * `Failure` UPSTREAM_UNAVAILABLE when the store cannot be asked.
   */
  between(identity: BalanceIdentity, fromMs: number, toMs: number): Promise<readonly KeptReading[]>;
}
