import { useEffect, useRef, useState } from 'preact/hooks';
import { onCredential } from './credential.ts';
import { Problem, subscribe } from './graphql-client.ts';
import { balancesChangedQuery } from './queries.ts';

/** While changes are pushed, a query is repeated only so that the page shows when the data were last read. */
export const liveIntervalMinSeconds = 60;
/** Seconds until the page subscribes again after a stream has ended or was refused, if the gateway gave no time. */
const againSeconds = 15;

/**
 * Calls `onChange` when a balance of the account (null: of the master accounts) has changed, as long as the page is
 * visible. Returns the seconds between the gateway's reads while it pushes changes, and null while it does not.
 */
export function useLive(accountId: string | null, onChange: () => void): number | null {
  const [lookSeconds, setLookSeconds] = useState<number | null>(null);
  const newest = useRef(onChange);
  newest.current = onChange;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stream: AbortController | null = null;

    function end(): void {
      stream?.abort();
      stream = null;
      clearTimeout(timer);
      setLookSeconds(null);
    }

    function begin(): void {
      end();
      // A hidden page keeps no stream open, because browsers allow six connections to a gateway at a time.
      if (document.visibilityState !== 'visible') return;
      const controller = new AbortController();
      stream = controller;
      const afterwards = (seconds: number | null) => {
        if (controller.signal.aborted) return;
        end();
        if (seconds !== null) timer = setTimeout(begin, seconds * 1_000);
      };
      const filter = accountId === null ? null : { accountIds: [accountId] };
      subscribe(
        balancesChangedQuery,
        { filter },
        ({ balancesChanged: { trigger, nextLookSeconds } }) => {
          setLookSeconds(nextLookSeconds);
          if (trigger !== 'START') newest.current();
        },
        controller.signal,
      ).then(
        () => afterwards(againSeconds),
        (error: unknown) => {
          const { code, retryAfterSeconds } = error instanceof Problem ? error : new Problem('INTERNAL', '');
          // The page subscribes again when the viewer sets another key.
          afterwards(code === 'UNAUTHENTICATED' ? null : (retryAfterSeconds ?? againSeconds));
        },
      );
    }

    begin();
    document.addEventListener('visibilitychange', begin);
    addEventListener('online', begin);
    addEventListener('offline', end);
    const offCredential = onCredential(begin);
    return () => {
      end();
      document.removeEventListener('visibilitychange', begin);
      removeEventListener('online', begin);
      removeEventListener('offline', end);
      offCredential();
    };
  }, [accountId]);
  return lookSeconds;
}
