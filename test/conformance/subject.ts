import type { AccountRef } from '../../src/domain/model.ts';
import type { Provider } from '../../src/ports/provider.ts';

/** Trouble between an adapter and its upstream. */
export type Trouble = '500' | '429' | '400' | 'reset' | 'html' | 'truncated';

/** A provider behind the port, and the hand behind its data. Starts without balances. */
export interface Subject {
  readonly provider: Provider;
  /** A well-formed account that does not exist. */
  readonly unknownAccount: AccountRef;
  /** Sets what the master account has in the provider's first ledger. */
  setBalance(currency: string, available: string): void;
  /** Calls for data that reached the upstream; logins and token calls left out. */
  dataCallCount(): number;
  close(): Promise<void>;
}

/** A subject whose upstream is a sandbox. */
export interface AdapterSubject extends Subject {
  /** The next `times` data calls meet the trouble; without a number all of them do. */
  trouble(kind: Trouble, times?: number): void;
  /** Tokens minted or logins made. */
  tokenCount(): number;
  /** What must not be in any failure. */
  readonly secrets: readonly string[];
}
