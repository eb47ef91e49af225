/** A provider's clock is assumed to be this far behind ours, until a row shows that it is less. */
const behindMsMax = 60_000;
/** A row dated further ahead than clocks differ says nothing about the provider's clock. */
const aheadMsMax = 2_000;
/** How long after its second a row may become visible. */
const marginMs = 1_000;

/**
 * A lower bound of a provider's clock, learned from its rows: when a row was read, that clock showed at least the row's time.
 * A second that had passed by then gets no more rows. Our own clock need not agree with the provider's.
 */
export class ProviderTime {
  /** Lower bound of the provider's clock minus ours. */
  #aheadMs = -behindMsMax;

  /** Records a row that the provider dated `createdMs` and that was read at `readAtMs` by our clock. */
  observe(createdMs: number, readAtMs: number): void {
    const aheadMs = createdMs - readAtMs;
    if (aheadMs <= aheadMsMax) this.#aheadMs = Math.max(this.#aheadMs, aheadMs);
  }

  /** The last second that had certainly passed when the provider was asked. */
  lastPastSecond(askedMs: number): number {
    return Math.floor((askedMs + this.#aheadMs - marginMs) / 1_000) - 1;
  }

  /** When a second has certainly passed, by our clock. */
  pastAtMs(second: number): number {
    return (second + 1) * 1_000 - this.#aheadMs + marginMs;
  }
}
