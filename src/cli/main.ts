// What `bin/balances-gateway.cjs` loads once it knows that Node is new enough.
import { setUpV8 } from '../app/set-up-v8.ts';

// Before anything takes time: the parent may be gone soon.
const shell = { env: process.env, parentPid: process.ppid };
setUpV8();
// Loaded only now, so that Node's compile cache is used for all of it.
const { createProgram } = await import('./program.ts');
await createProgram(shell).parseAsync(process.argv);
