// Imports only Node's own modules, because it runs before anything else is loaded.
import module from 'node:module';
import { join } from 'node:path';
import v8 from 'node:v8';

/** Below `node_modules`, so that `npm ci` clears and rebuilds it. */
const compiledCodeFolder = join(import.meta.dirname, '../../node_modules/.cache/balances-gateway');

/**
 * Sets V8 flags and enables Node's compile cache, in the folder that `prepare-start.ts` has filled or else in Node's
 * default temporary folder. If neither can be written, code is compiled at every start.
 */
export function setUpV8(): void {
  // V8 allocates arrays directly in the old generation at sites whose arrays were long-lived. Only a full garbage
  // collection frees those, and until then they keep rows alive that only one response needs. Turning this off costs 3
  // to 15 % of the CPU of a response (docs/performance.md). It must precede the compile cache, because V8's flags are
  // part of the cache key.
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
  const { status } = module.enableCompileCache(compiledCodeFolder);
  if (status === module.constants.compileCacheStatus.FAILED) module.enableCompileCache();
}
