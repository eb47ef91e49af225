import { useEffect, useRef, useState } from 'preact/hooks';
import { onCredential } from './credential.ts';
import { type Answer, type Operation, Problem, send } from './graphql-client.ts';

/** The state of a panel's operation. */
export interface QueryState<Data> {
  /** The latest answer, kept while the next one loads and when that fails. */
  readonly answer: Answer<Data> | null;
  /** Why there is no newer answer; null when nothing failed. */
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  /** Sends the operation now; `isFresh` bypasses every cache. */
  readonly refresh: (isFresh?: boolean) => void;
}

const intervalMaxSeconds = 60;

/**
 * Runs an operation and, while the page is visible, repeats it when `Cache-Control` says that its answer is no longer
 * fresh, but not more often than every `intervalMinSeconds`. Null runs it once for each set of variables.
 * Begins after `delaySeconds`.
 */
export function useQuery<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  intervalMinSeconds: number | null = 5,
  delaySeconds = 0,
): QueryState<Data> {
  const key = JSON.stringify(variables);
  const [{ stateKey, state }, setState] = useState({ stateKey: key, state: nothingYet as State<Data> });
  const ask = useRef((_isFresh?: boolean) => {});
  const intervalMin = useRef(intervalMinSeconds);
  intervalMin.current = intervalMinSeconds;

  useEffect(() => {
    let current: State<Data> = nothingYet;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running: AbortController | null = null;

    function set(next: State<Data>): void {
      current = next;
      setState({ stateKey: key, state: next });
    }

    function later(seconds: number): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // A hidden page sends nothing; it sends again when it becomes visible.
        if (document.visibilityState === 'visible') run();
      }, seconds * 1_000);
    }

    function run(isFresh = false): void {
      running?.abort();
      clearTimeout(timer);
      const controller = new AbortController();
      running = controller;
      set({ ...current, isLoading: true });
      send(operation, variables, { signal: controller.signal, isFresh }).then(
        (answer) => {
          if (controller.signal.aborted) return;
          set({ answer, problem: null, isLoading: false });
          if (intervalMin.current !== null) later(intervalSeconds(answer, intervalMin.current));
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          const problem =
            error instanceof Problem ? error : new Problem('INTERNAL', 'The page could not read the answer.');
          set({ ...current, problem, isLoading: false });
          if (problem.waitSeconds !== null) later(problem.waitSeconds);
        },
      );
    }

    const onVisible = () => {
      const isDue = intervalMin.current !== null || current.problem !== null;
      if (document.visibilityState === 'visible' && isDue) run();
    };
    const onOnline = () => run();
    ask.current = run;
    if (delaySeconds === 0) run();
    else later(delaySeconds);
    document.addEventListener('visibilitychange', onVisible);
    addEventListener('online', onOnline);
    const offCredential = onCredential(onOnline);
    return () => {
      running?.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
      removeEventListener('online', onOnline);
      offCredential();
    };
  }, [operation, key]);

  const isFirst = useRef(true);
  useEffect(() => {
    // When the interval has become shorter, the current answer may already be too old.
    if (!isFirst.current) ask.current();
    isFirst.current = false;
  }, [intervalMinSeconds]);

  // Never shows the answer to other variables, not even for a frame.
  return { ...(stateKey === key ? state : nothingYet), refresh: (isFresh) => ask.current(isFresh) };
}

type State<Data> = Omit<QueryState<Data>, 'refresh'>;

const nothingYet = { answer: null, problem: null, isLoading: true } as const;

function intervalSeconds({ maxAgeSeconds, errors }: Answer<unknown>, intervalMinSeconds: number): number {
  const waits = errors.map(({ extensions }) => extensions?.retryAfterSeconds ?? 0);
  return Math.min(intervalMaxSeconds, Math.max(intervalMinSeconds, maxAgeSeconds, ...waits));
}
