/**
 * A list that changes can push one page to where the next one is read, but hardly ever twice with exactly the same
 * rows.
 */
const repeatsMax = 1;
/** A provider that filters after paging may return some pages without rows; none is known to return more in a row. */
const emptyPagesMax = 20;

/** Detects a list without an end: its page tokens lead to the same page, or to pages without rows, again and again. */
export class RepeatedPages {
  private lastPage = '';
  private repeats = 0;
  private emptyPages = 0;

  /** What is wrong with a page that is not the last, judged by its row keys; null while the list may still end. */
  problemOf(keys: readonly string[]): string | null {
    const page = JSON.stringify(keys);
    this.emptyPages = keys.length === 0 ? this.emptyPages + 1 : 0;
    this.repeats = keys.length > 0 && page === this.lastPage ? this.repeats + 1 : 0;
    this.lastPage = page;
    if (this.repeats > repeatsMax) return 'gives one page again and again under new page tokens';
    return this.emptyPages > emptyPagesMax ? `gives ${this.emptyPages} pages without rows in a row` : null;
  }
}
