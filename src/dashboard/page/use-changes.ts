import { useEffect, useRef, useState } from 'preact/hooks';

const markedMs = 4_000;

/** Returns, for a few seconds, the keys whose text has changed, so that they can be marked. */
export function useChanges(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const before = useRef<ReadonlyMap<string, string> | null>(null);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const version = JSON.stringify([...texts]);

  useEffect(() => {
    const earlier = before.current;
    before.current = texts;
    if (earlier === null) return;
    const keys = [...texts].filter(([key, text]) => (earlier.get(key) ?? text) !== text).map(([key]) => key);
    if (keys.length === 0) return;
    setChanged(new Set(keys));
    const timer = setTimeout(() => setChanged(new Set()), markedMs);
    return () => clearTimeout(timer);
  }, [version]);
  return changed;
}
