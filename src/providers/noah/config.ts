import type { ProviderEnvironment } from '../../domain/vocabulary.ts';

export interface NoahConfig {
  /** API base including `/v1`, without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** EC private key (PEM) whose public half NOAH knows; null for a sandbox key without one. */
  readonly signingKeyPem: string | null;
  readonly environment: ProviderEnvironment;
}
