// Imports Node's own modules only: it runs before anything else is loaded.
import module from 'node:module';
import { join } from 'node:path';
import v8 from 'node:v8';

/** Beside the packages it is made of: `npm ci` clears it, and makes it anew. */
const compiledCodeFolder = join(import.meta.dirname, '../../node_modules/.cache/balances-gateway');

/**
 * Sets V8's flags and lets Node keep the code it compiles, in the folder that `prepare-start.ts` has filled, else in its
 * own below the one for temporary files. Where there is neither, code is compiled at every start.
 */
export function setUpV8(): void {
  // V8 allocates arrays of a site whose arrays lived long where only a full garbage collection comes, and rows are that
  // only for as long as an answer takes: each array keeps its young rows alive. 3 to 15 % of the CPU of an answer
  // (docs/performance.md). Before the compile cache, which is kept apart by V8's flags.
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
  const { status } = module.enableCompileCache(compiledCodeFolder);
  if (status === module.constants.compileCacheStatus.FAILED) module.enableCompileCache();
}
