import type { HttpPort } from '../../ports/http.ts';
import { type HttpOptions, userAgent } from './http-options.ts';
import { toTransportFailure } from './transport-failure.ts';
import { createUndiciAgent } from './undici-agent.ts';
import { unpackedEncodings } from './unpack.ts';

/** Transport over undici only. Its errors never contain a query, a header or a body. */
export function createUndiciHttp(options: HttpOptions): HttpPort {
  const agent = createUndiciAgent(options);
  return {
    send(request) {
      const { name, provider, url, method, headers, body, signal } = request;
      let parsed: URL;
      try {
        parsed = new URL(url);
      } catch (error) {
        return Promise.reject(toTransportFailure(error, request, options));
      }
      return agent.exchange({
        name,
        ...(provider !== undefined && { provider }),
        origin: parsed.origin,
        path: parsed.pathname + parsed.search,
        method,
        headers: { 'accept-encoding': unpackedEncodings, 'user-agent': userAgent, ...headers },
        body,
        signal,
      });
    },
    close() {
      agent.destroy();
    },
  };
}
