// Run by npm after an install (`prepare`): starts the gateway with its sandboxes, sends it a query and stops it, so that
// Node's compile cache is filled before the first real start. Failures here do not fail the install.
import { Agent, request } from 'node:http';

const nodeMajorMin = 24;
const longestMs = 10_000;

/** Sends a query with its own agent, because `fetch` may be configured to use a proxy. */
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
  const { loadLateModules } = await import('../app/late-modules.ts');
  const { createLogger } = await import('../telemetry/logger.ts');
  const { shellQuery } = await import('../app/example-queries.ts');
  await Promise.all([loadLateModules(), import('./main.ts'), import('./program.ts'), import('./start.ts')]);
  // Ignores the environment, so that no real provider is called.
  const gateway = await startGateway(loadConfig({ PORT: '0' }), { logger: createLogger('error') });
  await ask(gateway.url, shellQuery);
  await gateway.close();
}

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  setTimeout(() => process.exit(0), longestMs).unref();
  try {
    await prepare();
  } catch (error) {
    process.stderr.write(`The first start may take longer: ${String(error)}\n`);
  }
  process.exit(0);
}
