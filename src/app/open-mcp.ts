import type { Config } from '../config/config.ts';
import type { McpEndpoint } from '../ports/mcp-endpoint.ts';
import type { ServerLog } from '../server/contract.ts';

/** Opens the endpoint for agents, whose modules load with the first message; null when it is off. */
export function openMcp(config: Config, log: ServerLog, version: string): McpEndpoint | null {
  if (config.mcp === null) return null;
  let endpoint: Promise<McpEndpoint> | null = null;
  return {
    async answer(exchange) {
      endpoint ??= load();
      return (await endpoint).answer(exchange);
    },
  };

  async function load(): Promise<McpEndpoint> {
    const { createMcpEndpoint } = await import('../mcp/index.ts');
    const onError = (error: Error) => log.debug({ err: error }, 'an MCP message was refused');
    return createMcpEndpoint({ version, tools: await loadMcpTools(config), onError });
  }
}

/**
 * Loads the tools that a configuration offers: the gateway's own, or, when only listed operations may run, one for each
 * of those.
 */
export async function loadMcpTools({ persisted, introspection, mcp }: Config) {
  const { createTools } = await import('../mcp/tools/index.ts');
  const { createListedTools } = await import('../mcp/tools/listed-operations.ts');
  const { createSchema } = await import('../graphql/schema.ts');
  if (persisted.mode === 'only') return createListedTools(persisted.operations, createSchema());
  return createTools({
    schema: introspection ? createSchema() : null,
    anyOperation: mcp?.anyOperation ?? false,
  });
}
