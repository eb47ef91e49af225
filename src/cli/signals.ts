import type { Env } from './shell.ts';

/** How often to check whether the parent process still exists. Short enough that `kill` seems to act at once. */
const parentCheckMs = 250;

/**
 * Closes on SIGINT or SIGTERM, then ends the process; a second signal ends it at once. `parentPid` is the parent
 * process at the start.
 */
export function closeOnSignals(env: Env, parentPid: number, close: () => Promise<void>): void {
  let isClosing = false;
  const onSignal = () => {
    if (isClosing) process.exit(1);
    isClosing = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (env.npm_lifecycle_event !== undefined) onParentGone(parentPid, onSignal);
}

/**
 * Acts when the parent process has ended. npm passes a signal on to the shell that runs a script, and that shell ends
 * without passing it on: `npm start &` and `kill $!` would leave the gateway running. This process then has another
 * parent.
 */
function onParentGone(parentPid: number, act: () => void): void {
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    act();
  }, parentCheckMs);
  timer.unref();
}
