import { type AddressList, parseIpAddress, type RequestOrigin } from '../domain/ip-address.ts';
import type { SentHeaders } from './sent-headers.ts';

/** A connection that is gone already has no address any more; its request gets no answer either. */
const nobody = '0.0.0.0';

/**
 * Where a request comes from. `X-Forwarded-For` is read from the right, the end that the nearest proxy wrote, for as
 * long as the one who wrote it is trusted; what somebody before them claims is ignored.
 */
export function originOf(
  remoteAddress: string | undefined,
  headers: SentHeaders,
  trustedProxies: AddressList,
): RequestOrigin {
  const peer = parseIpAddress(remoteAddress ?? '') ?? nobody;
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
