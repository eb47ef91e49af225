import type { Ledger, ProviderEnvironment } from '../../domain/vocabulary.ts';

/** Business lines in the order of their ledgers. Reference, "Business lines and their doc names". */
export const uqpayLines = ['banking', 'issuing', 'payment'] as const;
export type UqpayLine = (typeof uqpayLines)[number];

export const ledgerOfLine = {
  banking: 'BANKING',
  issuing: 'ISSUING',
  payment: 'PAYMENT',
} as const satisfies Record<UqpayLine, Ledger>;

/** What a call belongs to: a business line, or Account Center. */
export type UqpayFamily = UqpayLine | 'accounts';

export interface UqpayCredential {
  readonly clientId: string;
  readonly apiKey: string;
}

export interface UqpayConfig {
  /** API base including `/api`, without a trailing slash. */
  readonly baseUrl: string;
  readonly environment: ProviderEnvironment;
  /**
   * The key pair of each line. Lines may share a pair; a line without one is not read. Accounts are read with the first
   * pair, in the order banking, issuing, payment.
   */
  readonly lines: Readonly<Partial<Record<UqpayLine, UqpayCredential>>>;
}
