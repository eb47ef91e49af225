import type { ProviderEnvironment } from '../../domain/vocabulary.ts';

export interface IbaneraConfig {
  /** Address of the API without a path and without a slash at its end: `https://public-api.ibanera.com`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** Shared secret of the one-time codes, base32 (reference section 2.2). */
  readonly totpSecret: string;
  /** Whether transactions are read; their shape is known from callbacks only (reference section 6). */
  readonly transactions: boolean;
  readonly environment: ProviderEnvironment;
  /** Set when Ibanera takes a code once only: then one request is sent in 30 seconds. Default false. */
  readonly codesAreSingleUse?: boolean;
}
