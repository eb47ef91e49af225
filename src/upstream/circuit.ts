import { CircuitState as BreakerState, CountBreaker } from 'cockatiel';
import { Failure, type FailureCode, wholeSeconds } from '../domain/failure.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { UpstreamRead } from '../ports/upstream.ts';
import type { CircuitReport, CircuitState } from '../ports/upstream-report.ts';

/** A circuit breaker: lets attempts through while most succeed, and blocks them while most fail. */
export interface Circuit {
  /** Throws UPSTREAM_UNAVAILABLE with `retryAfterSeconds` while the circuit is open. */
  check(): void;
  /** Resolves when the probe in flight has ended; null when there is none. Attempts wait for it first. */
  probing(): Promise<unknown> | null;
  /** Begins an attempt, or throws as `check` does; the first attempt after a pause is the probe. */
  begin(): EndAttempt;
  /**
   * Whether attempts are blocked, the last one failed, or one in flight has taken at least `afterMs` and three times
   * the usual time.
   */
  isInTrouble(afterMs: number): boolean;
  /** `HALF_OPEN` from the end of a pause until a probe has ended. */
  state(): CircuitState;
}

/** Must be called when the attempt has ended, with its error or null. */
export type EndAttempt = (error: unknown) => void;

/** Opens when more than half of the last 20 attempts failed, once there were at least 10. */
const sample = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };
const firstPauseMs = 1_000;
const pauseMsMax = 30_000;
/** Weight of the newest attempt in the moving average of attempt times. */
const usualWeight = 1 / 8;
const unusualFactor = 3;

/** Failures that say something about the upstream's health. */
const healthCodes: readonly FailureCode[] = ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'];

/**
 * A circuit breaker for `name`, for example `UQPAY balances`. cockatiel counts the attempts; the pauses are kept here,
 * because they follow the gateway's `Clock`.
 */
function createCircuit(name: string, clock: Clock): Circuit {
  const breaker = new CountBreaker(sample);
  let pauseMs = 0;
  /** Epoch milliseconds; null while closed. */
  let openUntilMs: number | null = null;
  let probe: Promise<unknown> | null = null;
  /** Start times of the attempts in flight, oldest first. */
  const begunMs = new Set<{ readonly atMs: number }>();
  /** Usual time of an attempt that succeeds; 0 before the first one. */
  let usualMs = 0;
  let hasJustFailed = false;

  function check(): void {
    if (openUntilMs === null) return;
    const leftMs = openUntilMs - clock.now();
    if (leftMs <= 0) return;
    throw new Failure(
      'UPSTREAM_UNAVAILABLE',
      `${name} keeps failing, so the gateway has paused its calls. Try again later.`,
      { retryable: true, retriesSpent: true, retryAfterSeconds: wholeSeconds(leftMs) },
    );
  }

  function onEnd(error: unknown, wasProbe: boolean): void {
    const state = wasProbe ? BreakerState.HalfOpen : BreakerState.Closed;
    if (error instanceof Failure && error.code === 'CANCELLED') return;
    const isBad = error instanceof Failure && healthCodes.includes(error.code);
    hasJustFailed = isBad;
    if (!isBad) {
      breaker.success(state);
      if (!wasProbe) return;
      openUntilMs = null;
      pauseMs = 0;
    } else if (breaker.failure(state) && (wasProbe || openUntilMs === null)) {
      pauseMs = Math.min(pauseMs === 0 ? firstPauseMs : pauseMs * 2, pauseMsMax);
      openUntilMs = clock.now() + pauseMs;
    }
  }

  function begin(wasProbe: boolean): EndAttempt {
    const begun = { atMs: clock.now() };
    begunMs.add(begun);
    return (error) => {
      begunMs.delete(begun);
      if (error === null) usualMs += (clock.now() - begun.atMs - usualMs) * (usualMs === 0 ? 1 : usualWeight);
      onEnd(error, wasProbe);
    };
  }

  function beginProbe(): EndAttempt {
    check();
    const { promise, resolve } = Promise.withResolvers<void>();
    probe = promise;
    const end = begin(true);
    return (error) => {
      probe = null;
      end(error);
      resolve();
    };
  }

  return {
    check,
    probing: () => probe,
    begin: () => (openUntilMs === null ? begin(false) : beginProbe()),
    isInTrouble(afterMs) {
      if (openUntilMs !== null || hasJustFailed) return true;
      const [oldest] = begunMs;
      const tookMs = oldest === undefined ? 0 : clock.now() - oldest.atMs;
      return tookMs >= Math.max(afterMs, unusualFactor * usualMs);
    },
    state() {
      if (openUntilMs === null) return 'CLOSED';
      return openUntilMs > clock.now() ? 'OPEN' : 'HALF_OPEN';
    },
  };
}

/** The circuit breakers of a process, one per provider and group of routes. */
export interface Circuits {
  /** `kind` and `ledger` name the routes. */
  of(
    provider: ProviderCode,
    environment: ProviderEnvironment,
    kind: UpstreamRead<unknown>['kind'],
    ledger: Ledger | null,
  ): Circuit;
  reports(): readonly CircuitReport[];
}

interface NamedCircuit {
  readonly provider: ProviderCode;
  readonly routes: string;
  readonly circuit: Circuit;
}

export function createCircuits(clock: Clock): Circuits {
  const byName = new Map<string, NamedCircuit>();
  return {
    of(provider, environment, kind, ledger) {
      const routes = ledger === null ? kind : `${kind} ${ledger}`;
      const name = `${provider} ${environment} ${routes}`;
      const known = byName.get(name);
      if (known !== undefined) return known.circuit;
      const circuit = createCircuit(name, clock);
      byName.set(name, { provider, routes, circuit });
      return circuit;
    },
    reports: () =>
      Array.from(byName.values(), ({ provider, routes, circuit }) => ({
        ...{ provider, routes, state: circuit.state() },
      })),
  };
}
