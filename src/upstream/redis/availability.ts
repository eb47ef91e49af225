/**
 * What this process knows about the state of Redis. Slow is not gone: a command that got no reply blocks only commands
 * that would wait no longer than it did, and the first quick reply lets all of them through again.
 */
export interface Availability {
  /**
   * Whether to send a command that waits up to `waitMs`. A Redis that refuses writes still gets it: refusals are quick.
   */
  mayTry(waitMs: number): boolean;
  /** A command got no reply within `waitMs`. */
  unanswered(waitMs: number): void;
  /** There has been no connection for longer than commands wait. */
  disconnected(): void;
  /** Redis is connected again. Its speed is not known yet. */
  connected(): void;
  /** Redis refuses commands: it is full, read-only, or wants another password. */
  refused(): void;
  /** Redis replied to a write of this process after `tookMs`. */
  answered(tookMs: number): void;
  /** Whether Redis is connected, accepts commands and replies in time. */
  isUsed(): boolean;
}

/** A command is tried again once a reply took no more than this share of its wait. */
const quickShare = 1 / 2;

/** `timeoutMs` is the shortest wait of a command. */
export function createAvailability(timeoutMs: number): Availability {
  /** The longest wait without a reply since the last quick reply. */
  let unansweredMs = 0;
  let isRefused = false;
  let isConnected = true;
  return {
    mayTry: (waitMs) => waitMs > unansweredMs,
    unanswered(waitMs) {
      unansweredMs = Math.max(unansweredMs, waitMs);
    },
    disconnected() {
      isConnected = false;
    },
    connected() {
      isConnected = true;
      unansweredMs = 0;
    },
    refused() {
      isRefused = true;
    },
    answered(tookMs) {
      isRefused = false;
      isConnected = true;
      const enoughMs = tookMs / quickShare;
      // Commands that wait `enoughMs` or longer may be tried.
      unansweredMs = enoughMs <= timeoutMs ? 0 : Math.min(unansweredMs, enoughMs - 1);
    },
    isUsed: () => isConnected && !isRefused && unansweredMs === 0,
  };
}
