import { Failure } from '../../domain/failure.ts';
import type { Account } from '../../domain/model.ts';
import { type AccountRange, type AccountSlice, isAtEnd, sharedRows } from '../../ports/account-feed.ts';
import type { PageDirection } from '../pagination/page.ts';
import { type AccountPosition, positionIn } from './account-position.ts';
import type { AccountSource } from './account-source.ts';
import { type Cut, findAccount } from './find-account.ts';

/** An account of a list, and the slice that contained it; the master account is in none. */
export interface ListedAccount {
  readonly account: Account;
  readonly source: AccountSource;
  readonly slice: AccountSlice | null;
  /** Index in the slice. */
  readonly rowIndex: number;
}

/** Where reading a provider's accounts starts: at its master account, at a connected one, or at an end. */
export type AccountStart = AccountPosition | 'MASTER' | null;

/** Attempts to read a list whose length changes each time. */
const attemptsMax = 4;

/** Reads the accounts of one provider from a position on, in one direction. */
export class AccountReader {
  /** Whether no account follows in the direction. */
  isDone = false;
  private readonly source: AccountSource;
  private readonly isForward: boolean;
  private readonly start: AccountStart;
  private slice: AccountSlice | null = null;
  /** Whether any account of the list was read. */
  hasStarted = false;
  private startIndex = 0;

  constructor(source: AccountSource, direction: PageDirection, start: AccountStart) {
    this.source = source;
    this.isForward = direction === 'forward';
    this.start = start;
  }

  /** The next accounts in the direction, about `need` of them. Rejects with a `Failure`. */
  async read(need: number): Promise<readonly ListedAccount[]> {
    if (!this.isForward && this.start === 'MASTER') this.isDone = true;
    if (this.isDone) return [];
    const first = this.isForward && !this.hasStarted && this.start === null ? this.master() : [];
    const cut = await (this.hasStarted ? this.goOn(need) : this.begin(Math.max(1, need - first.length)));
    if (!this.hasStarted)
      this.startIndex = cut.slice.startIndex + (this.isForward ? cut.after : cut.before - 1);
    this.hasStarted = true;
    this.slice = cut.slice;
    this.isDone = this.isForward ? isAtEnd(cut.slice) : cut.slice.startIndex === 0;
    if (this.isDone && cut.slice.failure !== null) this.source.failure = cut.slice.failure;
    const last = this.isDone && !this.isForward ? this.master() : [];
    return [...first, ...this.rowsBeyond(cut), ...last];
  }

  /** Whether reading started beyond the row with this index; -1 is the master account. */
  hasPassed(index: number): boolean {
    if (!this.hasStarted) return this.start === 'MASTER';
    if (this.isForward) return index < (this.start === null ? -1 : this.startIndex);
    return index > this.startIndex;
  }

  /** The master account, which is known even if the list is not. */
  master(): ListedAccount[] {
    const { master } = this.source;
    return master === null ? [] : [{ account: master, source: this.source, slice: null, rowIndex: -1 }];
  }

  private rowsBeyond({ slice, before, after }: Cut): ListedAccount[] {
    const listed = slice.rows
      .map((account, rowIndex) => ({ account, source: this.source, slice, rowIndex }))
      .slice(...(this.isForward ? [after] : [0, before]))
      .filter(({ account }) => account.ref.providerAccountId !== null);
    return this.isForward ? listed : listed.reverse();
  }

  private async begin(need: number): Promise<Cut> {
    const { start, source } = this;
    if (start !== null && start !== 'MASTER') {
      const cut = await findAccount(source, start, this.rangeFrom(start, need));
      if (typeof cut === 'string') throw cannotGoOn(source, cut);
      return cut;
    }
    if (!this.isForward) return this.beginAtEnd(need);
    const { slice } = await source.read(
      { fromIndex: 0, toIndex: need, firstNeeded: 'from', sliceStart: 0 },
      false,
    );
    return { slice, before: 0, after: 0 };
  }

  private async beginAtEnd(need: number): Promise<Cut> {
    const { source } = this;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const toIndex = Math.max(1, source.rowCountKnown ?? 1);
      const fromIndex = Math.max(0, toIndex - need);
      const range: AccountRange = { fromIndex, toIndex, firstNeeded: 'to', sliceStart: null };
      const { slice } = await source.read(range, attempt > 1);
      const isShown = isAtEnd(slice) && slice.startIndex <= Math.max(0, slice.rowCount - 1);
      if (isShown) return { slice, before: slice.rows.length, after: slice.rows.length };
    }
    throw movesTooMuch(source);
  }

  /** The slice after the last one; the two share rows. */
  private async goOn(need: number): Promise<Cut> {
    const { source, isForward } = this;
    let slice = this.slice as AccountSlice;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const position = positionIn(slice, isForward ? slice.rows.length - 1 : 0);
      // A cached slice that ended at this account would only be returned again.
      const cut = await findAccount(source, position, this.rangeFrom(position, need), attempt > 0);
      if (typeof cut === 'string') break;
      const goesOn = isForward ? cut.after < cut.slice.rows.length : cut.before > 0;
      if (goesOn || (isForward ? isAtEnd(cut.slice) : cut.slice.startIndex === 0)) return cut;
      slice = cut.slice;
    }
    throw movesTooMuch(source);
  }

  private rangeFrom({ index, sliceStart, rowCount }: AccountPosition, need: number): AccountRange {
    const isOfNextSlice = this.hasStarted;
    return this.isForward
      ? {
          fromIndex: Math.max(0, index - sharedRows + 1),
          toIndex: Math.max(index + 1, Math.min(rowCount, index + 1 + need)),
          firstNeeded: 'from',
          sliceStart: isOfNextSlice ? null : sliceStart,
        }
      : {
          fromIndex: Math.max(0, index - need),
          toIndex: index + sharedRows,
          firstNeeded: 'to',
          sliceStart: isOfNextSlice ? null : sliceStart,
        };
  }
}

/** CURSOR_INVALID with the reason. */
export function cannotGoOn({ provider }: AccountSource, found: 'NOWHERE' | 'REORDERED'): Failure {
  const reason =
    found === 'NOWHERE'
      ? `The account that the cursor names is no longer on ${provider}'s list, and neither are those that were before it`
      : `${provider} lists its accounts in another order than when the cursor was made`;
  const remedy = 'so it is unknown which accounts were sent already. Start this list without a cursor.';
  return new Failure('CURSOR_INVALID', `${reason}, ${remedy}`, { provider });
}

/** UPSTREAM_UNAVAILABLE: a list that moves while it is read cannot be put in one order. */
export function movesTooMuch({ provider }: AccountSource): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `${provider}'s list of accounts changed too much while it was read. Try again.`,
    { provider, retryable: true },
  );
}
