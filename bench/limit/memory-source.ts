import type { Source } from './source.ts';

/** Upstream rows in memory, as parsed JSON; each is read once. */
export function createMemorySource(source: Source): Source {
  const kept = new Map<string, Promise<unknown>>();
  return {
    read(path, account) {
      const key = account === null ? path : account + path;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const reading = source.read(path, account);
      kept.set(key, reading);
      return reading;
    },
  };
}
