import type { Config } from '../config/config.ts';
import type { McpEndpoint } from '../ports/mcp-endpoint.ts';
import type { ServerLog } from '../server/contract.ts';

/** The endpoint for agents, loaded when the first message comes; null where it is off. */
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

/** The tools that a configuration offers: those of the gateway, or where only listed operations run, one for each of them. */
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
