import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort, HttpReply } from '../../ports/http.ts';
import type { AccessToken } from '../../ports/token-store.ts';
import { isTokenText } from '../shared/current-token.ts';
import { parseBody } from '../shared/parse-body.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { UqpayCredential } from './config.ts';
import { providerName, toRefusal } from './failures.ts';
import { wireToken } from './wire.ts';

export interface TokenRequestOptions {
  readonly baseUrl: string;
  readonly credential: UqpayCredential;
  /** Environment variables that hold the credential, for messages. */
  readonly variables: string;
  readonly http: HttpPort;
  readonly clock: Clock;
}

const name = 'UQPAY POST /v1/connect/token';
/**
 * UQPAY answers 400 for a wrong client id, and 403 for wrong credentials, environment or address (reference section
 * 1.2).
 */
const credentialStatuses = [400, 401, 403];
/** Assumed lifetime of a token that seems to have expired already: one of the two clocks is wrong. */
const assumedLifetimeMs = 5 * 60_000;

/** Makes one call to the token endpoint (reference section 1.2). It may end the token before it. */
export async function requestToken(options: TokenRequestOptions, signal: CancelSignal): Promise<AccessToken> {
  const { baseUrl, credential, http, clock } = options;
  const reply = await http.send({
    name,
    provider: 'UQPAY',
    method: 'POST',
    url: `${baseUrl}/v1/connect/token`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'x-client-id': credential.clientId,
      'x-api-key': credential.apiKey,
    },
    body: '{}',
    signal,
  });
  const issuedAtMs = clock.now();
  if (reply.status < 200 || reply.status > 299) throw tokenFailure(reply, options);
  const details = { provider: 'UQPAY', upstreamStatus: reply.status, retryable: false } as const;
  const { auth_token: text, expired_at: expiresAtSecond } = parseShape(
    wireToken,
    parseBody(reply, { name, providerName }, details),
    name,
    details,
  );
  if (!isTokenText(text)) {
    throw shapeFailure(name, 'auth_token', 'expected a token that fits into a header', details);
  }
  const expiresAtMs = expiresAtSecond * 1_000;
  return {
    text,
    issuedAtMs,
    expiresAtMs: expiresAtMs > issuedAtMs ? expiresAtMs : issuedAtMs + assumedLifetimeMs,
  };
}

function tokenFailure(reply: HttpReply, { variables, clock }: TokenRequestOptions): Failure {
  const call = { family: 'banking', name, onBehalfOf: null, nowMs: clock.now() } as const;
  const { failure, isProvidersOwn } = toRefusal(reply, call);
  const isRefusal = credentialStatuses.includes(reply.status) && failure.details.retryable !== true;
  if (!isRefusal || !isProvidersOwn) {
    return failure.at({ provider: 'UQPAY' });
  }
  return new Failure(
    'UPSTREAM_AUTH',
    `UQPAY refused the credentials (HTTP ${reply.status} on the token call). Check ${variables}: both belong to the ` +
      'environment of UQPAY_BASE_URL, and the IP allow-list of the key includes this machine.',
    { provider: 'UQPAY', upstreamStatus: reply.status, retryable: false },
  );
}
