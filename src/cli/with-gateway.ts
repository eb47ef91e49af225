import { EnvFileError } from '../app/env-file.ts';
import { ConfigError } from '../config/config-error.ts';
import type { OnExportProgress } from '../ports/export.ts';
import { ListenError } from '../server/listen-error.ts';
import { AskError } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './operation-input.ts';
import { type Endpoint, remoteGateway, startOwnGateway } from './own-gateway.ts';
import type { Env } from './shell.ts';

/**
 * Runs `act` with the gateway at `url`, or else with a gateway that this process starts and closes. Resolves with the
 * exit code; reports a failure on standard error, in one message.
 */
export async function withGateway(
  env: Env,
  url: string | undefined,
  act: (endpoint: Endpoint) => Promise<number>,
  onExportProgress?: OnExportProgress,
): Promise<number> {
  let endpoint: Endpoint | null = null;
  try {
    endpoint = url === undefined ? await startOwnGateway(env, onExportProgress) : remoteGateway(url, env);
    return await act(endpoint);
  } catch (error) {
    if (error instanceof UsageError) return tell(`error: ${error.message}`, exitCodes.usage);
    const isExpected = [ConfigError, EnvFileError, ListenError, AskError].some(
      (kind) => error instanceof kind,
    );
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    return tell(isExpected ? message : (stack ?? message), exitCodes.failed);
  } finally {
    await endpoint?.close();
  }
}

function tell(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`);
  return exitCode;
}
