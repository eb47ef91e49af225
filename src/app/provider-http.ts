import type { Config } from '../config/config.ts';
import type { HttpPort } from '../ports/http.ts';
import type { UpstreamObserver } from '../ports/upstream-telemetry.ts';
import { httpClients } from '../upstream/http/index.ts';

/** The transport for provider calls, with limits derived from the time limit of a GraphQL request. */
export function openProviderHttp(
  {
    requestTimeoutMs,
    upstreamHttpClient,
    upstreamConnectionsMax,
  }: Pick<Config, 'requestTimeoutMs' | 'upstreamHttpClient' | 'upstreamConnectionsMax'>,
  observer?: UpstreamObserver,
): HttpPort {
  return httpClients[upstreamHttpClient]({
    connectTimeoutMs: Math.min(3_000, requestTimeoutMs),
    // Half of the request's time, so that a hanging attempt leaves time for a retry.
    requestTimeoutMs: Math.ceil(requestTimeoutMs / 2),
    replyBytesMax: 8_388_608,
    maxSockets: upstreamConnectionsMax,
    ...(observer !== undefined && {
      onSent: ({ provider }, waitedMs) => {
        if (provider !== undefined) observer.sent(provider, waitedMs);
      },
    }),
  });
}
