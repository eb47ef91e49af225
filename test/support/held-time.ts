/** CPU milliseconds of this thread: other processes do not count, nor does what the test waits for. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const text = JSON.stringify(
  Array.from({ length: 1_000 }, (_, index) => ({ id: `row-${index}`, amount: index / 7, tags: ['a', 'b'] })),
);
const rounds = 100;

/** What takes 100 ms on the machine that the bounds were chosen on, here and now: the median of three runs. */
export function hundredMs(): number {
  const runs = [1, 2, 3].map(() => {
    const startMs = threadCpuMs();
    let length = 0;
    for (let round = 0; round < rounds; round += 1) length += JSON.stringify(JSON.parse(text)).length;
    if (length !== rounds * text.length) throw new Error('JSON is not what it was.');
    return threadCpuMs() - startMs;
  });
  return runs.sort((a, b) => a - b)[1] as number;
}

/** Does `act`, and gives the CPU milliseconds of the longest turn of the event loop meanwhile, and of all together. */
export async function turnsOf(act: () => Promise<unknown>): Promise<{ longestMs: number; allMs: number }> {
  const startMs = threadCpuMs();
  let turnStartMs = startMs;
  let longestMs = 0;
  // After a turn of more than a millisecond it is always due.
  const watch = setInterval(() => {
    const nowMs = threadCpuMs();
    longestMs = Math.max(longestMs, nowMs - turnStartMs);
    turnStartMs = nowMs;
  }, 1);
  await act();
  clearInterval(watch);
  return { longestMs, allMs: threadCpuMs() - startMs };
}
