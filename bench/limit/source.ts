import { credential } from '../upstream/data.ts';

/** Returns the JSON of one upstream read. `account` is null for the master account. */
export interface Source {
  read(path: string, account: string | null): Promise<unknown>;
}

/** The headers that every read of UQPAY has to send (a fresh idempotency key is added to each). */
export function baseHeaders(token: string): Record<string, string> {
  return {
    accept: 'application/json',
    'x-auth-token': `Bearer ${token}`,
    'x-client-id': credential.clientId,
  };
}

export async function issueToken(baseUrl: string): Promise<string> {
  const reply = await fetch(`${baseUrl}/v1/connect/token`, {
    method: 'POST',
    headers: { 'x-client-id': credential.clientId, 'x-api-key': credential.apiKey },
  });
  const body: unknown = await reply.json();
  const token = typeof body === 'object' && body !== null ? Reflect.get(body, 'auth_token') : undefined;
  if (typeof token !== 'string') throw new Error('The upstream gave no token.');
  return token;
}
