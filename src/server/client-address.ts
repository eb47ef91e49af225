import type { Socket } from 'node:net';
import { type AddressList, parseIpAddress, type RequestOrigin } from '../domain/ip-address.ts';
import type { SentHeaders } from './sent-headers.ts';

/** A closed connection has no address; its request gets no answer either. */
const noAddress = '0.0.0.0';

/** Determines the origin of a request from its connection and headers. */
export type OriginOf = (socket: Socket, headers: SentHeaders) => RequestOrigin;

/**
 * Creates the lookup of request origins. `X-Forwarded-For` is read from the right, the end that the nearest proxy
 * wrote, as long as each writer is a trusted proxy; earlier entries are ignored.
 */
export function createOriginOf(trustedProxies: AddressList): OriginOf {
  // Parsing an address and looking it up takes a twentieth of an answer from the cache. All requests of a connection
  // have the same origin, unless its peer is a proxy.
  const direct = new WeakMap<Socket, RequestOrigin>();
  return (socket, headers) => {
    const known = direct.get(socket);
    if (known !== undefined) return known;
    const peer = parseIpAddress(socket.remoteAddress ?? '') ?? noAddress;
    if (trustedProxies.has(peer)) return behindProxy(peer, headers, trustedProxies);
    const origin: RequestOrigin = { peer, client: peer, isClientKnown: true };
    direct.set(socket, origin);
    return origin;
  };
}

function behindProxy(peer: string, headers: SentHeaders, trustedProxies: AddressList): RequestOrigin {
  let client = peer;
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (trustedProxies.has(client)) {
    const before = parseHop(forwarded.pop() ?? '');
    if (before === null) return { peer, client, isClientKnown: false };
    client = before;
  }
  return { peer, client, isClientKnown: true };
}

/** Parses an address, which some proxies write with a port. */
function parseHop(text: string): string | null {
  const hop = text.trim();
  const withPort = /^\[([^\]]+)\](?::\d+)?$/.exec(hop) ?? /^([\d.]+):\d+$/.exec(hop);
  return parseIpAddress(withPort?.[1] ?? hop);
}
