// Loaded by `bin/balances-gateway.cjs` once it knows that Node is new enough and has set V8 up.
import { fitYoungGeneration } from '../app/young-generation.ts';

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  // Read before anything that takes time, because the parent may end soon.
  const shell = { env: process.env, parentPid: process.ppid };
  const [, , verb] = process.argv;
  // The other commands end before it would matter.
  if (verb === undefined || verb === 'start' || verb.startsWith('-')) fitYoungGeneration();
  // Loaded only now: a restart has no use for it.
  const { createProgram } = await import('./program.ts');
  await createProgram(shell).parseAsync(process.argv);
}
