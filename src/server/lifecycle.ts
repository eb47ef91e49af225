/** `draining`: asked to end; running requests are still answered. */
export type LifecycleState = 'starting' | 'ready' | 'draining';

/** Where the process is in its life; goes forward only. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** Requests are answered from now on. */
  ready(): void;
  /** No new requests are wanted from now on. */
  drain(): void;
}

export function createLifecycle(): Lifecycle {
  let state: LifecycleState = 'starting';
  return {
    get state() {
      return state;
    },
    ready() {
      if (state === 'starting') state = 'ready';
    },
    drain() {
      state = 'draining';
    },
  };
}
