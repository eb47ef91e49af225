import { useCallback, useMemo } from 'preact/hooks';
import { Problem, send } from './graphql-client.ts';
import { type TransactionFilter, type TransactionRow, transactionsQuery } from './queries.ts';
import { type Feed, type FeedPage, useFeed } from './use-feed.ts';
import { useQuery } from './use-query.ts';

const pageSize = 50;
/** Rows read when looking for new ones. */
const headSize = 20;

/** The list, and the rows that were added since it was opened. */
export interface TransactionList extends Omit<Feed<TransactionRow>, 'restart' | 'prepend'> {
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
      if (data.transactions === null) {
        const [first] = errors;
        throw new Problem(
          first?.extensions?.code ?? 'INTERNAL',
          first?.message ?? 'There are no transactions.',
          first?.extensions?.retryAfterSeconds ?? null,
        );
      }
      const { nodes, ...page } = data.transactions;
      return { ...page, rows: nodes, errors };
    },
    [filter],
  );
  const feed = useFeed(JSON.stringify(filter), readPage);
  const headVariables = useMemo(() => ({ filter, first: headSize, after: null }), [filter]);
  const head = useQuery(transactionsQuery, headVariables).answer?.data.transactions?.nodes;

  const [top] = feed.rows;
  const topIndex = top === undefined ? 0 : (head?.findIndex(({ id }) => id === top.id) ?? 0);
  const isBeyond = top !== undefined && head !== undefined && topIndex < 0;
  const added = head === undefined || top === undefined || topIndex <= 0 ? [] : head.slice(0, topIndex);
  // A pending row that became final is the same row with another status.
  const rows = useMemo(() => {
    const current = new Map((head ?? []).map((row) => [row.id, row]));
    return feed.rows.map((row) => current.get(row.id) ?? row);
  }, [feed.rows, head]);

  return {
    ...feed,
    rows,
    newText: isBeyond ? `More than ${headSize} new` : added.length === 0 ? null : `${added.length} new`,
    showNew: () => (isBeyond ? feed.restart() : feed.prepend(added)),
  };
}
