/** `draining`: asked to stop; running requests are still answered. */
export type LifecycleState = 'starting' | 'ready' | 'draining';

/** The process's state, which only moves forward. */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** From now on, requests are answered. */
  ready(): void;
  /** From now on, no new requests should come. */
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
