// Loaded by `bin/balances-gateway.cjs` once it knows that Node is new enough.
import { setUpV8 } from '../app/set-up-v8.ts';
import { fitYoungGeneration } from '../app/young-generation.ts';

// Read before anything that takes time, because the parent may end soon.
const shell = { env: process.env, parentPid: process.ppid };
const [, , verb] = process.argv;
// The other commands end before it would matter.
if (verb === undefined || verb === 'start' || verb.startsWith('-')) fitYoungGeneration();
setUpV8();
// Loaded only now, so that Node's compile cache is used for all of it.
const { createProgram } = await import('./program.ts');
await createProgram(shell).parseAsync(process.argv);
