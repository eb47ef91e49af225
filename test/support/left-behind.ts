import type { CancelSignal } from '../../src/domain/cancellation.ts';

/** A signal that shows its listeners. */
export interface ListenedSignal extends CancelSignal {
  readonly listeners: ReadonlySet<() => void>;
}

export function createListenedSignal(reason?: unknown): ListenedSignal {
  const listeners = new Set<() => void>();
  return {
    listeners,
    aborted: false,
    reason,
    addEventListener: (_type, act) => void listeners.add(act),
    removeEventListener: (_type, act) => void listeners.delete(act),
  };
}

/** Timers that keep this process running. */
export function timerCount(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
