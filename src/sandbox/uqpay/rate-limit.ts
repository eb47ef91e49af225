/** Calls per calendar minute of the sandbox's clock (reference section 2.4). */
export class MinuteLimiter {
  #limit: number | null;
  #minute = Number.NaN;
  #count = 0;

  constructor(limitPerMinute: number | null) {
    this.#limit = limitPerMinute;
  }

  /** Sets a new limit; calls counted in this minute stay counted. */
  setLimit(limitPerMinute: number | null): void {
    this.#limit = limitPerMinute;
  }

  /** Counts one call. Returns null if it may pass, else the seconds until the next minute. */
  take(nowMs: number): number | null {
    const minute = Math.floor(nowMs / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#limit === null || this.#count <= this.#limit) return null;
    return Math.max(1, Math.ceil(((minute + 1) * 60_000 - nowMs) / 1000));
  }
}
