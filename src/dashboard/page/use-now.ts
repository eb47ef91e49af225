import { useEffect, useState } from 'preact/hooks';

/** The time in epoch milliseconds, updated every `everyMs`, for showing ages. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
