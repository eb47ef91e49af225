// Sets up V8 and Node's compile cache when it is loaded, which must be before any other file of the gateway.
'use strict';

const { constants, enableCompileCache } = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');

/** Below `node_modules`, so that `npm ci` clears and rebuilds it; `src/cli/prepare-start.ts` fills it. */
const compiledCodeFolder = path.join(__dirname, '../node_modules/.cache/balances-gateway');

// V8 allocates arrays directly in the old generation at sites whose arrays were long-lived. Only a full garbage collection
// frees those, and until then they keep rows alive that only one response needs. Turning this off costs 3 to 15 % of the
// CPU of a response (docs/performance.md). It must precede the compile cache, because V8's flags are part of the cache key.
v8.setFlagsFromString('--no-allocation-site-pretenuring');

// It must precede the first TypeScript file: unless the cache has the file without its types, Node loads the stripper of
// types, which takes 14 MB. If neither this folder nor Node's own can be written, code is compiled at every start.
const { status } = enableCompileCache(compiledCodeFolder);
if (status === constants.compileCacheStatus.FAILED) enableCompileCache();
