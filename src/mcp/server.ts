import { McpServer } from '@modelcontextprotocol/server';
import type { RunOperation } from '../ports/operation-runner.ts';
import { instructions } from './instructions.ts';
import { readOnly, type Tool, ToolError } from './tool.ts';

export interface McpServerFacts {
  readonly version: string;
  readonly tools: readonly Tool[];
  /** Scopes of the caller. A tool that needs another one is neither listed nor available. */
  readonly scopes: readonly string[];
  readonly run: RunOperation;
}

/** Creates a server for one caller: for one request over HTTP, or one connection over stdio. */
export function createServer({ version, tools, scopes, run }: McpServerFacts): McpServer {
  const server = new McpServer(
    { name: 'balances-gateway', title: 'Balances gateway', version },
    { instructions, capabilities: { tools: {} } },
  );
  for (const tool of tools) {
    if (tool.scope !== null && !scopes.includes(tool.scope)) continue;
    const { name, title, description } = tool;
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: tool.input,
        outputSchema: tool.output,
        annotations: { title, ...readOnly },
      },
      async (input) => {
        try {
          const { structured, text } = await tool.answer(input, run);
          return { content: [{ type: 'text', text }], structuredContent: structured };
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          return { content: [{ type: 'text', text: error.message }], isError: true };
        }
      },
    );
  }
  return server;
}
