import { setImmediate as nextTick } from 'node:timers/promises';
import { Cancellation } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadContext } from '../ports/upstream.ts';

export interface StaleFallbackOptions {
  readonly clock: Clock;
  /** How long a caller waits before the first check of `isInTrouble`, and between checks. */
  readonly afterMs: number;
  /** Whether the caller should not wait longer. */
  readonly isInTrouble: () => boolean;
}

/** Never settles. */
const pending = new Promise<never>(() => {});

/**
 * Waits for a read on behalf of a caller who has an earlier one to fall back on: resolves with its result, or with null
 * when it takes long and there is trouble. The read then continues until the caller's deadline, for later callers.
 */
export async function untilTrouble<T>(
  start: (context: ReadContext) => Promise<T>,
  context: ReadContext,
  { clock, afterMs, isInTrouble }: StaleFallbackOptions,
): Promise<{ readonly value: T } | null> {
  if (context.signal.aborted) return { value: await start(context) };
  const cancellation = new Cancellation();
  const onAbort = () => cancellation.abort(context.signal.reason);
  context.signal.addEventListener('abort', onAbort);
  const reading = start({ ...context, signal: cancellation });
  const ended = new Cancellation();
  const end = () => ended.abort(undefined);
  reading.then(end, end);

  /** Never settles if the read ends first. */
  async function trouble(): Promise<null> {
    for (;;) {
      await clock.sleep(afterMs, ended).catch(() => pending);
      // If this process itself was busy, it first reads the replies that arrived meanwhile.
      await nextTick();
      if (isInTrouble()) return null;
    }
  }
  try {
    const found = await Promise.race([reading.then((value) => ({ value })), trouble()]);
    if (found === null) void cancelAtDeadline(cancellation, ended, context, clock);
    return found;
  } finally {
    context.signal.removeEventListener('abort', onAbort);
  }
}

async function cancelAtDeadline(
  reading: Cancellation,
  ended: Cancellation,
  { deadlineMs }: ReadContext,
  clock: Clock,
): Promise<void> {
  if (deadlineMs === undefined) return;
  await clock.sleep(Math.max(0, deadlineMs - clock.now()), ended).catch(() => {});
  reading.abort(new Failure('UPSTREAM_TIMEOUT', 'The provider did not answer in time.', { retryable: true }));
}
