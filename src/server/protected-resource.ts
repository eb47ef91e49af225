import { scopes } from '../domain/caller.ts';
import { type Exchange, type Reply, textReply } from './reply.ts';

/** Where RFC 9728 puts the document: for the whole server, and for the resource `/mcp`. */
const path = '/.well-known/oauth-protected-resource';
export const metadataPaths: readonly string[] = [path, `${path}/mcp`];

/** URL of the document for `/mcp`, at the name by which the caller knows this gateway. */
export function metadataUrl(exchange: Exchange): string {
  return `${originOf(exchange)}${path}/mcp`;
}

/** Who issues the tokens that this gateway takes, and for what (RFC 9728). */
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
 * Callers reach a gateway on another machine by TLS, which somebody in front of it ends; plain HTTP is for this machine.
 * Characters that no host name has are left out, because the name comes from the caller.
 */
function originOf({ request, origin }: Exchange): string {
  const host = (request.headers.host ?? '').replace(/[^\w.:[\]-]/g, '');
  const isLocal = /^(127\.|::1$|::ffff:127\.)/.test(origin.peer) && origin.peer === origin.client;
  return `${isLocal && /^(localhost|127\.|\[::1\])/.test(host) ? 'http' : 'https'}://${host}`;
}
