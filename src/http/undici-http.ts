import type { HttpPort } from '../ports/http.ts';
import { type HttpOptions, userAgent } from './http-options.ts';
import { toTransportFailure } from './transport-failure.ts';
import { createUndiciAgent } from './undici-agent.ts';
import { unpackedEncodings } from './unpack.ts';

/** Transport over undici alone. Nothing it throws holds a query, a header or a body. */
export function createUndiciHttp(options: HttpOptions): HttpPort {
  const agent = createUndiciAgent(options);
  return {
    send(request) {
      const { url, method, headers, body, signal } = request;
      if (!URL.canParse(url)) return Promise.reject(toTransportFailure(null, url, signal, options));
      const { origin, pathname, search } = new URL(url);
      return agent.exchange({
        origin,
        path: pathname + search,
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
