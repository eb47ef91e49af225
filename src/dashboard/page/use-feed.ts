import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type AnswerError, Problem } from './graphql-client.ts';
import type { PageInfo, Source } from './queries.ts';

/** One page of a list, as a feed needs it. */
export interface FeedPage<Row> {
  readonly rows: readonly Row[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
  readonly sources: readonly Source[];
  readonly errors: readonly AnswerError[];
}

/** A list that is read page by page while scrolling. */
export interface Feed<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number | null;
  /** Sources that were not read completely, over all pages. */
  readonly sources: readonly Source[];
  readonly errors: readonly AnswerError[];
  readonly isLoading: boolean;
  readonly isComplete: boolean;
  readonly problem: Problem | null;
  /** Reads the next page, unless it is already being read or there is none. */
  readonly more: () => void;
  /** Adds rows at the top that were read elsewhere. */
  readonly prepend: (rows: readonly Row[]) => void;
  /** Reads everything again. */
  readonly restart: () => void;
}

interface State<Row> extends Omit<Feed<Row>, 'more' | 'prepend' | 'restart'> {
  readonly after: string | null;
}

const start = {
  rows: [],
  totalCount: null,
  sources: [],
  errors: [],
  isLoading: false,
  isComplete: false,
  problem: null,
  after: null,
} as const;

const waitSeconds = 10;

/** Reads pages with `readPage`; starts again when `key` changes. */
export function useFeed<Row extends { readonly id: string }>(
  key: string,
  readPage: (after: string | null, signal: AbortSignal) => Promise<FeedPage<Row> | null>,
): Feed<Row> {
  const [state, setState] = useState<State<Row>>(start);
  const current = useRef<{ state: State<Row>; controller: AbortController }>({
    state: start,
    controller: new AbortController(),
  });
  const [run, setRun] = useState(0);

  const set = (next: State<Row>) => {
    current.current.state = next;
    setState(next);
  };

  const more = useCallback(() => {
    const { state: now, controller } = current.current;
    if (now.isLoading || now.isComplete || now.problem !== null || controller.signal.aborted) return;
    set({ ...now, isLoading: true });
    readPage(now.after, controller.signal).then(
      (page) => {
        if (controller.signal.aborted) return;
        const earlier = current.current.state;
        if (page === null) return set({ ...earlier, isLoading: false, isComplete: true });
        set(joined(earlier, page));
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem('INTERNAL', String(error));
        set({ ...current.current.state, isLoading: false, problem });
        setTimeout(
          () => {
            if (controller.signal.aborted) return;
            set({ ...current.current.state, problem: null });
            more();
          },
          (problem.retryAfterSeconds ?? waitSeconds) * 1_000,
        );
      },
    );
  }, [key, run]);

  useEffect(() => {
    const controller = new AbortController();
    current.current = { state: start, controller };
    setState(start);
    more();
    return () => controller.abort();
  }, [key, run]);

  function prepend(rows: readonly Row[]): void {
    const earlier = current.current.state;
    const known = new Set(earlier.rows.map(({ id }) => id));
    const added = rows.filter(({ id }) => !known.has(id));
    const { totalCount } = earlier;
    set({
      ...earlier,
      rows: [...added, ...earlier.rows],
      totalCount: totalCount === null ? null : totalCount + added.length,
    });
  }

  return { ...state, more, prepend, restart: () => setRun((count) => count + 1) };
}

function joined<Row extends { readonly id: string }>(earlier: State<Row>, page: FeedPage<Row>): State<Row> {
  const known = new Set(earlier.rows.map(({ id }) => id));
  const added = page.rows.filter(({ id }) => !known.has(id));
  return {
    rows: [...earlier.rows, ...added],
    totalCount: page.totalCount ?? earlier.totalCount,
    sources: mergeSources(earlier.sources, page.sources),
    errors: [...earlier.errors, ...page.errors],
    isLoading: false,
    isComplete: !page.pageInfo.hasNextPage,
    problem: null,
    after: page.pageInfo.endCursor,
  };
}

const worst = ['FAILED', 'PARTIAL', 'STALE', 'OK'];

/** Merges the sources of two pages: a source keeps its worst state. */
function mergeSources(earlier: readonly Source[], later: readonly Source[]): readonly Source[] {
  const keyOf = ({ provider, ledger, providerAccountId }: Source) =>
    JSON.stringify([provider, ledger, providerAccountId]);
  const bySource = new Map(earlier.map((source) => [keyOf(source), source]));
  for (const source of later) {
    const known = bySource.get(keyOf(source));
    if (known === undefined || worst.indexOf(source.state) <= worst.indexOf(known.state)) {
      bySource.set(keyOf(source), source);
    }
  }
  return [...bySource.values()];
}
