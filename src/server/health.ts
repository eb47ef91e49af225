import type { ProviderCode, ProviderEnvironment } from '../domain/vocabulary.ts';
import type { UpstreamReport } from '../ports/upstream-report.ts';

/** A connected provider, as health checks name it. */
export interface ConnectedProvider {
  readonly code: ProviderCode;
  readonly environment: ProviderEnvironment;
}

/**
 * Builds the details of `/readyz`: the state of each provider's connection, as this process knows it. Times are ISO
 * 8601 in UTC; lists contain what has been used since the start.
 */
export function toHealth(
  providers: readonly ConnectedProvider[],
  report: UpstreamReport,
  nowMs: number,
): object {
  return {
    providers: providers.map(({ code, environment }) => ({
      code,
      environment,
      circuits: report.circuits
        .filter(({ provider }) => provider === code)
        .map(({ routes, state }) => ({ routes, state })),
      budgets: report.budgets
        .filter(({ provider }) => provider === code)
        .map(({ purpose, callsPerMinute, callsLeft, waiting, pausedUntilMs }) => ({
          purpose,
          callsPerMinute,
          callsLeft,
          waiting,
          pausedUntil: pausedUntilMs === null ? null : new Date(pausedUntilMs).toISOString(),
        })),
      tokens: report.tokens
        .filter(({ provider }) => provider === code)
        .map(({ issuedAtMs, expiresAtMs }) => ({
          ageSeconds: toSeconds(nowMs - issuedAtMs),
          expiresInSeconds: toSeconds(expiresAtMs - nowMs),
        })),
    })),
    redis: report.redis === null ? null : { state: report.redis.isUsed ? 'USED' : 'AWAY' },
  };
}

function toSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1_000));
}
