/** A list that moves can push one page to where the next one is read, and hardly ever twice to the row. */
const repeatsMax = 1;

/** Finds out a provider that answers every page token with the same page and a new token: its list has no end. */
export class RepeatedPages {
  private lastPage = '';
  private repeats = 0;

  /** Whether a page, by the keys of its rows, repeats the one before it once too often. Empty pages may follow each other. */
  isStuck(keys: readonly string[]): boolean {
    const page = JSON.stringify(keys);
    this.repeats = keys.length > 0 && page === this.lastPage ? this.repeats + 1 : 0;
    this.lastPage = page;
    return this.repeats > repeatsMax;
  }
}
