/**
 * What this process knows of Redis. Slow is not gone: a wait in vain stops only commands that would wait no longer, and
 * the first quick reply lets all of them through again.
 */
export interface Availability {
  /** Whether a command that waits up to `waitMs` is sent at all. Refusals come quickly: a full Redis still answers reads. */
  mayTry(waitMs: number): boolean;
  /** A command got no reply in `waitMs`. */
  unanswered(waitMs: number): void;
  /** There has been no connection for longer than commands wait. */
  disconnected(): void;
  /** Redis is connected again. Nothing is known of its speed. */
  connected(): void;
  /** Redis refuses commands: it is full, read-only, or wants another password. */
  refused(): void;
  /** A write of this process was answered after `tookMs`. */
  answered(tookMs: number): void;
  /** Whether every command may be tried. */
  isUsed(): boolean;
}

/** A command is tried again once a reply took no more than this part of its wait. */
const quickShare = 1 / 2;

/** `timeoutMs` is the shortest wait of a command. */
export function createAvailability(timeoutMs: number): Availability {
  /** Longest wait that was in vain since the last quick reply. */
  let vainMs = 0;
  let isRefused = false;
  let isConnected = true;
  return {
    mayTry: (waitMs) => waitMs > vainMs,
    unanswered(waitMs) {
      vainMs = Math.max(vainMs, waitMs);
    },
    disconnected() {
      isConnected = false;
    },
    connected() {
      isConnected = true;
      vainMs = 0;
    },
    refused() {
      isRefused = true;
    },
    answered(tookMs) {
      isRefused = false;
      isConnected = true;
      const enoughMs = tookMs / quickShare;
      // Commands that wait `enoughMs` or longer may be tried.
      vainMs = enoughMs <= timeoutMs ? 0 : Math.min(vainMs, enoughMs - 1);
    },
    isUsed: () => isConnected && !isRefused && vainMs === 0,
  };
}
