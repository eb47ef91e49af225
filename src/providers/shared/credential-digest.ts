import { createHmac } from 'node:crypto';
import type { ProviderCode, ProviderEnvironment } from '../../domain/vocabulary.ts';

/**
 * A short text that stands for a credential in keys: equal for equal credentials, different for different ones, and no
 * help in finding the credential. The secret is the HMAC's key, so that it is never hashed as a message.
 */
export function credentialDigest(
  provider: ProviderCode,
  environment: ProviderEnvironment,
  publicPart: string,
  secretPart: string,
): string {
  return createHmac('sha256', secretPart)
    .update(JSON.stringify(['balances-gateway credential 1', provider, environment, publicPart]))
    .digest('base64url')
    .slice(0, 22);
}
