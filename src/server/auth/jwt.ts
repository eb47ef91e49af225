import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Caller, parseGrant, type Scope, scopes } from '../../domain/caller.ts';
import { Failure } from '../../domain/failure.ts';
import { isPlainText } from '../../domain/global-id.ts';
import type { Authenticate } from './authenticator.ts';
import { bearerToken, invalidCredential } from './credential.ts';
import { createIssuerKeys, type IssuerKeysLog } from './issuer-keys.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** Which tokens are valid, and which of their claims count. */
export interface JwtRules {
  /** The URL of the issuer's keys, or the secret shared with the issuer. */
  readonly keys: { readonly jwksUrl: string } | { readonly secret: string };
  readonly issuer: string;
  readonly audience: string;
  readonly toleranceSeconds: number;
  /** Accepted signature algorithms, whatever the token's header claims. */
  readonly algorithms: readonly string[];
  /** Claim that lists the accounts the caller may read, in the notation of `AccountGrant`. */
  readonly accountsClaim: string;
  /** Logs that keys of the issuer are unusable. */
  readonly warn?: IssuerKeysLog;
  /** Current time; set by tests. */
  readonly now?: () => Date;
  /** Timeout for reading the issuer's keys; set by tests. */
  readonly keysTimeoutMs?: number;
}

/** Authenticates callers by JSON Web Tokens (RFC 7519, with the precautions of RFC 8725). */
export function createJwtAuthenticator(rules: JwtRules): Authenticate {
  const { issuer, audience, toleranceSeconds, algorithms, accountsClaim, now = () => new Date() } = rules;
  const key = toKey(rules, () => now().getTime());
  const verified = createVerifiedTokens(toleranceSeconds);
  return async (headers) => {
    const token = bearerToken(headers);
    const currentDate = now();
    const known = verified.callerOf(token, currentDate.getTime());
    if (known !== null) return known;
    const options = {
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      algorithms: [...algorithms],
      requiredClaims: ['exp', 'sub'],
      currentDate,
    };
    try {
      const { payload } = await jwtVerify(token, key, options);
      const caller = {
        ...toCaller(payload, accountsClaim),
        ...endOf(payload, toleranceSeconds, currentDate),
      };
      if (payload.exp !== undefined) verified.keep(token, caller, payload.exp, currentDate.getTime());
      return caller;
    } catch (error) {
      throw toFailure(error);
    }
  };
}

function toKey(rules: JwtRules, now: () => number): Uint8Array | JWTVerifyGetKey {
  const { keys, algorithms, warn, keysTimeoutMs: timeoutMs } = rules;
  if ('secret' in keys) return new TextEncoder().encode(keys.secret);
  return createIssuerKeys({ url: new URL(keys.jwksUrl), algorithms, now, warn, timeoutMs });
}

function toCaller(payload: JWTPayload, accountsClaim: string): Caller {
  const { sub } = payload;
  if (!isPlainText(sub))
    throw invalidCredential('The claim "sub" of the token must be text of at most 512 characters.');
  return {
    subject: sub,
    scopes: toScopes(payload),
    grants: textsOf(payload[accountsClaim]).flatMap((text) => parseGrant(text) ?? []),
  };
}

/** When the token's rights end: at its claim `exp`, or after the tolerance if it was accepted later than `exp`. */
function endOf({ exp = 0 }: JWTPayload, toleranceSeconds: number, now: Date): Pick<Caller, 'expiresAtMs'> {
  const isLate = exp * 1_000 <= now.getTime();
  return { expiresAtMs: (isLate ? exp + toleranceSeconds : exp) * 1_000 };
}

/** `scope` is one string (RFC 8693, RFC 9068); some issuers send a list, or name it `scp`. */
function toScopes({ scope, scp }: JWTPayload): readonly Scope[] {
  const words = [...wordsOf(scope), ...wordsOf(scp)];
  return scopes.filter((known) => words.includes(known));
}

function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(' ') : textsOf(value);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** Names the part of the token that is invalid, but never its content. */
function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof errors.JWTExpired)
    return invalidCredential('The token has expired. Get a new one.', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidCredential(
      `The claim "${error.claim}" of the token is missing or not the one expected here.`,
      error,
    );
  }
  if (error instanceof errors.JOSEError && !isKeyTrouble(error)) {
    return invalidCredential(
      'The token cannot be verified: its form, signature, algorithm or key is not the one expected here.',
      error,
    );
  }
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    'Tokens cannot be checked now: the keys of their issuer cannot be read.',
    {
      retryable: true,
      cause: error,
    },
  );
}

/** Whether the issuer's keys were unavailable or unusable. */
function isKeyTrouble(error: errors.JOSEError): boolean {
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
}
