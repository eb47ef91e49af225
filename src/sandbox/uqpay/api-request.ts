import type { ReceivedCall } from '../shared/server.ts';
import type { ApiRequest } from './api.ts';

const apiBase = '/api';

/** What the API reads of a request. */
export function toApiRequest({ method, path, query, headers, body }: ReceivedCall): ApiRequest {
  const isBelowBase = path === apiBase || path.startsWith(`${apiBase}/`);
  const headerOf = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : (value ?? null);
  };
  return {
    method,
    path: isBelowBase ? path.slice(apiBase.length) : '',
    query,
    authToken: headerOf('x-auth-token'),
    clientId: headerOf('x-client-id'),
    apiKey: headerOf('x-api-key'),
    onBehalfOf: headerOf('x-on-behalf-of'),
    idempotencyKey: headerOf('x-idempotency-key'),
    contentType: headers['content-type'] ?? '',
    body,
  };
}
