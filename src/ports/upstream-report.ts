import type { ProviderCode } from '../domain/vocabulary.ts';

/**
 * How the way to the providers is, as far as this process knows without asking anybody: for health checks and
 * metrics. Nothing in it names an account or a credential.
 */
export interface UpstreamReport {
  readonly circuits: readonly CircuitReport[];
  readonly budgets: readonly BudgetReport[];
  readonly tokens: readonly TokenReport[];
  readonly cache: CacheReport;
  /** Null: no Redis is configured. */
  readonly redis: RedisReport | null;
}

export const circuitStates = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;
export type CircuitState = (typeof circuitStates)[number];

/** The circuit of one family of routes; there is none before the first call. */
export interface CircuitReport {
  readonly provider: ProviderCode;
  /** `accounts`, `balances BANKING`. */
  readonly routes: string;
  readonly state: CircuitState;
}

/** What one credential may still call; there is none before the first call. */
export interface BudgetReport {
  readonly provider: ProviderCode;
  /** Reads of data, or calls of the token endpoint. */
  readonly purpose: 'read' | 'token';
  readonly callsPerMinute: number;
  /** Calls that may be made now. In a fleet: as this process last saw it. */
  readonly callsLeft: number;
  /** Reads that wait for leave to call. */
  readonly waiting: number;
  /** Until when the provider asked to be left alone, epoch milliseconds; null when it did not. */
  readonly pausedUntilMs: number | null;
}

/** A token that this process uses. */
export interface TokenReport {
  readonly provider: ProviderCode;
  /** Epoch milliseconds. */
  readonly mintedAtMs: number;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** Remembered reads of this process. */
export interface CacheReport {
  readonly reads: number;
  /** As they are counted against `MEMORY_MAX_BYTES`. */
  readonly bytes: number;
}

export interface RedisReport {
  /** Whether the last command went well and the connection stands. */
  readonly isUsed: boolean;
}
