import type { ProviderCode } from '../domain/vocabulary.ts';

/**
 * State of the connections to the providers, as this process knows it without a call: for health checks and metrics.
 * Names no account and no credential.
 */
export interface UpstreamReport {
  readonly circuits: readonly CircuitReport[];
  readonly budgets: readonly BudgetReport[];
  readonly tokens: readonly TokenReport[];
  readonly cache: CacheReport;
  /** Null when no Redis is configured. */
  readonly redis: RedisReport | null;
}

export const circuitStates = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;
export type CircuitState = (typeof circuitStates)[number];

/** The circuit breaker of one group of routes; none exists before the first call. */
export interface CircuitReport {
  readonly provider: ProviderCode;
  /** `accounts`, `balances BANKING`. */
  readonly routes: string;
  readonly state: CircuitState;
}

/** The call budget of one credential; none exists before the first call. */
export interface BudgetReport {
  readonly provider: ProviderCode;
  /** Reads of data, or calls of the token endpoint. */
  readonly purpose: 'read' | 'token';
  readonly callsPerMinute: number;
  /** Calls that may be made now. With Redis: as this process last read it. */
  readonly callsLeft: number;
  /** Reads that wait for the budget. */
  readonly waiting: number;
  /** End of the pause that the provider requested, epoch milliseconds; null without one. */
  readonly pausedUntilMs: number | null;
}

/** Budgets of reads of data at a provider, one for each of its credentials that was used; empty without a limit. */
export type BudgetsOf = (
  provider: ProviderCode,
) => readonly Pick<BudgetReport, 'callsPerMinute' | 'callsLeft'>[];

/** A token that this process uses. */
export interface TokenReport {
  readonly provider: ProviderCode;
  /** Epoch milliseconds. */
  readonly issuedAtMs: number;
  /** Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** Cached reads of this process. */
export interface CacheReport {
  readonly reads: number;
  /** Estimated size, as counted against `MEMORY_MAX_BYTES`. */
  readonly bytes: number;
}

export interface RedisReport {
  /** Whether the connection is open and Redis is in use. */
  readonly isUsed: boolean;
}
