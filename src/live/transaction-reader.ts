import type { WantedLedger } from '../data/balance-sources.ts';
import type { TransactionPaginator } from '../data/pagination/index.ts';
import type { PageArguments, SourceOutcome, TransactionSelection } from '../data/pagination/page.ts';
import type { Transaction } from '../domain/model.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { Look } from './look.ts';
import type { ProviderTime } from './provider-time.ts';
import type { ListReader } from './shared-reading.ts';

/** The newest transactions of a list. */
export interface TransactionLook extends Look {
  readonly source: SourceOutcome;
  /** Newest first. */
  readonly rows: readonly Transaction[];
  /** All rows of later seconds are in `rows`. */
  readonly reachedSecond: number;
  /** Up to and including this second no row can be added any more. */
  readonly wholeSecond: number;
}

export interface TransactionReaderParts {
  readonly paginator: TransactionPaginator;
  readonly time: ProviderTime;
  readonly clock: Clock;
}

/** Rows of a look. One less than a call gives: whether the second of the last row goes on must be known. */
export const newestCount = 99;
/** Pages of one look: whoever is further behind reads on for itself. */
const pagesMax = 10;

/** Everything in a ledger of an account. */
export function wholeSelection({ account, ledger }: WantedLedger): TransactionSelection {
  return {
    accounts: [{ ref: account.ref, ledgers: [ledger] }],
    ledgers: [ledger],
    ...{ currencies: null, types: null, statuses: null, referenceIds: null, directions: null },
    ...{ createdFrom: null, createdTo: null },
  };
}

/** Reads the newest transactions of an account in a ledger, back to those that the look before has seen. */
export function createTransactionReader(
  wanted: WantedLedger,
  { paginator, time, clock }: TransactionReaderParts,
): ListReader<TransactionLook> {
  const selection = wholeSelection(wanted);

  /** Pages until one reaches back to `untilSecond`; the first alone where that is null. */
  async function readBack(context: ReadContext, untilSecond: number | null) {
    const rows: Transaction[] = [];
    let cursor: string | null = null;
    for (let pageCount = 1; ; pageCount += 1) {
      const args: PageArguments = {
        ...{ direction: 'forward', size: newestCount, cursor, until: null, wantsTotal: false },
      };
      const page = await paginator.page(selection, args, context);
      const [source] = page.sources;
      rows.push(...page.rows);
      const oldest = page.rows.at(-1);
      const isLast = page.rows.length < newestCount;
      const isFar = untilSecond === null || oldest === undefined || oldest.createdAt.second <= untilSecond;
      if (isLast || isFar || pageCount === pagesMax || source?.failure) {
        return { rows, source, isWhole: isLast, pageCount };
      }
      cursor = page.cursorOf(page.rows.length - 1);
    }
  }

  return {
    async read(context, before, isTold) {
      let askedMs = clock.now();
      const observer = {
        used({ asOfMs }: { readonly asOfMs: number }) {
          askedMs = Math.min(askedMs, asOfMs);
        },
        called() {},
        waited() {},
      };
      const found = await readBack({ ...context, observer }, before?.wholeSecond ?? null);
      const { provider, providerAccountId } = wanted.account.ref;
      const place = { provider, providerAccountId, ledger: wanted.ledger };
      const source: SourceOutcome = found.source ?? { ...place, state: 'OK', failure: null };
      const facts = {
        source,
        state: source.state,
        isTold,
        asOfMs: askedMs,
        callCount: Math.max(found.pageCount, context.meter.calls),
      };
      if (source.state === 'FAILED' || source.state === 'PARTIAL') {
        return { ...(before ?? nothingKnown), ...facts, againAtMs: null };
      }
      const [newest] = found.rows;
      if (newest !== undefined) time.saw(newest.createdAt.second * 1_000, clock.now());
      const wholeSecond = Math.max(
        time.lastSecondOver(askedMs),
        before?.wholeSecond ?? Number.NEGATIVE_INFINITY,
      );
      const isOpen = newest !== undefined && newest.createdAt.second > wholeSecond;
      return {
        ...facts,
        rows: found.rows,
        reachedSecond: found.isWhole
          ? Number.NEGATIVE_INFINITY
          : (found.rows.at(-1)?.createdAt.second ?? Number.NEGATIVE_INFINITY),
        wholeSecond,
        againAtMs: isOpen ? time.overAtMs(newest.createdAt.second) : null,
      };
    },
  };
}

const nothingKnown = {
  rows: [],
  reachedSecond: Number.POSITIVE_INFINITY,
  wholeSecond: Number.NEGATIVE_INFINITY,
};
