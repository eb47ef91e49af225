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

/** A reading to be kept. */
export interface NewReading extends KeptReading {
  readonly identity: BalanceIdentity;
}

/** Keeps readings. All of it rejects with `Failure` UPSTREAM_UNAVAILABLE, which says what is wrong, when the store cannot be used. */
export interface ReadingStore extends ReadingLookup {
  /** Makes or upgrades the store where that has not been done, and writes to it. */
  check(): Promise<void>;
  /** Keeps readings; one of the same balance and moment is kept once. */
  write(readings: readonly NewReading[]): Promise<void>;
  /** Forgets readings from before `beforeMs`. */
  removeBefore(beforeMs: number): Promise<void>;
  /** Whether this process may do a task until `untilMs`, which no other one of the fleet does then. */
  lead(task: string, nowMs: number, untilMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** How keeping readings goes. */
export interface ReadingsReport {
  /** Readings so far: written, given up for want of room, and failed to be written (they are tried again). */
  readonly written: number;
  readonly dropped: number;
  readonly failed: number;
  /** Readings that wait to be written. */
  readonly waiting: number;
}
