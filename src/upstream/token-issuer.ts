import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import { type Mint, MintRest, type VaultToken } from '../ports/token-store.ts';
import type { CallBudget } from './call-budget.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';
import { createMintRests, type MintRests } from './token-back-offs.ts';

export interface MinterOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  /** What mints of a credential are paid from; default none. */
  readonly budgetOf?: (credential: string) => CallBudget;
  /** Where it is kept which credentials rest; default in this process. */
  readonly rests?: MintRests;
}

/**
 * Mints one token: paid from the budget, repeated a bounded number of times where that may help; not at all while
 * the credential rests. What it rejects with says `retriesSpent`.
 */
export type Minter = (credential: string, mint: Mint) => Promise<VaultToken>;

/** Longest that a mint waits for its turn: everybody waits for the mint. */
const waitMsMax = 5_000;

export function createMinter(options: MinterOptions): Minter {
  const { clock, retry: policy = defaultRetryPolicy, random = Math.random, budgetOf } = options;
  const { rests = createMintRests() } = options;

  async function paidMint(
    budget: CallBudget,
    mint: () => Promise<VaultToken>,
    signal: CancelSignal,
  ): Promise<VaultToken> {
    const permit = await budget.take({ callerId: 'token', signal, deadlineMs: clock.now() + waitMsMax });
    try {
      const token = await mint();
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
    const rest = await rests.get(credential);
    // Before a permit is asked for: where no call is made, none is paid.
    if (rest !== null && clock.now() < rest.untilMs) throw withTimeLeft(rest, clock.now());
    const budget = budgetOf?.(credential) ?? null;
    // Many callers wait for one mint, so that none of them may cancel it.
    const signal = new Cancellation();
    const mintOnce = () => mint(signal, rest?.refusals ?? 0);
    const attempt = () => (budget === null ? mintOnce() : paidMint(budget, mintOnce, signal));
    try {
      const token = await withRetries(attempt, { signal }, { clock, random, policy });
      if (rest !== null) await rests.end(credential);
      return token;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error instanceof MintRest) {
        await rests.begin(credential, error);
        throw withTimeLeft(error, clock.now());
      }
      throw new Failure(error.code, error.message, { ...error.details, retriesSpent: true });
    }
  };
}

function withTimeLeft({ code, message, details, untilMs }: MintRest, nowMs: number): Failure {
  const retryAfterSeconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1_000));
  return new Failure(code, message, { ...details, retryAfterSeconds });
}
