import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

/** The reply of the token endpoint (reference section 1.2). `expired_at` is in Unix seconds. */
export interface IssuedToken {
  readonly auth_token: string;
  readonly expired_at: number;
}

/** The state of a token: only `live` is accepted. */
export type TokenStanding = 'live' | 'expired' | 'unknown';

/** The tokens of one credential (reference sections 1.2 and 1.4). */
export class TokenBook {
  readonly #signingKey = randomBytes(32);
  /** Expiry in Unix seconds, by the text of a live token. */
  readonly #live = new Map<string, number>();
  #lastExpired: string | null = null;
  #issuedCount = 0;

  get issuedCount(): number {
    return this.#issuedCount;
  }

  /** Issues a token; with `singleLiveToken` it ends the ones before it at once. */
  issue(input: {
    readonly nowMs: number;
    readonly lifetimeSeconds: number;
    readonly singleLiveToken: boolean;
    readonly tokenClaims: 'all' | 'none';
    readonly entityId: string;
    readonly shortEntityId: string;
    readonly clientId: string;
  }): IssuedToken {
    this.#issuedCount += 1;
    if (input.singleLiveToken) this.#live.clear();
    for (const [token, exp] of this.#live) {
      if (input.nowMs >= exp * 1000) this.#live.delete(token);
    }
    const expired_at = Math.floor(input.nowMs / 1000) + input.lifetimeSeconds;
    const unsigned = [
      { alg: 'HS256', typ: 'JWT' },
      {
        ...(input.tokenClaims === 'all' && {
          entity_id: input.entityId,
          short_entity_id: input.shortEntityId,
          parent_entity_id: '0',
          client_id: input.clientId,
          api_version: 'V1.6.0',
          bus_type: 'BANKING',
        }),
        jti: randomUUID(),
        exp: expired_at,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createHmac('sha256', this.#signingKey).update(unsigned).digest('base64url');
    const auth_token = `${unsigned}.${signature}`;
    this.#live.set(auth_token, expired_at);
    return { auth_token, expired_at };
  }

  standing(token: string, nowMs: number): TokenStanding {
    const exp = this.#live.get(token);
    if (exp === undefined) return token === this.#lastExpired ? 'expired' : 'unknown';
    if (nowMs < exp * 1000) return 'live';
    this.#live.delete(token);
    this.#lastExpired = token;
    return 'expired';
  }

  /** Tokens that have not been ended, oldest first. */
  live(): readonly string[] {
    return [...this.#live.keys()];
  }

  /** Ends every live token, as when another client requests one. */
  expireAll(): void {
    this.#live.clear();
  }
}

/** A short fingerprint of a token for logs, from which the token cannot be recovered. */
export function fingerprintToken(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}
