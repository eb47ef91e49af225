import { scopes } from '../domain/caller.ts';
import { type Exchange, type Reply, textReply } from './reply.ts';

/** Paths of the document according to RFC 9728: for the whole server, and for the resource `/mcp`. */
const path = '/.well-known/oauth-protected-resource';
export const metadataPaths: readonly string[] = [path, `${path}/mcp`];

/** URL of the document for `/mcp`, under the host name that the caller used. */
export function metadataUrl(exchange: Exchange): string {
  return `${originOf(exchange)}${path}/mcp`;
}

/** Answers with the issuer and the scopes of the tokens that this gateway accepts (RFC 9728). */
export function metadataReply(exchange: Exchange, issuer: string): Reply {
  const { method } = exchange.request;
  if (method !== 'GET' && method !== 'HEAD') return textReply(405, 'Use GET.\n', { allow: 'GET, HEAD' });
  const metadata = {
    resource: `${originOf(exchange)}/mcp`,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Balances gateway',
  };
  return {
    status: 200,
    body: `${JSON.stringify(metadata)}\n`,
    headers: { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' },
  };
}

/**
 * Other machines reach a gateway over TLS, which something in front of it terminates; plain HTTP is for this machine.
 * Removes characters that no host name has, because the name comes from the caller.
 */
function originOf({ request, origin }: Exchange): string {
  const host = (request.headers.host ?? '').replace(/[^\w.:[\]-]/g, '');
  const isLocal = /^(127\.|::1$|::ffff:127\.)/.test(origin.peer) && origin.peer === origin.client;
  return `${isLocal && /^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`;
}
