/** How many keys are kept, and for how long. */
export interface RecentKeysOptions {
  readonly max: number;
  readonly keptMs: number;
}

/** Keeps keys for a while; drops the oldest one when there is no room. */
export class RecentKeys {
  readonly #untilMs = new Map<string, number>();
  readonly #options: RecentKeysOptions;

  constructor(options: RecentKeysOptions) {
    this.#options = options;
  }

  /** Whether a key is kept. `nowMs` is epoch milliseconds. */
  has(key: string, nowMs: number): boolean {
    return (this.#untilMs.get(key) ?? nowMs) > nowMs;
  }

  /** Adds a key; returns whether it was new. `nowMs` is epoch milliseconds. */
  add(key: string, nowMs: number): boolean {
    const { max, keptMs } = this.#options;
    if (this.has(key, nowMs)) return false;
    this.#untilMs.delete(key);
    this.#untilMs.set(key, nowMs + keptMs);
    if (this.#untilMs.size > max) {
      for (const oldest of this.#untilMs.keys()) {
        this.#untilMs.delete(oldest);
        break;
      }
    }
    return true;
  }
}
