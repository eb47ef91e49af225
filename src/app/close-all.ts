/** Closes one thing that was opened. */
export type Closer = () => Promise<void> | void;

/** Closes in reverse order, each once, and all of them even if one fails; rejects with the first failure. */
export function createCloseAll(closers: readonly Closer[]): () => Promise<void> {
  let closed: Promise<void> | null = null;
  return () => {
    closed ??= closeInReverse([...closers].reverse());
    return closed;
  };
}

async function closeInReverse(newestFirst: readonly Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of newestFirst) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
