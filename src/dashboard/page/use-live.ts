import { useEffect, useRef, useState } from 'preact/hooks';
import { onCredential } from './credential.ts';
import { Problem, subscribe } from './graphql-client.ts';
import { balancesChangedQuery } from './queries.ts';

/** While changes come by themselves, a query is repeated only so that the page says when the data were last read. */
export const liveIntervalMinSeconds = 60;
/** Until the page subscribes again, where a stream ended or was refused and the gateway named no time. */
const againSeconds = 15;

/**
 * Calls `onChange` when a balance of the account (null: of the master accounts) has changed, for as long as the page is
 * visible. Gives the seconds between looks while the gateway sends changes, and null while it does not.
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
      // A hidden page holds no stream: browsers allow a gateway six connections at a time.
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
          // Another key subscribes anew.
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
