import { CircuitState as BreakerState, CountBreaker } from 'cockatiel';
import { Failure, type FailureCode } from '../domain/failure.ts';
import { PartMap } from '../domain/part-map.ts';
import type { Ledger, ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { CircuitReport, CircuitState } from '../ports/gate-report.ts';
import type { UpstreamRead } from '../ports/upstream.ts';

/** Lets attempts through while they mostly succeed, and hardly any while they mostly fail. */
export interface Circuit {
  /** Throws UPSTREAM_UNAVAILABLE with `retryAfterSeconds` while the circuit is open. */
  check(): void;
  /** Settles when the probe that is out has told; null: none is. Whoever runs an attempt waits for that first. */
  probing(): Promise<unknown> | null;
  /** Runs `attempt` unless the circuit is open; the first one after a pause as its probe. */
  run<T>(attempt: () => Promise<T>): Promise<T>;
  /** `HALF_OPEN` from the end of a pause until a probe has told. */
  state(): CircuitState;
}

/** Opens when more than half of the last 20 attempts failed, of 10 at least. */
const sample = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };
const firstPauseMs = 1_000;
const pauseMsMax = 30_000;

/** Failures that say something about the upstream's health. */
const healthCodes: readonly FailureCode[] = ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT'];

/**
 * A circuit for what `name` calls, for example `UQPAY balances`. Counting is cockatiel's; the pauses are kept
 * here because they follow the gateway's own clock.
 */
export function createCircuit(name: string, clock: Clock): Circuit {
  const breaker = new CountBreaker(sample);
  let pauseMs = 0;
  /** Epoch milliseconds; null while closed. */
  let openUntilMs: number | null = null;
  let probe: Promise<unknown> | null = null;

  function check(): void {
    if (openUntilMs === null) return;
    const leftMs = openUntilMs - clock.now();
    if (leftMs <= 0) return;
    throw new Failure(
      'UPSTREAM_UNAVAILABLE',
      `${name} failed again and again and is left alone for a moment. Ask again later.`,
      { retryable: true, retriesSpent: true, retryAfterSeconds: Math.ceil(leftMs / 1_000) },
    );
  }

  function onEnd(error: unknown, wasProbe: boolean): void {
    const state = wasProbe ? BreakerState.HalfOpen : BreakerState.Closed;
    if (error instanceof Failure && error.code === 'CANCELLED') return;
    const isBad = error instanceof Failure && healthCodes.includes(error.code);
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

  async function watched<T>(attempt: () => Promise<T>, wasProbe: boolean): Promise<T> {
    try {
      const value = await attempt();
      onEnd(null, wasProbe);
      return value;
    } catch (error) {
      onEnd(error, wasProbe);
      throw error;
    }
  }

  async function runAsProbe<T>(attempt: () => Promise<T>): Promise<T> {
    check();
    const running = watched(attempt, true);
    probe = running.then(endProbe, endProbe);
    return running;
  }

  return {
    check,
    probing: () => probe,
    run: (attempt) => (openUntilMs === null ? watched(attempt, false) : runAsProbe(attempt)),
    state() {
      if (openUntilMs === null) return 'CLOSED';
      return openUntilMs > clock.now() ? 'OPEN' : 'HALF_OPEN';
    },
  };

  function endProbe(): void {
    probe = null;
  }
}

/** The circuits of a process, one for each family of routes of a provider. */
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
  const byRoutes = new PartMap<NamedCircuit>();
  const all: NamedCircuit[] = [];
  return {
    of(provider, environment, kind, ledger) {
      const known = byRoutes.get(provider, environment, kind, ledger ?? '');
      if (known !== undefined) return known.circuit;
      const routes = ledger === null ? kind : `${kind} ${ledger}`;
      const circuit = createCircuit(`${provider} ${environment} ${routes}`, clock);
      all.push(byRoutes.set({ provider, routes, circuit }, provider, environment, kind, ledger ?? ''));
      return circuit;
    },
    reports: () => all.map(({ provider, routes, circuit }) => ({ provider, routes, state: circuit.state() })),
  };
}
