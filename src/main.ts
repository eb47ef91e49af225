// Nothing but what Node 22 can load is imported before the version is known.
import { setUpV8 } from './app/set-up-v8.ts';

const nodeMajorMin = 24;

/** The process edge: environment in, lines and exit code out, signals in between. */
async function main(): Promise<void> {
  const { EnvFileError, loadEnvFile } = await import('./app/env-file.ts');
  const { ConfigError } = await import('./config/config-error.ts');
  const { loadConfig } = await import('./config/load-config.ts');
  const { misspeltNames } = await import('./config/misspelt-names.ts');
  const { connectedSources } = await import('./config/providers.ts');
  const { ListenError } = await import('./server/listen-error.ts');
  try {
    loadEnvFile();
    const config = loadConfig(process.env);
    // Loaded only now: a mistake in the configuration is told at once.
    const { startGateway } = await import('./app.ts');
    const { createLogger } = await import('./telemetry/logger.ts');
    const { startUpLines } = await import('./app/start-up-lines.ts');
    const logger = createLogger(config.logLevel);
    for (const { name, meant } of misspeltNames(process.env)) {
      logger.warn({ variable: name, meant }, 'a variable that the gateway does not read');
    }
    const gateway = await startGateway(config, { logger });
    closeOnSignals(() => {
      logger.info('stopping');
      return gateway.close();
    });
    // One request that nobody waits for any more must not take every other one down with it.
    process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise failed unheard'));
    process.stdout.write(`${startUpLines(config, gateway.url).join('\n')}\n`);
    const { url, operatorOrigin } = gateway;
    const apart = operatorOrigin === null ? {} : { operatorOrigin };
    const providers = connectedSources(config).map(({ code, source }) => `${code} ${source.mode}`);
    logger.info({ url, ...apart, providers, node: process.versions.node }, 'started');
  } catch (error) {
    const isExpected =
      error instanceof ConfigError || error instanceof ListenError || error instanceof EnvFileError;
    process.stderr.write(
      `${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  }
}

/** The first signal lets running requests finish; a second one ends the process at once. */
function closeOnSignals(close: () => Promise<void>): void {
  let isClosing = false;
  const onSignal = () => {
    if (isClosing) process.exit(1);
    isClosing = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  process.stderr.write(
    `The balances gateway needs Node ${nodeMajorMin} or newer; this is ${process.versions.node}. Start it with "npm start", which brings its own.\n`,
  );
  process.exit(1);
}
setUpV8();
await main();
