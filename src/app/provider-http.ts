import type { Config } from '../config/config.ts';
import type { HttpPort } from '../ports/http.ts';
import { httpClients } from '../upstream/http/index.ts';

/** The transport that providers are read through, bounded by what one GraphQL request may take. */
export function openProviderHttp({
  requestTimeoutMs,
  upstreamHttpClient,
}: Pick<Config, 'requestTimeoutMs' | 'upstreamHttpClient'>): HttpPort {
  return httpClients[upstreamHttpClient]({
    connectTimeoutMs: Math.min(3_000, requestTimeoutMs),
    // Half of the whole, so that an attempt that hangs leaves time for another one.
    requestTimeoutMs: Math.ceil(requestTimeoutMs / 2),
    replyBytesMax: 8_388_608,
    maxSockets: 64,
  });
}
