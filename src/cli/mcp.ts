import * as z from 'zod';
import { loadMcpTools } from '../app/open-mcp.ts';
import { packageVersion } from '../app/package-version.ts';
import { loadConfig } from '../config/load-config.ts';
import { serveMcpOverStdio } from '../mcp/index.ts';
import { askGateway } from './ask-gateway.ts';
import type { Env } from './shell.ts';
import { withGateway } from './with-gateway.ts';

const viewerShape = z.object({ viewer: z.object({ scopes: z.array(z.string()) }) });

/**
 * Serves agents over standard input and output until the client closes them. Writes nothing else to standard output,
 * which belongs to the protocol. Resolves with the exit code.
 */
export function mcp(env: Env, { url }: { readonly url?: string }): Promise<number> {
  return withGateway(env, url, async (endpoint) => {
    const { data } = await askGateway(endpoint, { query: '{ viewer { scopes } }' });
    const { scopes } = viewerShape.parse(data).viewer;
    // The tools are those of this version, whichever gateway answers; the gateway decides what each may read.
    const config = loadConfig(url === undefined ? env : { MCP_OPERATIONS: env.MCP_OPERATIONS });
    const tools = await loadMcpTools(config);
    await serveMcpOverStdio(
      { version: packageVersion(), tools, scopes, run: (request) => askGateway(endpoint, request) },
      (error) => process.stderr.write(`${error.message}\n`),
    );
    return 0;
  });
}
