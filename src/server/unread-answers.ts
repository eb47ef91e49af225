import type { ServerResponse } from 'node:http';

/** Ends connections whose caller does not read the answer. */
export interface UnreadAnswers {
  /** Looks after a response from now on until it is closed. */
  watch(response: ServerResponse): void;
  stop(): void;
}

/**
 * An answer that has not left `answerTimeoutMs` after it was made ends its connection. Looked at every `checkMs`: a timer
 * for each answer would cost more than most answers need it.
 */
export function createUnreadAnswers(answerTimeoutMs: number, checkMs: number): UnreadAnswers {
  /** When an answer was first seen waiting to leave; null: it is not made yet. */
  const open = new Map<ServerResponse, number | null>();

  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const [response, sinceMs] of open) {
      if (!response.writableEnded) continue;
      if (sinceMs === null) open.set(response, nowMs);
      else if (nowMs - sinceMs >= answerTimeoutMs) response.destroy();
    }
  }, checkMs);
  timer.unref();

  return {
    watch(response) {
      open.set(response, null);
      response.once('close', () => open.delete(response));
    },
    stop: () => clearInterval(timer),
  };
}
