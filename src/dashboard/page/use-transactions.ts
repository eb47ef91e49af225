import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { send } from './graphql-client.ts';
import { type Source, type TransactionFilter, type TransactionRow, transactionsQuery } from './queries.ts';
import { type Feed, type FeedPage, useFeed } from './use-feed.ts';
import { useQuery } from './use-query.ts';

const pageSize = 50;
/** Rows read when looking for new ones. */
const headSize = 20;
const lookSeconds = 5;

/** The list, and the rows that were added since it was opened. */
export interface TransactionList extends Omit<Feed<TransactionRow>, 'prepend'> {
  /** For example `3 new`; null when there is nothing new. */
  readonly newText: string | null;
  /** Adds the new rows at the top. */
  readonly showNew: () => void;
}

/** Reads transactions page by page, and looks for new ones as often as answers may change. */
export function useTransactions(filter: TransactionFilter): TransactionList {
  const readPage = useCallback(
    async (after: string | null, signal: AbortSignal): Promise<FeedPage<TransactionRow>> => {
      const { data, errors } = await send(transactionsQuery, { filter, first: pageSize, after }, { signal });
      const { nodes, ...page } = data.transactions;
      return { ...page, rows: nodes, errors };
    },
    [filter],
  );
  const feed = useFeed(JSON.stringify(filter), readPage);
  const headVariables = useMemo(() => ({ filter, first: headSize, after: null }), [filter]);
  const head = useQuery(transactionsQuery, headVariables, lookSeconds, lookSeconds);
  const top = head.answer?.data.transactions ?? null;

  const added = useMemo(() => newRows(feed, top?.nodes ?? []), [feed.rows, feed.isComplete, top]);
  // With none of the known rows among them, more may lie between.
  const isBeyond = added.length === headSize;
  // A pending row that became final is the same row with another status.
  const rows = useMemo(() => {
    const current = new Map((top?.nodes ?? []).map((row) => [row.id, row]));
    return feed.rows.map((row) => current.get(row.id) ?? row);
  }, [feed.rows, top]);

  const isBack = hasMissing(feed) && top !== null && !hasMissing(top);
  // Nothing can have been scrolled far below the first page.
  const isToRestart = isBack && feed.rows.length <= pageSize;
  useEffect(() => {
    if (isToRestart) feed.restart();
  }, [isToRestart]);

  return {
    ...feed,
    rows,
    problem: feed.problem ?? (feed.rows.length > 0 ? head.problem : null),
    newText: isBeyond ? `More than ${headSize} new` : added.length === 0 ? null : `${added.length} new`,
    showNew: () => (isBeyond ? feed.restart() : feed.prepend(added)),
  };
}

/** The rows of `head` above the first that the feed has. */
function newRows(
  { rows, isComplete }: Feed<TransactionRow>,
  head: readonly TransactionRow[],
): readonly TransactionRow[] {
  if (rows.length === 0 && !isComplete) return [];
  const known = new Set(rows.map(({ id }) => id));
  const end = head.findIndex(({ id }) => known.has(id));
  return end < 0 ? head : head.slice(0, end);
}

function hasMissing({ sources }: { readonly sources: readonly Source[] }): boolean {
  return sources.some(({ state }) => state !== 'OK');
}
