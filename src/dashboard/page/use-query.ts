import { useEffect, useRef, useState } from 'preact/hooks';
import { onCredential } from './credential.ts';
import { type Answer, type Operation, Problem, send } from './graphql-client.ts';

/** What a panel knows of its operation. */
export interface QueryState<Data> {
  /** The newest answer, kept while another is on its way and when that fails. */
  readonly answer: Answer<Data> | null;
  /** Why there is no newer answer; null when there is none such. */
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  /** Asks now; `isFresh` past every cache. */
  readonly refresh: (isFresh?: boolean) => void;
}

const intervalMaxSeconds = 60;
const afterProblemSeconds = 10;

/**
 * Runs an operation and repeats it when its answer is no longer fresh, as `Cache-Control` says, while the page is
 * visible, every `intervalMinSeconds` at most. Null runs it once for each set of variables.
 */
export function useQuery<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  intervalMinSeconds: number | null = 5,
): QueryState<Data> {
  const [state, setState] = useState<Omit<QueryState<Data>, 'refresh'>>(nothingYet);
  const ask = useRef((_isFresh?: boolean) => {});
  const intervalMin = useRef(intervalMinSeconds);
  intervalMin.current = intervalMinSeconds;
  const key = JSON.stringify(variables);

  useEffect(() => {
    setState(nothingYet);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let running: AbortController | null = null;

    function later(seconds: number): void {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // A hidden page costs nothing; it asks again when it is looked at.
        if (document.visibilityState === 'visible') run();
      }, seconds * 1_000);
    }

    function run(isFresh = false): void {
      running?.abort();
      clearTimeout(timer);
      const controller = new AbortController();
      running = controller;
      setState((earlier) => ({ ...earlier, isLoading: true }));
      send(operation, variables, { signal: controller.signal, isFresh }).then(
        (answer) => {
          if (controller.signal.aborted) return;
          setState({ answer, problem: null, isLoading: false });
          if (intervalMin.current !== null) later(intervalSeconds(answer, intervalMin.current));
        },
        (error: unknown) => {
          if (controller.signal.aborted) return;
          const problem =
            error instanceof Problem ? error : new Problem('INTERNAL', 'The page could not read the answer.');
          setState(({ answer }) => ({ answer, problem, isLoading: false }));
          if (problem.code === 'UNAUTHENTICATED' || problem.code === 'BAD_USER_INPUT') return;
          later(problem.retryAfterSeconds ?? afterProblemSeconds);
        },
      );
    }

    const onVisible = () => {
      if (document.visibilityState === 'visible' && intervalMin.current !== null) run();
    };
    const onOnline = () => run();
    ask.current = run;
    run();
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
    // Where it is to be repeated sooner than it was, the answer may be older than that already.
    if (!isFirst.current) ask.current();
    isFirst.current = false;
  }, [intervalMinSeconds]);

  return { ...state, refresh: (isFresh) => ask.current(isFresh) };
}

const nothingYet = { answer: null, problem: null, isLoading: true } as const;

function intervalSeconds({ maxAgeSeconds, errors }: Answer<unknown>, intervalMinSeconds: number): number {
  const waits = errors.map(({ extensions }) => extensions?.retryAfterSeconds ?? 0);
  return Math.min(intervalMaxSeconds, Math.max(intervalMinSeconds, maxAgeSeconds, ...waits));
}
