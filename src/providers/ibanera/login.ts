import * as z from 'zod';
import type { CancelSignal } from '../../domain/cancellation.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { AccessToken } from '../../ports/token-store.ts';
import { isTokenText } from '../shared/current-token.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import { wireCount, wireRequiredText } from '../shared/wire-values.ts';
import { parseEnvelope } from './envelope.ts';
import { toLoginRefusal, toLoginTrouble } from './failures.ts';

const path = '/api/v1/public/auth/login';
const name = `Ibanera POST ${path}`;

/** Reference section 2.1; the refresh fields are ignored, because no route accepts them. */
const wireLogin = z.object({ accessToken: wireRequiredText, expiresIn: wireCount });

export interface LoginOptions {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly http: HttpPort;
  readonly clock: Clock;
}

/** A login that Ibanera refused. It must not be tried again soon. */
export class RefusedLogin extends Error {
  readonly failure: Failure;
  readonly isPermanent: boolean;

  constructor(failure: Failure, isPermanent: boolean) {
    super(failure.message);
    this.name = 'RefusedLogin';
    this.failure = failure;
    this.isPermanent = isPermanent;
  }
}

/** Logs in once. Rejects with `RefusedLogin`, or with a `Failure` that has `retriesSpent`: no layer repeats a login. */
export async function logIn(code: string, options: LoginOptions, signal: CancelSignal): Promise<AccessToken> {
  const { baseUrl, username, password, http, clock } = options;
  const issuedAtMs = clock.now();
  const reply = await http.send({
    name,
    provider: 'IBANERA',
    method: 'POST',
    url: `${baseUrl}${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, otp: code }),
    signal,
  });
  const details = { provider: 'IBANERA', upstreamStatus: reply.status, retryable: false } as const;
  const isOk = reply.status >= 200 && reply.status <= 299;
  const envelope = isOk ? parseEnvelope(reply, name, details) : null;
  if (envelope === null || !envelope.isSuccess) {
    const refusal = toLoginRefusal(reply, name, clock.now());
    if (refusal === null) throw toLoginTrouble(reply, name, clock.now());
    throw new RefusedLogin(refusal.failure, refusal.isPermanent);
  }
  const { accessToken, expiresIn } = parseShape(wireLogin, envelope.details, name, details);
  if (!isTokenText(accessToken)) {
    throw shapeFailure(name, 'accessToken', 'expected a token that fits into a header', details);
  }
  if (expiresIn === 0) throw shapeFailure(name, 'expiresIn', 'expected seconds', details);
  return { text: accessToken, issuedAtMs, expiresAtMs: issuedAtMs + expiresIn * 1_000 };
}
