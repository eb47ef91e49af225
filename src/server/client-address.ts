import type { Socket } from 'node:net';
import { type AddressList, parseIpAddress, type RequestOrigin } from '../domain/ip-address.ts';
import type { SentHeaders } from './sent-headers.ts';

/** A connection that is gone already has no address any more; its request gets no answer either. */
const nobody = '0.0.0.0';

/** Says where a request comes from, by its connection and its headers. */
export type OriginOf = (socket: Socket, headers: SentHeaders) => RequestOrigin;

/**
 * Where requests come from. `X-Forwarded-For` is read from the right, the end that the nearest proxy wrote, for as
 * long as the one who wrote it is trusted; what somebody before them claims is ignored.
 */
export function createOriginOf(trustedProxies: AddressList): OriginOf {
  // Parsing an address and looking it up takes a twentieth of an answer from memory. All requests of a connection come
  // from the same place, unless that is a proxy.
  const direct = new WeakMap<Socket, RequestOrigin>();
  return (socket, headers) => {
    const known = direct.get(socket);
    if (known !== undefined) return known;
    const peer = parseIpAddress(socket.remoteAddress ?? '') ?? nobody;
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

/** An address, which some proxies write with a port. */
function parseHop(text: string): string | null {
  const hop = text.trim();
  const withPort = /^\[([^\]]+)\](?::\d+)?$/.exec(hop) ?? /^([\d.]+):\d+$/.exec(hop);
  return parseIpAddress(withPort?.[1] ?? hop);
}
