import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** The request that a signature covers. Requests here have no body. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** URL path including `/v1`, without host and query. */
  readonly path: string;
  /** Decoded parameters, exactly those of the URL. */
  readonly query: Readonly<Record<string, string>>;
}

/** Signs requests for the header `Api-Signature`. */
export interface Signer {
  sign(request: SignedRequest, nowMs: number): Promise<string>;
}

/** The same in all environments (reference section 2.1). */
const audience = 'https://api.noah.com';
/** NOAH allows at most 15 minutes. */
const lifetimeSeconds = 300;
/** ES384 is recommended, ES256 accepted (reference section 2.1). */
const algorithmOfCurve: Readonly<Record<string, string>> = { secp384r1: 'ES384', prime256v1: 'ES256' };

/** A signer with a private key. Throws TypeError naming NOAH_SIGNING_KEY if the key is not of a usable kind. */
export function createSigner(pem: string): Signer {
  const key = parseKey(pem);
  const alg = algorithmOfCurve[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (alg === undefined)
    throw new TypeError('NOAH_SIGNING_KEY must be an EC key on the curve P-384 or P-256');
  return {
    sign({ method, path, query }, nowMs) {
      const iat = Math.floor(nowMs / 1_000);
      const hasQuery = Object.keys(query).length > 0;
      return new SignJWT({ method, path, ...(hasQuery ? { queryParams: query } : {}) })
        .setProtectedHeader({ alg, typ: 'JWT' })
        .setAudience(audience)
        .setIssuedAt(iat)
        .setExpirationTime(iat + lifetimeSeconds)
        .sign(key);
    },
  };
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The error may quote the key.
    throw new TypeError('NOAH_SIGNING_KEY must be a private key in PEM form, not encrypted');
  }
}
