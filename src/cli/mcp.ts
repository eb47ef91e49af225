import * as z from 'zod';
import { EnvFileError } from '../app/env-file.ts';
import { loadMcpTools } from '../app/open-mcp.ts';
import { packageVersion } from '../app/package-version.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { serveMcpOverStdio } from '../mcp/index.ts';
import { AskError, askGateway } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { type Endpoint, remoteGateway, startOwnGateway } from './own-gateway.ts';
import type { Env } from './shell.ts';

const viewerShape = z.object({ viewer: z.object({ scopes: z.array(z.string()) }) });

/**
 * Serves agents over standard input and output until the client closes them. Nothing else is written to standard output:
 * it belongs to the protocol. Resolves with the exit code.
 */
export async function mcp(env: Env, { url }: { readonly url?: string }): Promise<number> {
  let endpoint: Endpoint | null = null;
  try {
    endpoint = url === undefined ? await startOwnGateway(env) : remoteGateway(url, env);
    const to = endpoint;
    const { data } = await askGateway(to, { query: '{ viewer { scopes } }' });
    const { viewer } = viewerShape.parse(data);
    // The tools are this version's own, whatever gateway answers; it judges what each may read.
    const config = loadConfig(url === undefined ? env : { MCP_OPERATIONS: env.MCP_OPERATIONS });
    const tools = await loadMcpTools(config);
    await serveMcpOverStdio(
      { version: packageVersion(), tools, scopes: viewer.scopes, run: (request) => askGateway(to, request) },
      (error) => process.stderr.write(`${error.message}\n`),
    );
    return 0;
  } catch (error) {
    const isExpected =
      error instanceof ConfigError || error instanceof EnvFileError || error instanceof AskError;
    process.stderr.write(
      `${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return exitCodes.failed;
  } finally {
    await endpoint?.close();
  }
}
