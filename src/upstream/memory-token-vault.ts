import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { TokenVault, VaultToken } from '../ports/token-vault.ts';
import { defaultRetryPolicy, type RetryPolicy, withRetries } from './retry.ts';

export interface MemoryTokenVaultOptions {
  readonly clock: Clock;
  readonly retry?: RetryPolicy;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
}

/** A vault for one process. Holds one token for each credential it was asked about. */
export function createMemoryTokenVault(options: MemoryTokenVaultOptions): TokenVault {
  const { clock, retry: policy = defaultRetryPolicy, random = Math.random } = options;
  const tokens = new Map<string, VaultToken>();
  const flights = new Map<string, Promise<VaultToken>>();

  async function mintInto(credential: string, mint: (signal: AbortSignal) => Promise<VaultToken>) {
    // Many callers wait for one mint, so that none of them may cancel it.
    const { signal } = new AbortController();
    try {
      const token = await withRetries(() => mint(signal), { signal }, { clock, random, policy });
      tokens.set(credential, token);
      return token;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.code, error.message, { ...error.details, retriesSpent: true });
    } finally {
      flights.delete(credential);
    }
  }

  return {
    get: async (credential) => tokens.get(credential) ?? null,
    replace(credential, replaced, mint) {
      const running = flights.get(credential);
      if (running !== undefined) return running;
      const current = tokens.get(credential);
      if (current !== undefined && current.text !== replaced?.text) return Promise.resolve(current);
      const flight = mintInto(credential, mint);
      flights.set(credential, flight);
      return flight;
    },
  };
}
