import type { HttpPort } from '../ports/http.ts';
import { type HttpOptions, userAgent } from './http-options.ts';
import { toTransportFailure } from './transport-failure.ts';
import { createUndiciAgent } from './undici-agent.ts';

/** Transport over undici alone. Nothing it throws holds a query, a header or a body. */
export function createUndiciHttp(options: HttpOptions): HttpPort {
  const agent = createUndiciAgent(options);
  return {
    async send(request) {
      try {
        return await agent.exchange({
          ...request,
          url: new URL(request.url),
          headers: { 'user-agent': userAgent, ...request.headers },
          signal: request.signal,
        });
      } catch (error) {
        throw toTransportFailure(error, request, options);
      }
    },
    close() {
      agent.destroy();
    },
  };
}
