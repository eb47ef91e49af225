/** Calls `run` once, after `ms`; returns the function that cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** The system's timer. It does not keep the process running. */
export const systemTimer: Timer = (ms, run) => {
  const timeout = setTimeout(run, ms).unref();
  return () => clearTimeout(timeout);
};
