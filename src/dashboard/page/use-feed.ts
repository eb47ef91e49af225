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
  /** What the rows belong to. */
  readonly key: string;
  readonly after: string | null;
}

function startOf(key: string) {
  return {
    key,
    rows: [],
    totalCount: null,
    sources: [],
    errors: [],
    isLoading: false,
    isComplete: false,
    problem: null,
    after: null,
  } as const;
}

/** Reads pages with `readPage`; starts again when `key` changes. */
export function useFeed<Row extends { readonly id: string }>(
  key: string,
  readPage: (after: string | null, signal: AbortSignal) => Promise<FeedPage<Row>>,
): Feed<Row> {
  const [state, setState] = useState<State<Row>>(startOf(key));
  const current = useRef<{ state: State<Row>; signal: AbortSignal }>({ state, signal: AbortSignal.abort() });
  const [run, setRun] = useState(0);

  const set = (next: State<Row>) => {
    current.current.state = next;
    setState(next);
  };

  const more = useCallback(() => {
    const { state: now, signal } = current.current;
    if (now.isLoading || now.isComplete || now.problem !== null || signal.aborted) return;
    set({ ...now, isLoading: true });
    readPage(now.after, signal).then(
      (page) => {
        if (!signal.aborted) set(joined(current.current.state, page));
      },
      (error: unknown) => {
        if (signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem('INTERNAL', String(error));
        set({ ...current.current.state, isLoading: false, problem });
        const { waitSeconds } = problem;
        if (waitSeconds === null) return;
        const timer = setTimeout(again, waitSeconds * 1_000);
        addEventListener('online', again);
        signal.addEventListener('abort', stopWaiting);
        function stopWaiting() {
          clearTimeout(timer);
          removeEventListener('online', again);
        }
        function again() {
          stopWaiting();
          set({ ...current.current.state, problem: null });
          more();
        }
      },
    );
  }, [key, run]);

  useEffect(() => {
    const controller = new AbortController();
    current.current = { state: startOf(key), signal: controller.signal };
    setState(current.current.state);
    more();
    return () => controller.abort();
  }, [key, run]);

  function prepend(rows: readonly Row[]): void {
    const earlier = current.current.state;
    const { totalCount } = earlier;
    const added = rows.filter(without(earlier.rows));
    set({
      ...earlier,
      rows: [...added, ...earlier.rows],
      totalCount: totalCount === null ? null : totalCount + added.length,
    });
  }

  // Never shows the rows of another list, not even for a frame.
  const shown = state.key === key ? state : startOf(key);
  return { ...shown, more, prepend, restart: () => setRun((count) => count + 1) };
}

/** Tells which rows are not among `rows`. */
function without<Row extends { readonly id: string }>(rows: readonly Row[]): (row: Row) => boolean {
  const known = new Set(rows.map(({ id }) => id));
  return ({ id }) => !known.has(id);
}

function joined<Row extends { readonly id: string }>(earlier: State<Row>, page: FeedPage<Row>): State<Row> {
  return {
    key: earlier.key,
    rows: [...earlier.rows, ...page.rows.filter(without(earlier.rows))],
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
