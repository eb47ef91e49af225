// What npm runs after an install (`prepare`): starts the gateway over its sandboxes, asks it something and ends it, so
// that Node has compiled it when somebody starts it. Whatever goes wrong here is no reason for the install to fail.
import { setUpV8 } from './set-up-v8.ts';

const longestMs = 30_000;

setUpV8();
setTimeout(() => process.exit(0), longestMs).unref();
try {
  const { loadConfig } = await import('../config/load-config.ts');
  const { startGateway } = await import('../app.ts');
  const { createLogger } = await import('./logger.ts');
  const { shellQuery } = await import('./example-queries.ts');
  // What a start needs beside it, and what it loads once it is idle.
  await Promise.all([
    import('./env-file.ts'),
    import('./start-up-lines.ts'),
    import('../execution/compiled-operation.ts'),
  ]);
  // Nothing of this process's environment: no provider is asked.
  const gateway = await startGateway(loadConfig({ PORT: '0' }), { logger: createLogger('error') });
  const answer = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: shellQuery }),
  });
  await answer.text();
  await gateway.close();
} catch (error) {
  process.stderr.write(`The first start will take longer: ${String(error)}\n`);
}
process.exit(0);
