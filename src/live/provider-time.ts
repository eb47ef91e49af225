/** A provider's clock is taken to be this much behind ours at most, until a row shows that it is less. */
const behindMsMax = 60_000;
/** A row that is dated further ahead than clocks differ says nothing about the time. */
const aheadMsMax = 2_000;
/** How long after its second a row may become visible. */
const marginMs = 1_000;

/**
 * What rows show of a provider's clock. One that is dated then has been there since then, so that the clock was at least as
 * far when the row was seen: a second that was over by that reckoning gets no more rows. Our own clock need not agree.
 */
export class ProviderTime {
  /** The provider's clock less ours, at least. */
  #aheadMs = -behindMsMax;

  /** A row dated `createdMs` by the provider was there at `seenMs` of our clock. */
  saw(createdMs: number, seenMs: number): void {
    const aheadMs = createdMs - seenMs;
    if (aheadMs <= aheadMsMax) this.#aheadMs = Math.max(this.#aheadMs, aheadMs);
  }

  /** The last second that was over when the provider was asked. */
  lastSecondOver(askedMs: number): number {
    return Math.floor((askedMs + this.#aheadMs - marginMs) / 1_000) - 1;
  }

  /** When a second is over for certain, by our clock. */
  overAtMs(second: number): number {
    return (second + 1) * 1_000 - this.#aheadMs + marginMs;
  }
}
