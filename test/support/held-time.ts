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
