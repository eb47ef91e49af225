// What npm runs after an install (`prepare`): starts the gateway over its sandboxes, asks it something and ends it, so
// that Node has compiled it when somebody starts it. Whatever goes wrong here is no reason for the install to fail.
import { Agent, request } from 'node:http';
import { setUpV8 } from './set-up-v8.ts';

const nodeMajorMin = 24;
const longestMs = 10_000;

/** Asks the gateway over a connection of its own: `fetch` may be told to go through a proxy. */
async function ask(url: string, query: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { 'content-type': 'application/json' };
  const asked = request(url, { method: 'POST', headers, agent: new Agent() }, (answer) => {
    answer.resume().once('end', resolve).once('error', reject);
  });
  asked.once('error', reject).end(JSON.stringify({ query }));
  await promise;
}

async function prepare(): Promise<void> {
  const { loadConfig } = await import('../config/load-config.ts');
  const { startGateway } = await import('../app.ts');
  const { createLogger } = await import('../telemetry/logger.ts');
  const { shellQuery } = await import('./example-queries.ts');
  // What a start loads beside it, once it is idle, and in other configurations.
  await Promise.all([
    import('./env-file.ts'),
    import('./start-up-lines.ts'),
    import('../config/misspelt-names.ts'),
    import('../graphql/execution/compiled-operation.ts'),
    import('../server/auth/jwt.ts'),
    import('./redis-parts.ts'),
    import('../telemetry/tracing/index.ts'),
  ]);
  // Nothing of this process's environment: no provider is asked.
  const gateway = await startGateway(loadConfig({ PORT: '0' }), { logger: createLogger('error') });
  await ask(gateway.url, shellQuery);
  await gateway.close();
}

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  setUpV8();
  setTimeout(() => process.exit(0), longestMs).unref();
  try {
    await prepare();
  } catch (error) {
    process.stderr.write(`The first start may take longer: ${String(error)}\n`);
  }
  process.exit(0);
}
