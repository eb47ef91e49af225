import { Failure } from '../../domain/failure.ts';
import type { Account } from '../../domain/model.ts';
import type { PageDirection } from '../pagination/page.ts';
import type { AccountPosition } from './account-position.ts';
import { AccountReader, cannotGoOn, type ListedAccount, movesTooMuch } from './account-reader.ts';
import type { AccountSource } from './account-source.ts';
import { findAccount } from './find-account.ts';

/** A cursor of a list over several providers. */
export interface ListCursor {
  readonly provider: string;
  readonly at: AccountPosition | 'MASTER';
}

/** The accounts requested. */
export interface WantedPage {
  readonly direction: PageDirection;
  readonly size: number;
  /** Null: from the first account in the direction. */
  readonly start: ListCursor | null;
  /** Where the page must stop; null if nowhere. */
  readonly stop: ListCursor | null;
  /** The filter that the gateway itself applies; null if there is none. */
  readonly matches: ((account: Account) => boolean) | null;
}

/** Accounts of a page, in the order in which they were read. */
export interface CollectedAccounts {
  readonly rows: readonly ListedAccount[];
  /** Whether more accounts follow, or may follow, in the direction. */
  readonly hasMore: boolean;
  /** Whether a failure ended the page before it was full. */
  readonly isCut: boolean;
  /** The last account examined. */
  readonly lastSeen: ListedAccount | null;
}

/**
 * Reads accounts source by source until the page is full. A source that fails before its first account is
 * left out, and the next one is read; one that fails later ends the page, so that the next request continues
 * there.
 */
export async function collectAccounts(
  sources: readonly AccountSource[],
  wanted: WantedPage,
): Promise<CollectedAccounts> {
  const { direction, start } = wanted;
  const ordered = direction === 'forward' ? sources : sources.toReversed();
  const first = start === null ? 0 : indexOfSource(ordered, start);
  const bound = wanted.stop === null ? null : await toBound(ordered, wanted.stop, direction);
  const page = new CollectingPage(wanted, bound, bound !== null && bound.sourceIndex < first);
  for (const [sourceIndex, source] of ordered.entries()) {
    if (sourceIndex < first) continue;
    const at = start !== null && sourceIndex === first ? start.at : null;
    const isLast = sourceIndex === ordered.length - 1;
    if (await page.takeFrom(new AccountReader(source, direction, at), source, sourceIndex, isLast))
      return page;
  }
  page.endOfSources(ordered);
  return page;
}

/** Where a page stops. */
interface Bound {
  readonly sourceIndex: number;
  /** Index of the row in its list; -1 is the master account. */
  readonly index: number;
  /** Null is the master account. */
  readonly id: string | null;
  /**
   * Whether the row itself still belongs to the page: the named row was removed, and this one preceded it.
   */
  readonly isIncluded: boolean;
}

/** Rows to read at once if a filter leaves few of them. */
const rowsAheadMin = 100;
const rowsAheadMax = 800;

class CollectingPage implements CollectedAccounts {
  readonly rows: ListedAccount[] = [];
  hasMore = false;
  isCut = false;
  lastSeen: ListedAccount | null = null;
  private readonly wanted: WantedPage;
  private readonly bound: Bound | null;
  private isBoundPassed: boolean;
  /** The rows examined, by source. */
  private readonly scanned = new Map<AccountSource, Set<string>>();
  private scannedCount = 0;

  constructor(wanted: WantedPage, bound: Bound | null, isBoundPassed: boolean) {
    this.wanted = wanted;
    this.bound = bound;
    this.isBoundPassed = isBoundPassed;
  }

  /**
   * Takes the requested accounts of one source. True when the page is complete. Rejects with the cursor
   * codes.
   */
  async takeFrom(reader: AccountReader, source: AccountSource, sourceIndex: number, isLast: boolean) {
    const { matches } = this.wanted;
    if (this.isFull() && matches === null && source.master !== null) return this.end(true);
    const bound = this.bound?.sourceIndex === sourceIndex ? this.bound : null;
    try {
      while (!reader.isDone) {
        const listed = await reader.read(this.need());
        if (bound !== null && reader.hasPassed(bound.index)) this.isBoundPassed = true;
        if (this.isBoundPassed) return this.end(listed.length > 0 || !reader.isDone || !isLast);
        if (this.take(listed, bound)) return true;
        if (this.isFull() && matches === null && !reader.isDone) return this.end(true);
      }
      return false;
    } catch (error) {
      return this.takeAfter(error, reader, source);
    }
  }

