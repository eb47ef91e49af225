/** What of an `AbortSignal` it takes to stop with it; Node's own is one too. */
export interface CancelSignal {
  readonly aborted: boolean;
  /** Why; undefined before. */
  readonly reason: unknown;
  /** `act` runs once, when it aborts; never when it has begun to. */
  addEventListener(type: 'abort', act: () => void): void;
  removeEventListener(type: 'abort', act: () => void): void;
}

/**
 * An `AbortController` and its signal in one, for what is made and watched with every read: Node's pair, which carries
 * the whole of DOM events, took 0.9 us for each in a loop of its own, where this takes 0.2.
 */
export class Cancellation implements CancelSignal {
  aborted = false;
  reason: unknown = undefined;
  private acts: Set<() => void> | null = null;

  /** Runs what was added, in that order; what one throws keeps nobody else back. Does nothing the second time. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const act of this.acts ?? []) {
      try {
        act();
      } catch (error) {
        // As Node's does: it is nobody's mistake who cancels.
        process.nextTick(() => {
          throw error;
        });
      }
    }
    this.acts = null;
  }

  addEventListener(_type: 'abort', act: () => void): void {
    if (this.aborted) return;
    this.acts ??= new Set();
    this.acts.add(act);
  }

  removeEventListener(_type: 'abort', act: () => void): void {
    this.acts?.delete(act);
  }
}
