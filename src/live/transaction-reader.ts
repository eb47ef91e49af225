import type { WantedLedger } from '../data/balances/balance-sources.ts';
import type { TransactionPaginator } from '../data/pagination/index.ts';
import {
  pageFrom,
  type SourceOutcome,
  type TransactionPage,
  type TransactionSelection,
} from '../data/pagination/page.ts';
import { msOfInstant } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { ListReader } from './polled-list.ts';
import type { ProviderTime } from './provider-time.ts';
import { isNotFound, type Snapshot } from './snapshot.ts';

/** The newest transactions of a list. */
export interface TransactionSnapshot extends Snapshot {
  readonly source: SourceOutcome;
  /** Newest first. */
  readonly rows: readonly Transaction[];
  /** `rows` has all rows of later seconds. */
  readonly reachedSecond: number;
  /** No row of this second, or of an earlier one, can be added any more. */
  readonly closedSecond: number;
}

export interface TransactionReaderParts {
  readonly paginator: TransactionPaginator;
  readonly time: ProviderTime;
  readonly clock: Clock;
}

/** Rows per page. One less than a call returns, because it must be known whether the last row's second has more rows. */
export const pageRowsMax = 99;
/** Most pages of one poll; a watch that needs older rows reads them itself. */
const pagesMax = 10;

/** Selects all transactions of a ledger of an account. */
export function wholeSelection({ account, ledger }: WantedLedger): TransactionSelection {
  return {
    accounts: [{ ref: account.ref, ledgers: [ledger] }],
    ledgers: [ledger],
    ...{ currencies: null, types: null, statuses: null, referenceIds: null, directions: null },
    ...{ createdFrom: null, createdTo: null },
  };
}

/** Reads the newest transactions of an account in a ledger, back to those of the snapshot before. */
export function createTransactionReader(
  wanted: WantedLedger,
  { paginator, time, clock }: TransactionReaderParts,
): ListReader<TransactionSnapshot> {
  const selection = wholeSelection(wanted);

  /** Reads pages until one reaches back to `untilSecond`; only the first if that is null. */
  async function readBack(context: ReadContext, untilSecond: number | null) {
    const rows: Transaction[] = [];
    let cursor: string | null = null;
    for (let pageCount = 1; ; pageCount += 1) {
      const page: TransactionPage = await paginator.page(selection, pageFrom(cursor, pageRowsMax), context);
      const [source] = page.sources;
      rows.push(...page.rows);
      const oldest = page.rows.at(-1);
      const isLast = page.rows.length < pageRowsMax;
      const isFar = untilSecond === null || oldest === undefined || oldest.createdAt.second <= untilSecond;
      if (isLast || isFar || pageCount === pagesMax || source?.failure) {
        return { rows, source, isWhole: isLast, pageCount };
      }
      cursor = page.cursorOf(page.rows.length - 1);
    }
  }

  return {
    async read(context, before, isNotified) {
      let askedMs = clock.now();
      const observer = {
        used({ asOfMs }: { readonly asOfMs: number }) {
          askedMs = Math.min(askedMs, asOfMs);
        },
        called() {},
        waited() {},
      };
      const found = await readBack({ ...context, observer }, before?.closedSecond ?? null);
      const { provider, providerAccountId } = wanted.account.ref;
      const place = { provider, providerAccountId, ledger: wanted.ledger };
      const source: SourceOutcome = found.source ?? { ...place, state: 'OK', failure: null };
      const facts = {
        source,
        state: source.state,
        isMissing: isNotFound(source),
        // This poll completes a second that a webhook's poll saw only in part.
        isNotified: isNotified || (before?.isNotified === true && before.nextPollAtMs !== null),
        asOfMs: askedMs,
        callCount: Math.max(found.pageCount, context.meter.calls),
      };
      if (source.state === 'FAILED' || source.state === 'PARTIAL') {
        return { ...(before ?? noRows), ...facts, nextPollAtMs: null };
      }
      const [newest] = found.rows;
      if (newest !== undefined) time.observe(msOfInstant(newest.createdAt), clock.now());
      const closedSecond = Math.max(
        time.lastPastSecond(askedMs),
        before?.closedSecond ?? Number.NEGATIVE_INFINITY,
      );
      const isOpen = newest !== undefined && newest.createdAt.second > closedSecond;
      return {
        ...facts,
        rows: found.rows,
        reachedSecond: found.isWhole
          ? Number.NEGATIVE_INFINITY
          : (found.rows.at(-1)?.createdAt.second ?? Number.NEGATIVE_INFINITY),
        closedSecond,
        nextPollAtMs: isOpen ? time.pastAtMs(newest.createdAt.second) : null,
      };
    },
  };
}

const noRows = {
  rows: [],
  reachedSecond: Number.POSITIVE_INFINITY,
  closedSecond: Number.NEGATIVE_INFINITY,
};
