// Imports Node's own modules only: it runs before anything else is loaded.
import module from 'node:module';
import { join } from 'node:path';
import v8 from 'node:v8';

/** Below `node_modules`, so that `npm ci` clears and rebuilds it. */
const compiledCodeFolder = join(import.meta.dirname, '../../node_modules/.cache/balances-gateway');

/**
 * Sets V8 flags and enables Node's compile cache: in the folder that `prepare-start.ts` has filled, else in Node's default
 * folder for temporary files. If neither can be written, code is compiled at every start.
 */
export function setUpV8(): void {
  // V8 pretenures arrays from allocation sites whose arrays lived long: only a full garbage collection frees them, and until
  // then they keep their rows alive, which live only as long as a response. Costs 3 to 15 % of the CPU of a response
  // (docs/performance.md). Set before the compile cache is opened, because V8's flags are part of its key.
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
  const { status } = module.enableCompileCache(compiledCodeFolder);
  if (status === module.constants.compileCacheStatus.FAILED) module.enableCompileCache();
}
