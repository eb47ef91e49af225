// Run by `npm run dev`: serves the gateway from its sources, and restarts it when one changes. `node --watch` alone
// would outlive an npm that a signal has ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { closeOnSignals } from './signals.ts';

const parentPid = process.ppid;
const file = join(import.meta.dirname, '../../bin/balances-gateway.cjs');
const watch = spawn(process.execPath, ['--watch', file, ...process.argv.slice(2)], { stdio: 'inherit' });
const ended = once(watch, 'exit');
closeOnSignals({ npm_lifecycle_event: 'dev' }, parentPid, async () => {
  watch.kill();
  await ended;
});
