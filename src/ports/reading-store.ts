import type { DecimalText } from '../domain/decimal.ts';
import type { AccountRef, BalanceAmount } from '../domain/model.ts';
import type { Ledger, ProviderEnvironment } from '../domain/vocabulary.ts';

/** Everything that distinguishes one balance from another. */
export interface BalanceIdentity {
  readonly environment: ProviderEnvironment;
  /** Digest of the credential it was read with. */
  readonly credential: string;
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly currency: string;
  readonly distinguishingId: string | null;
}

/** What the provider reported for a balance when it was read. */
export interface KeptReading {
  /** Epoch milliseconds. */
  readonly readAtMs: number;
  /** Amounts that the provider reported; others are missing. */
  readonly amounts: Readonly<Partial<Record<BalanceAmount, DecimalText>>>;
  /** The provider's own value. */
  readonly status: string | null;
}

/** Looks up past readings. */
export interface ReadingLookup {
  /**
   * The newest reading at or before `fromMs`, and all that follow until `toMs` (inclusive), oldest first. Rejects with
   * `Failure` UPSTREAM_UNAVAILABLE if the store cannot be read.
   */
  between(identity: BalanceIdentity, fromMs: number, toMs: number): Promise<readonly KeptReading[]>;
}

/** A reading to store. */
export interface NewReading extends KeptReading {
  readonly identity: BalanceIdentity;
}

/**
 * Stores readings. Every method rejects with `Failure` UPSTREAM_UNAVAILABLE, which says what is wrong, if the store
 * fails.
 */
export interface ReadingStore extends ReadingLookup {
  /** Creates or upgrades the store if that has not been done, and writes to it. */
  check(): Promise<void>;
  /** Stores readings; one of the same balance and moment is stored once. */
  write(readings: readonly NewReading[]): Promise<void>;
  /**
   * Stores those readings whose predecessor in the store differs: this process saw no change, but another replica did.
   * Resolves with their number. Missing if no other process writes.
   */
  confirm?(readings: readonly NewReading[]): Promise<number>;
  /** Deletes readings from before `beforeMs`. */
  removeBefore(beforeMs: number): Promise<void>;
  /**
   * Takes a task until `untilMs` if nobody has it after `freeAtMs` (the present, or the end of this process's own term to extend it).
   * Resolves with null, or with the time until which it is taken.
   */
  lead(task: string, freeAtMs: number, untilMs: number): Promise<number | null>;
  close(): Promise<void>;
}

/** What has become of the readings to be stored. */
export interface ReadingsReport {
  /** Readings so far: written, dropped for lack of room, and failed to be written (these are tried again). */
  readonly written: number;
  readonly dropped: number;
  readonly failed: number;
  /** Readings that wait to be written. */
  readonly waiting: number;
}
