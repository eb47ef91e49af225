import { EnvFileError, loadEnvFile } from '../app/env-file.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { misspeltNames } from '../config/misspelt-names.ts';
import { connectedSources } from '../config/providers.ts';
import { ListenError } from '../server/listen-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { Env, Shell } from './shell.ts';
import { closeOnSignals } from './signals.ts';

/** Serves the gateway until a signal ends the process; `flags` are variables set on the command line. */
export async function start({ env, parentPid }: Shell, flags: Env): Promise<void> {
  try {
    loadEnvFile();
    const loaded = loadConfig({ ...env, ...flags });
    // Interactive users see data that change; commands that answer once give the same answer each time.
    const config = { ...loaded, sandboxActivity: loaded.sandboxActivity ?? true };
    // Loaded after the configuration, so that a mistake in it is reported at once.
    const { startGateway } = await import('../app.ts');
    const { createLogger } = await import('../telemetry/logger.ts');
    const { startUpLines } = await import('../app/start-up-lines.ts');
    const logger = createLogger(config.logLevel);
    for (const { name, meant } of misspeltNames(env)) {
      logger.warn({ variable: name, meant }, 'a variable that the gateway does not know');
    }
    const variables = proxyVariables.filter((name) => env[name]);
    if (variables.length > 0) {
      logger.warn({ variables }, 'providers are called directly: the gateway does not use an HTTP proxy');
    }
    const gateway = await startGateway(config, { logger });
    closeOnSignals(env, parentPid, () => {
      logger.info('stopping');
      return gateway.close();
    });
    // An abandoned request that fails must not end the process, and every other request with it.
    process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled promise rejection'));
    process.stdout.write(`${startUpLines(config, gateway.url).join('\n')}\n`);
    const { url, operatorOrigin } = gateway;
    const apart = operatorOrigin === null ? {} : { operatorOrigin };
    const providers = connectedSources(config).map(({ code, source }) => `${code} ${source.mode}`);
    logger.info({ url, ...apart, providers, node: process.versions.node }, 'started');
  } catch (error) {
    process.stderr.write(`${startUpTrouble(error)}\n`);
    process.exit(exitCodes.failed);
  }
}

/** Variables that make other programs use a proxy. */
const proxyVariables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** The message when a gateway does not start; it includes a stack only for a bug in the gateway. */
function startUpTrouble(error: unknown): string {
  const isExpected =
    error instanceof ConfigError || error instanceof ListenError || error instanceof EnvFileError;
  if (isExpected) return error.message;
  return String(error instanceof Error ? error.stack : error);
}
