import { getHeapStatistics } from 'node:v8';

/** Bytes in use, and how many there may be. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly bytesMax: number;
}

/** How much of the memory that the process may use is in use. */
export interface MemoryGuard {
  /** 0 to 1, of whatever is nearest to its end; at most `sampleMs` old. */
  used(): number;
}

/** Both are cheap, and still more than a request should pay for. */
const sampleMs = 100;

/** Watches V8's heap against its limit, and the resident set against that of the container, where there is one. */
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
  // 0, or more than any machine has: no limit.
  const containerBytes = process.constrainedMemory();
  if (containerBytes === 0 || containerBytes > Number.MAX_SAFE_INTEGER) return [heap];
  return [heap, { usedBytes: process.memoryUsage.rss(), bytesMax: containerBytes }];
}
