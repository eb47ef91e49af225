import { Failure } from '../../domain/failure.ts';
import type { StreamsReport } from '../../ports/streams-report.ts';
import type { OpenStream } from './send-events.ts';

/** How many subscriptions may be open at the same time. */
export interface StreamLimits {
  readonly streamsMax: number;
  /** For one caller; 0 for no separate limit. */
  readonly streamsPerCallerMax: number;
}

export interface OpenStreamsOptions extends StreamLimits {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The open subscriptions of this process. */
export interface OpenStreams {
  /**
   * Reserves a slot for a caller, and returns the function that frees it. Throws RATE_LIMITED or OVERLOADED when there
   * is none.
   */
  take(callerKey: string): () => void;
  /** Sends a stream's heartbeats, and ends it on time, until it is removed. */
  add(stream: OpenStream): void;
  remove(stream: OpenStream): void;
  countEvent(): void;
  report(): StreamsReport;
  /** Completes all streams, and admits no new ones. Resolves when none is open. */
  completeAll(): Promise<void>;
}

const retryAfterSeconds = 5;
/** How often streams are checked. */
const checkMs = 1_000;

/** Uses one timer for all streams, because most are idle most of the time. */
export function createOpenStreams(options: OpenStreamsOptions): OpenStreams {
  const { streamsMax, streamsPerCallerMax, now } = options;
  const streams = new Set<OpenStream>();
  const counts = new Map<string, number>();
  let taken = 0;
  let eventCount = 0;
  let isDraining = false;
  let onEmpty = () => {};
  let timer: NodeJS.Timeout | null = null;

  function check(): void {
    const nowMs = now();
    for (const stream of streams) stream.check(nowMs);
  }

  function giveBack(callerKey: string): void {
    taken -= 1;
    if (taken === 0) onEmpty();
    const left = (counts.get(callerKey) ?? 1) - 1;
    if (left > 0) counts.set(callerKey, left);
    else counts.delete(callerKey);
  }

  return {
    take(callerKey) {
      const details = { retryable: true, retryAfterSeconds };
      if (isDraining)
        throw new Failure('OVERLOADED', 'The gateway is about to stop. Subscribe again.', details);
      if (taken >= streamsMax) {
        const found = `All ${streamsMax} subscriptions (MAX_SUBSCRIPTIONS) are open.`;
        throw new Failure('OVERLOADED', `${found} Try again later.`, details);
      }
      const ofCaller = counts.get(callerKey) ?? 0;
      if (streamsPerCallerMax > 0 && ofCaller >= streamsPerCallerMax) {
        const found = `You have ${ofCaller} subscriptions open, as many as you may (MAX_SUBSCRIPTIONS_PER_CALLER).`;
        throw new Failure('RATE_LIMITED', `${found} End one first.`, details);
      }
      taken += 1;
      counts.set(callerKey, ofCaller + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        giveBack(callerKey);
      };
    },
    add(stream) {
      streams.add(stream);
      // Admitted before the others were completed.
      if (isDraining) stream.complete();
      timer ??= setInterval(check, checkMs).unref();
    },
    remove(stream) {
      streams.delete(stream);
      if (streams.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    },
    countEvent() {
      eventCount += 1;
    },
    report: () => ({ open: streams.size, events: eventCount }),
    completeAll() {
      isDraining = true;
      for (const stream of streams) stream.complete();
      return new Promise((resolve) => {
        onEmpty = resolve;
        if (taken === 0) resolve();
      });
    },
  };
}
