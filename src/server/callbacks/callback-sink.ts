import type { EventSink } from '../../ports/event-stream.ts';
import type { CallbackMessage, Problem } from './messages.ts';

export interface CallbackSinkOptions {
  readonly post: (message: CallbackMessage) => Promise<Problem>;
  /** Longest time between two `check` messages; 0 for none. */
  readonly heartbeatIntervalMs: number;
  /** Called with the problem when the router did not take a message. */
  readonly onProblem: (problem: string) => void;
}

/** The router must hear of us within the interval, so a message may take a fifth of it. */
const heartbeatShare = 0.8;

/** Sends events as `next` messages, one at a time. A message that the router does not take ends the subscription. */
export function createCallbackSink({ post, heartbeatIntervalMs, onProblem }: CallbackSinkOptions): EventSink {
  let queue: Promise<void> = Promise.resolve();
  let isGone = false;
  let onGone = () => {};
  let heartbeats: NodeJS.Timeout | undefined;
  let isCheckQueued = false;

  async function postUnlessGone(message: CallbackMessage): Promise<void> {
    if (isGone) return;
    const problem = await post(message);
    if (problem === null) return;
    isGone = true;
    clearInterval(heartbeats);
    onProblem(problem);
    onGone();
  }

  function enqueue(message: CallbackMessage): Promise<void> {
    queue = queue.then(() => postUnlessGone(message));
    return queue;
  }

  async function check(): Promise<void> {
    if (isCheckQueued) return;
    isCheckQueued = true;
    await enqueue({ action: 'check' });
    isCheckQueued = false;
  }

  return {
    async start(whenGone) {
      onGone = whenGone;
      if (heartbeatIntervalMs === 0) return;
      heartbeats = setInterval(() => void check(), heartbeatIntervalMs * heartbeatShare).unref();
    },
    send: (event) => enqueue({ action: 'next', rest: `,"payload":${event}` }),
    end(errors) {
      clearInterval(heartbeats);
      return enqueue({ action: 'complete', ...(errors === null ? {} : { rest: `,"errors":${errors}` }) });
    },
  };
}
