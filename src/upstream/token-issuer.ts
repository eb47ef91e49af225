import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import { type AccessToken, type RequestToken, TokenBackOff } from '../ports/token-store.ts';
import type { CallBudget } from './call-budget.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';
import { createTokenBackOffs, type TokenBackOffs } from './token-back-offs.ts';

export interface TokenIssuerOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
  /** The call budget for token requests of a credential; default none. */
  readonly budgetOf?: (credential: string) => CallBudget;
  /** Where back-offs are kept; default in this process. */
  readonly backOffs?: TokenBackOffs;
}

/**
 * Requests one token: within the call budget, with a bounded number of retries, and not at all during a back-off of the
 * credential. Its failures have `retriesSpent`.
 */
export type TokenIssuer = (credential: string, requestToken: RequestToken) => Promise<AccessToken>;

/** Longest wait of a token request for the call budget. It is short, because all calls with the credential wait too. */
const waitMsMax = 5_000;

export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { clock, retry: policy = defaultRetryPolicy, random = Math.random, budgetOf } = options;
  const { backOffs = createTokenBackOffs() } = options;

  async function budgetedRequest(
    budget: CallBudget,
    requestToken: () => Promise<AccessToken>,
    signal: CancelSignal,
  ): Promise<AccessToken> {
    const permit = await budget.take({ callerId: 'token', signal, deadlineMs: clock.now() + waitMsMax });
    try {
      const token = await requestToken();
      permit.spent();
      return token;
    } catch (error) {
      const isLimited = error instanceof Failure && error.code === 'UPSTREAM_RATE_LIMITED';
      if (isLimited) permit.refused(error.details.retryAfterSeconds ?? null);
      else permit.spent();
      throw error;
    }
  }

  return async (credential, requestToken) => {
    const backOff = await backOffs.get(credential);
    // Checked before a permit is taken, because no call is made.
    if (backOff !== null && clock.now() < backOff.untilMs) throw backOff.after(backOff.untilMs - clock.now());
    const budget = budgetOf?.(credential) ?? null;
    // Many callers wait for one token request, so none of them may cancel it.
    const signal = new Cancellation();
    const requestOnce = () => requestToken(signal, backOff?.refusals ?? 0);
    const attempt = () => (budget === null ? requestOnce() : budgetedRequest(budget, requestOnce, signal));
    try {
      const token = await withRetries(attempt, { signal }, { clock, random, policy });
      if (backOff !== null) await backOffs.end(credential);
      return token;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error instanceof TokenBackOff) {
        await backOffs.begin(credential, error);
        throw error.after(error.untilMs - clock.now());
      }
      throw new Failure(error.code, error.message, { ...error.details, retriesSpent: true });
    }
  };
}
