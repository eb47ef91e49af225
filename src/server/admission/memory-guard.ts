import { getHeapStatistics } from 'node:v8';

/** Bytes in use, and their limit. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly bytesMax: number;
}

/** Measures how much of the process's memory limit is in use. */
export interface MemoryGuard {
  /** From 0 to 1, for the memory nearest to its limit; at most `sampleMs` old. */
  used(): number;
}

/** Both measurements are cheap, but too expensive for every request. */
const sampleMs = 100;

/** Compares V8's heap with its limit, and the resident set with the container's limit, if there is one. */
export function createMemoryGuard(
  nowMs: () => number = () => performance.now(),
  sample: () => readonly MemoryUse[] = sampleProcess,
): MemoryGuard {
  let share = 0;
  let sampledAtMs = Number.NEGATIVE_INFINITY;
  return {
    used() {
      const now = nowMs();
      if (now - sampledAtMs >= sampleMs) {
        sampledAtMs = now;
        share = Math.max(...sample().map(({ usedBytes, bytesMax }) => usedBytes / bytesMax));
      }
      return share;
    },
  };
}

function sampleProcess(): MemoryUse[] {
  const { used_heap_size: usedBytes, heap_size_limit: bytesMax } = getHeapStatistics();
  const heap = { usedBytes, bytesMax };
  // 0 or an impossibly large value means that there is no limit.
  const containerBytes = process.constrainedMemory();
  if (containerBytes === 0 || containerBytes > Number.MAX_SAFE_INTEGER) return [heap];
  return [heap, { usedBytes: process.memoryUsage.rss(), bytesMax: containerBytes }];
}
