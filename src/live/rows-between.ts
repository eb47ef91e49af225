import type { WantedLedger } from '../data/balances/balance-sources.ts';
import type { TransactionStreams } from '../data/pagination/index.ts';
import type { TransactionSelection } from '../data/pagination/page.ts';
import { compareInstants, type Instant } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { ReadContext } from '../ports/upstream.ts';
import { type TransactionSnapshot, wholeSelection } from './transaction-reader.ts';

/** Opens reads for one watch, with the limits of an operation; call `end` when they are done. */
export type OpenRead = () => { readonly read: ReadContext; end(): void };

/** Rows of a part of a list. */
export interface RowsBetween {
  readonly rows: readonly Transaction[];
  /** Whether there are more rows than one watch may read. */
  readonly isTruncated: boolean;
}

export interface RowsBetweenParts {
  readonly selection: TransactionSelection;
  readonly streams: TransactionStreams;
  readonly openRead: OpenRead;
}

/** Most rows that are read for one watch. */
const rowsMax = 10_000;
const endNano = 999_999_999;

/**
 * The rows of a list after one instant, up to and including another: from the snapshot if it reaches back that far, else read
 * for this watch. Null if they cannot be read now.
 */
export async function rowsBetween(
  wanted: WantedLedger | undefined,
  snapshot: TransactionSnapshot,
  { after, until }: { readonly after: Instant; readonly until: Instant },
  isWanted: ((row: Transaction) => boolean) | undefined,
  parts: RowsBetweenParts,
): Promise<RowsBetween | null> {
  if (wanted === undefined || isWanted === undefined) return { rows: [], isTruncated: false };
  const isBetween = ({ createdAt }: Transaction) =>
    compareInstants(createdAt, after) > 0 && compareInstants(createdAt, until) <= 0;
  const firstSecond = after.nano === endNano ? after.second + 1 : after.second;
  if (firstSecond > snapshot.reachedSecond) {
    return { rows: snapshot.rows.filter((row) => isBetween(row) && isWanted(row)), isTruncated: false };
  }
  // The position does not pass a list that cannot be read: its rows are sent once it can be.
  if (snapshot.source.state === 'FAILED' && snapshot.rows.length === 0)
    return { rows: [], isTruncated: false };
  const { selection, streams, openRead } = parts;
  const { read, end } = openRead();
  try {
    const stream = await streams.stream(
      {
        ...selection,
        accounts: wholeSelection(wanted).accounts,
        ledgers: [wanted.ledger],
        createdFrom: { second: firstSecond, nano: after.nano === endNano ? 0 : after.nano },
        createdTo: { second: until.second + 1, nano: 0 },
      },
      null,
      read,
    );
    const rows: Transaction[] = [];
    for (;;) {
      const more = await stream.next(100);
      if (more.length === 0) break;
      rows.push(...more.filter((row) => isBetween(row) && isWanted(row)));
      if (rows.length > rowsMax) return { rows: [], isTruncated: true };
    }
    const { failure } = stream;
    if (failure === null) return { rows, isTruncated: false };
    return failure.code === 'CALLS_EXCEEDED' ? { rows: [], isTruncated: true } : null;
  } finally {
    end();
  }
}
