import type { ProviderEnvironment } from '../../domain/vocabulary.ts';

export interface IbaneraConfig {
  /** Address of the API, without a path or a trailing slash: `https://public-api.ibanera.com`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** Shared secret of the one-time codes, base32 (reference section 2.2). */
  readonly totpSecret: string;
  /** Whether transactions are read; their shape is known from callbacks only (reference section 6). */
  readonly transactions: boolean;
  readonly environment: ProviderEnvironment;
  /** True if Ibanera accepts a code only once: then one request is sent in 30 seconds. Default false. */
  readonly codesAreSingleUse?: boolean;
}
