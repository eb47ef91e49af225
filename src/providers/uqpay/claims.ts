import * as z from 'zod';

/** What a token says about its owner. UQPAY gave the token itself, so its signature is not checked. */
export interface TokenClaims {
  readonly entityId: string | null;
  readonly shortEntityId: string | null;
}

const none: TokenClaims = { entityId: null, shortEntityId: null };
const identifier = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/)
  .nullable()
  .catch(null);
const claims = z.object({ entity_id: identifier, short_entity_id: identifier });

/** Claims of a JWT (reference section 1.2). Every claim is optional, and the token need not be a JWT. */
export function parseClaims(token: string): TokenClaims {
  const payload = token.split('.')[1];
  if (payload === undefined) return none;
  try {
    const parsed = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return { entityId: parsed.entity_id, shortEntityId: parsed.short_entity_id };
  } catch {
    return none;
  }
}
