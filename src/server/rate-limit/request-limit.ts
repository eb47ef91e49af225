import { LRUCache } from 'lru-cache';
import type { Caller } from '../../domain/caller.ts';
import { Failure, wholeSeconds } from '../../domain/failure.ts';
import type { RequestOrigin } from '../../domain/ip-address.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RequestCounter } from '../../ports/request-counter.ts';
import type { CallerKey } from './caller-key.ts';
import { countedKeysMax } from './memory-counter.ts';

/** The log for callers who exceed their limit, each once a minute; a pino logger fits. */
export interface RateLog {
  warn(details: object, message: string): void;
}

export interface RequestRateOptions {
  readonly counter: RequestCounter;
  /** Requests that a caller without a limit of its own may send in a minute; 0 for no limit. */
  readonly perMinute: number;
  readonly callerKey: CallerKey;
  readonly clock: Clock;
  readonly log: RateLog;
}

/** Admits a request, or throws `Failure` RATE_LIMITED with the seconds until another one may succeed. */
export type AdmitRequest = (caller: Caller, origin: RequestOrigin) => Promise<void>;

/** Bounds how often one caller may send requests. A refused caller is not counted again until the minute is over. */
export function createRequestRate(options: RequestRateOptions): AdmitRequest {
  const { counter, callerKey, clock, log } = options;
  const refusedUntilMs = new LRUCache<string, number>({ max: countedKeysMax });
  return async (caller, origin) => {
    const { client } = origin;
    const perMinute = caller.requestsPerMinute ?? options.perMinute;
    if (perMinute === 0) return;
    const key = callerKey(caller, origin);
    const waitMs = () => (refusedUntilMs.get(key) ?? 0) - clock.now();
    if (waitMs() > 0) throw tooOften(perMinute, waitMs());
    const { count, endsInMs } = await counter.count(key);
    if (count <= perMinute) return;
    // Of many requests counted at the same time, one log line is enough.
    if (waitMs() <= 0) {
      log.warn({ subject: caller.subject, client, perMinute }, 'a caller asks too often and is refused');
    }
    refusedUntilMs.set(key, clock.now() + endsInMs);
    throw tooOften(perMinute, endsInMs);
  };
}

function tooOften(perMinute: number, waitMs: number): Failure {
  const retryAfterSeconds = wholeSeconds(waitMs);
  return new Failure(
    'RATE_LIMITED',
    `More than ${perMinute} requests in a minute. Try again in ${retryAfterSeconds} s, or ask for more in one request.`,
    { retryable: true, retryAfterSeconds },
  );
}
