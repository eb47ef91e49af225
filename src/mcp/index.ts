import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpEndpoint, McpExchange } from '../ports/mcp-endpoint.ts';
import { createServer, type McpServerFacts } from './server.ts';

export type McpEndpointOptions = Pick<McpServerFacts, 'version' | 'tools'> & {
  /** Called with errors, the gateway's own and those of clients. */
  readonly onError: (error: Error) => void;
};

/**
 * Creates the endpoint: streamable HTTP without sessions, one JSON body for each message, in both protocol eras:
 * 2026-07-28 with its headers and `_meta`, and the revisions of 2025 and before with or without `initialize`.
 */
export function createMcpEndpoint({ version, tools, onError }: McpEndpointOptions): McpEndpoint {
  return {
    async answer({ request, body, scopes, run }: McpExchange): Promise<Response> {
      const create = () => createServer({ version, tools, scopes, run });
      if (!(await isLegacyRequest(request, body))) {
        // A subscription would be a stream, and no list here ever changes.
        const handler = createMcpHandler(create, { legacy: 'reject', maxSubscriptions: 0, onerror: onError });
        return whole(await handler.fetch(request, { parsedBody: body }));
      }
      const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
      transport.onerror = onError;
      const server = create();
      await server.connect(transport);
      try {
        return await whole(await transport.handleRequest(request, { parsedBody: body }));
      } finally {
        await server.close();
      }
    },
  };
}

/** Reads the whole body of a response. */
async function whole(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, response);
}

/** Serves one client over standard input and output, until the client closes its end. */
export function serveMcpOverStdio(facts: McpServerFacts, onError: (error: Error) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  serveStdio(() => createServer(facts), { onerror: onError });
  process.stdin.once('close', resolve);
  return promise;
}
