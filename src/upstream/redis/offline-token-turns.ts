import { Failure, wholeSeconds } from '../../domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * When a replica without Redis may request a token. At UQPAY each new token ends the one before it, so replicas that
 * cannot coordinate take turns: not all at the same moment, and none again before its cached reads are too old to be
 * served.
 */
export interface OfflineTokenTurns {
  /**
   * Whether a token may be requested now. Returns false after part of the wait, so that the caller can try Redis again.
   * Rejects with UPSTREAM_AUTH (`tokenMissing`) if callers would wait too long. `hadToken`: this process has already
   * read with a token.
   */
  isItsTurn(credential: string, hadToken: boolean): Promise<boolean>;
  /** This replica has received a new token of its own. */
  issued(credential: string): void;
  /** The provider has accepted a call with that token. */
  served(credential: string): void;
  /** Redis is available again. */
  end(): void;
}

export interface OfflineTokenTurnsOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** How long an earlier read may be served while there is no token. */
  readonly staleMaxAgeMs: number;
}

/** A first token is requested at a random moment in this time; it is short, because callers wait. */
const firstSpreadMs = 4_000;
/** A token that ended sooner than this, or served no call, may not have served the reads that waited for it. */
const briefMs = 500;
/** Shortest time between two token requests of a replica, unless the first token ended at once or unused. */
const holdMsMin = 10_000;

/** Longest wait for a turn; a caller who would wait longer gets an error at once. */
const waitMsMax = 5_000;
const pollMs = 250;

interface Turn {
  /** When the next token may be requested; null until one is needed. */
  dueMs: number | null;
  issuedAtMs: number | null;
  hasServed: boolean;
  isSecond: boolean;
}

export function createOfflineTokenTurns({
  clock,
  random,
  staleMaxAgeMs,
}: OfflineTokenTurnsOptions): OfflineTokenTurns {
  /** By credential; bounded by the number of configured credentials. */
  const turns = new Map<string, Turn>();
  const holdMs = Math.max(holdMsMin, staleMaxAgeMs);

  function nextDueMs(turn: Turn, hadToken: boolean): number {
    const nowMs = clock.now();
    if (turn.issuedAtMs === null) return nowMs + random() * (hadToken ? holdMs / 2 : firstSpreadMs);
    const dueMs = Math.max(nowMs, turn.issuedAtMs + holdMs);
    const hasServed = turn.hasServed && nowMs - turn.issuedAtMs >= briefMs;
    if (hasServed || turn.isSecond) return dueMs;
    turn.isSecond = true;
    return Math.min(dueMs, nowMs + (1 + random()) * (firstSpreadMs / 2));
  }

  return {
    async isItsTurn(credential, hadToken) {
      const turn = turns.get(credential) ?? {
        dueMs: null,
        issuedAtMs: null,
        hasServed: false,
        isSecond: false,
      };
      turns.set(credential, turn);
      turn.dueMs ??= nextDueMs(turn, hadToken);
      const waitMs = turn.dueMs - clock.now();
      if (waitMs > waitMsMax) throw tokenMissing(waitMs);
      if (waitMs > 0) await clock.sleep(Math.min(waitMs, pollMs));
      return waitMs <= 0;
    },
    issued(credential) {
      const isSecond = turns.get(credential)?.isSecond ?? false;
      turns.set(credential, { dueMs: null, issuedAtMs: clock.now(), hasServed: false, isSecond });
    },
    served(credential) {
      const turn = turns.get(credential);
      if (turn !== undefined) turn.hasServed = true;
    },
    end() {
      turns.clear();
    },
  };
}

function tokenMissing(waitMs: number): Failure {
  return new Failure(
    'UPSTREAM_AUTH',
    'The access token is no longer valid, and without Redis replicas request new ones in turn. Try again later; check Redis.',
    {
      ...{ retryable: true, retriesSpent: true, tokenMissing: 'BEFORE_CALL' },
      retryAfterSeconds: wholeSeconds(waitMs),
    },
  );
}
