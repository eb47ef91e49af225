/** A list that moves can push one page to where the next one is read, and hardly ever twice to the row. */
const repeatsMax = 1;
/** A provider that filters behind its pages may give some without rows; nobody is known to give more in a row. */
const emptyPagesMax = 20;

/** Finds out a list that has no end: its page tokens lead to the same page, or to pages without rows, again and again. */
export class RepeatedPages {
  private lastPage = '';
  private repeats = 0;
  private emptyPages = 0;

  /** What is wrong with a page that is not the last, by the keys of its rows; null while the list may still end. */
  problemOf(keys: readonly string[]): string | null {
    const page = JSON.stringify(keys);
    this.emptyPages = keys.length === 0 ? this.emptyPages + 1 : 0;
    this.repeats = keys.length > 0 && page === this.lastPage ? this.repeats + 1 : 0;
    this.lastPage = page;
    if (this.repeats > repeatsMax) return 'gives one page again and again under new page tokens';
    return this.emptyPages > emptyPagesMax ? `gives ${this.emptyPages} pages without rows in a row` : null;
  }
}
