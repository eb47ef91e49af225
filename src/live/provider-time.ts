/** A provider's clock is assumed to be this far behind ours, until a row shows that it is less. */
const behindMsMax = 60_000;
/** A row dated further ahead than clocks differ says nothing about the provider's clock. */
const aheadMsMax = 2_000;
/** How long after its second a row may become visible. */
const marginMs = 1_000;

/** How long a row counts: a clock may be set meanwhile, ours or the provider's. */
const observedMs = 600_000;

/**
 * A lower bound of a provider's clock, learned from its rows: when a row was read, that clock showed at least the row's time.
 * A second that had passed by then gets no more rows. Our own clock need not agree with the provider's.
 */
export class ProviderTime {
  /** Lower bounds of the provider's clock minus ours: of the rows of this period, and of the one before. */
  #aheadMs = { now: -behindMsMax, before: -behindMsMax };
  #periodBeganMs = Number.NEGATIVE_INFINITY;

  /** Records a row that the provider dated `createdMs` and that was read at `readAtMs` by our clock. */
  observe(createdMs: number, readAtMs: number): void {
    this.#startPeriod(readAtMs);
    const aheadMs = createdMs - readAtMs;
    if (aheadMs <= aheadMsMax) this.#aheadMs.now = Math.max(this.#aheadMs.now, aheadMs);
  }

  /** The last second that had certainly passed when the provider was asked. */
  lastPastSecond(askedMs: number): number {
    return Math.floor((askedMs + this.#boundMs() - marginMs) / 1_000) - 1;
  }

  /** When a second has certainly passed, by our clock. */
  pastAtMs(second: number): number {
    return (second + 1) * 1_000 - this.#boundMs() + marginMs;
  }

  #boundMs(): number {
    return Math.max(this.#aheadMs.now, this.#aheadMs.before);
  }

  #startPeriod(nowMs: number): void {
    const ageMs = nowMs - this.#periodBeganMs;
    if (Math.abs(ageMs) < observedMs) return;
    // Two periods later, or after the clock was set back, the last period no longer counts.
    const isNext = ageMs > 0 && ageMs < 2 * observedMs;
    this.#aheadMs = { now: -behindMsMax, before: isNext ? this.#aheadMs.now : -behindMsMax };
    this.#periodBeganMs = nowMs;
  }
}