  /** The last source was read; one that failed may have more accounts. */
  endOfSources(sources: readonly AccountSource[]): void {
    this.isCut = sources.some(({ failure }) => failure !== null);
    this.hasMore = this.isCut;
  }

  private take(listed: readonly ListedAccount[], bound: Bound | null): boolean {
    for (const row of listed) {
      this.refuseRepeated(row);
      const isBound = bound !== null && bound.id === row.account.ref.providerAccountId;
      if (isBound && !bound.isIncluded) return this.end(true);
      if (this.wanted.matches?.(row.account) !== false) {
        if (this.isFull()) return this.end(true);
        this.rows.push(row);
      }
      this.lastSeen = row;
      this.scannedCount += 1;
      if (isBound) return this.end(true);
    }
    return false;
  }

  /** A row that one page shows twice moved while the page was read, so others may have been skipped. */
  private refuseRepeated({ account, source }: ListedAccount): void {
    const ids = this.scanned.get(source) ?? new Set();
    if (ids.has(account.providerAccountId)) throw movesTooMuch(source);
    this.scanned.set(source, ids.add(account.providerAccountId));
  }

  /**
   * Takes what is known about a failed source: at least its master account, if nothing of its list was read
   * before.
   */
  private takeAfter(error: unknown, reader: AccountReader, source: AccountSource): boolean {
    if (!(error instanceof Failure) || error.code === 'CURSOR_INVALID') throw error;
    const { matches, start } = this.wanted;
    const areCallsUsedUp = error.code === 'CALLS_EXCEEDED' && matches !== null;
    // All that is unknown then is whether another one follows.
    if (areCallsUsedUp && this.isFull()) return this.end(true);
    source.failure = areCallsUsedUp ? filterTooRare(source, error) : error;
    if (reader.hasStarted || start?.provider === source.provider) {
      this.isCut = true;
      return this.end(true);
    }
    return this.take(reader.master(), null);
  }

  private end(hasMore: boolean): true {
    this.hasMore = hasMore;
    return true;
  }

  private isFull(): boolean {
    return this.rows.length === this.wanted.size;
  }

  /** Rows to read next: as many as are missing, or more if only some of them match. */
  private need(): number {
    const missing = Math.max(1, this.wanted.size - this.rows.length);
    if (this.wanted.matches === null || this.scannedCount === 0) return missing;
    const rowsPerMatch = this.scannedCount / (this.rows.length + 0.5);
    return Math.max(rowsAheadMin, Math.min(rowsAheadMax, Math.ceil(missing * rowsPerMatch)));
  }
}

function indexOfSource(sources: readonly AccountSource[], { provider }: ListCursor): number {
  const index = sources.findIndex((source) => source.provider === provider);
  if (index !== -1) return index;
  const found = 'The cursor names an account of a provider that this list does not cover.';
  throw new Failure('CURSOR_INVALID', `${found} Start this list without a cursor.`);
}

async function toBound(
  sources: readonly AccountSource[],
  stop: ListCursor,
  direction: PageDirection,
): Promise<Bound> {
  const sourceIndex = indexOfSource(sources, stop);
  const source = sources[sourceIndex] as AccountSource;
  const master: Bound = { sourceIndex, index: -1, id: null, isIncluded: false };
  if (stop.at === 'MASTER') return master;
  const { index, sliceStart } = stop.at;
  const range = { fromIndex: index, toIndex: index + 1, firstNeeded: 'from', sliceStart } as const;
  const cut = await findAccount(source, stop.at, range);
  if (typeof cut === 'string') throw cannotGoOn(source, cut);
  const { slice, before, after } = cut;
  const isThere = after > before;
  const rowIndex = isThere ? before : before - 1;
  // The row before a removed account is the last one before the bound, in either direction.
  const isIncluded = !isThere && direction === 'forward';
  const row = slice.rows[rowIndex];
  if (row === undefined) return { ...master, isIncluded };
  return { sourceIndex, index: slice.startIndex + rowIndex, id: row.providerAccountId, isIncluded };
}

function filterTooRare({ provider }: AccountSource, { details }: Failure): Failure {
  return new Failure(
    'CALLS_EXCEEDED',
    `${provider} does not filter accounts by status, so its list was read on until the calls of this operation were used up. Continue from "endCursor" ("startCursor" backward), ask for fewer accounts, or leave the filter out.`,
    details,
  );
}
