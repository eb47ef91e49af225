import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { VaultToken } from '../ports/token-vault.ts';
import type { CallBudget } from './call-budget.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';

export interface MinterOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  /** What mints of a credential are paid from; default none. */
  readonly budgetOf?: (credential: string) => CallBudget;
}

/**
 * Mints one token: paid from the budget, repeated a bounded number of times where that may help. What it rejects
 * with says `retriesSpent`.
 */
export type Minter = (
  credential: string,
  mint: (signal: AbortSignal) => Promise<VaultToken>,
) => Promise<VaultToken>;

/** Longest that a mint waits for its turn: everybody waits for the mint. */
const waitMsMax = 5_000;

export function createMinter(options: MinterOptions): Minter {
  const { clock, retry: policy = defaultRetryPolicy, random = Math.random, budgetOf } = options;

  async function paidMint(
    budget: CallBudget,
    mint: (signal: AbortSignal) => Promise<VaultToken>,
    signal: AbortSignal,
  ): Promise<VaultToken> {
    const permit = await budget.take({ callerId: 'token', signal, deadlineMs: clock.now() + waitMsMax });
    try {
      const token = await mint(signal);
      permit.spent();
      return token;
    } catch (error) {
      const isLimited = error instanceof Failure && error.code === 'UPSTREAM_RATE_LIMITED';
      if (isLimited) permit.refused(error.details.retryAfterSeconds ?? null);
      else permit.spent();
      throw error;
    }
  }

  return async (credential, mint) => {
    const budget = budgetOf?.(credential) ?? null;
    // Many callers wait for one mint, so that none of them may cancel it.
    const { signal } = new AbortController();
    const attempt = () => (budget === null ? mint(signal) : paidMint(budget, mint, signal));
    try {
      return await withRetries(attempt, { signal }, { clock, random, policy });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.code, error.message, { ...error.details, retriesSpent: true });
    }
  };
}
