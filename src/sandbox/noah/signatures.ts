import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';
import type { ReceivedCall } from '../shared/server.ts';
import type { NoahBehaviour } from './behaviour.ts';
import { refused } from './errors.ts';

const lifetimeSecondsMax = 15 * 60;
const audience = 'https://api.noah.com';
/** The curve and hash of each accepted algorithm, and the bytes of its signatures (reference section 2.1). */
const algorithms = {
  ES384: { curve: 'secp384r1', hash: 'sha384', bytes: 96 },
  ES256: { curve: 'prime256v1', hash: 'sha256', bytes: 64 },
} as const;

const headerSchema = z.object({ alg: z.enum(['ES384', 'ES256']), typ: z.literal('JWT').optional() });
const payloadSchema = z.object({
  aud: z.literal(audience),
  iat: z.int(),
  exp: z.int(),
  method: z.string(),
  path: z.string(),
  queryParams: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  bodyHash: z.string().optional(),
});

/** Checks the header `Api-Signature` of calls against one public key. */
export class SignatureChecker {
  readonly #key: KeyObject;
  /** Signatures seen, and the second until which each is kept. */
  readonly #seen = new Map<string, number>();

  constructor(publicKeyPem: string) {
    this.#key = createPublicKey(publicKeyPem);
  }

  /** Throws a 401 that names the problem. */
  check(call: ReceivedCall, nowMs: number, behaviour: NoahBehaviour): void {
    const jwt = call.headers['api-signature'];
    if (typeof jwt !== 'string' || jwt === '') throw unauthorized('Api-Signature is missing');
    const [head = '', body = '', signature = '', ...rest] = jwt.split('.');
    const header = headerSchema.safeParse(parsePart(head));
    const payload = payloadSchema.safeParse(parsePart(body));
    if (!header.success || rest.length > 0) throw unauthorized('not a JWT signed with ES384 or ES256');
    const { curve, hash, bytes } = algorithms[header.data.alg];
    const signatureBytes = Buffer.from(signature, 'base64url');
    const isGenuine =
      this.#key.asymmetricKeyDetails?.namedCurve === curve &&
      signatureBytes.length === bytes &&
      verify(
        hash,
        Buffer.from(`${head}.${body}`),
        { key: this.#key, dsaEncoding: 'ieee-p1363' },
        signatureBytes,
      );
    if (!isGenuine) throw unauthorized('the signature does not fit the key');
    if (!payload.success) throw unauthorized(`claims: ${z.prettifyError(payload.error)}`);
    this.#checkTime(payload.data, nowMs, behaviour);
    checkRequest(payload.data, call, behaviour);
    if (behaviour.signaturesAreSingleUse) this.#use(jwt, payload.data.exp, nowMs);
  }

  #checkTime(
    { iat, exp }: { iat: number; exp: number },
    nowMs: number,
    { clockSkewSecondsMax }: NoahBehaviour,
  ): void {
    const nowSecond = nowMs / 1_000;
    if (exp <= iat || exp - iat > lifetimeSecondsMax) throw unauthorized('exp: at most 15 minutes after iat');
    if (iat > nowSecond + clockSkewSecondsMax) throw unauthorized('iat: in the future');
    if (exp <= nowSecond - clockSkewSecondsMax) throw unauthorized('exp: in the past');
  }

  #use(jwt: string, expSecond: number, nowMs: number): void {
    for (const [old, second] of this.#seen) if (second * 1_000 < nowMs) this.#seen.delete(old);
    if (this.#seen.has(jwt)) throw unauthorized('this signature was used before');
    this.#seen.set(jwt, expSecond + lifetimeSecondsMax);
  }
}

function checkRequest(
  claims: z.output<typeof payloadSchema>,
  { method, path, query, body }: ReceivedCall,
  { queryParamValues }: NoahBehaviour,
): void {
  if (claims.method !== method) throw unauthorized('method: not the method of this request');
  if (claims.path !== path) throw unauthorized('path: not the path of this request');
  const sent = Object.fromEntries(query);
  if (claims.queryParams === undefined) {
    if (query.size > 0) throw unauthorized('queryParams: missing');
  } else {
    const claimed = Object.entries(claims.queryParams);
    if (query.size === 0) throw unauthorized('queryParams: this request has no query');
    const isText = claimed.every(([, value]) => typeof value === 'string');
    if (queryParamValues === 'strings' && !isText) throw unauthorized('queryParams: values must be strings');
    const isSame =
      claimed.length === query.size && claimed.every(([name, value]) => sent[name] === String(value));
    if (!isSame) throw unauthorized('queryParams: not the query of this request');
  }
  const bodyHash = body === '' ? undefined : createHash('sha256').update(body).digest('hex');
  if (claims.bodyHash !== bodyHash) throw unauthorized('bodyHash: not the body of this request');
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function unauthorized(detail: string) {
  return refused(401, 'Unauthorized', detail);
}
