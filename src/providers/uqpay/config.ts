import type { Ledger, ProviderEnvironment } from '../../domain/vocabulary.ts';

/** Business lines in the order of their ledgers. Reference, "Business lines and their doc names". */
export const uqpayLines = ['banking', 'issuing', 'payment'] as const;
export type UqpayLine = (typeof uqpayLines)[number];

export const ledgerOfLine = {
  banking: 'BANKING',
  issuing: 'ISSUING',
  payment: 'PAYMENT',
} as const satisfies Record<UqpayLine, Ledger>;

/** What a call belongs to: a business line, or the account centre. */
export type UqpayFamily = UqpayLine | 'accounts';

export interface UqpayCredential {
  readonly clientId: string;
  readonly apiKey: string;
}

export interface UqpayConfig {
  /** API base including `/api`, without a slash at its end. */
  readonly baseUrl: string;
  readonly environment: ProviderEnvironment;
  /**
   * Key pair of each line; lines may share one, a line without any is not read. Accounts are read with the
   * first pair there is, in the order banking, issuing, payment.
   */
  readonly lines: Readonly<Partial<Record<UqpayLine, UqpayCredential>>>;
}
