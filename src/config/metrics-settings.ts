import { isLoopbackHost } from './auth-source.ts';
import type { MetricsSettings } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import type { Variables } from './variables.ts';

/** Checks the `METRICS` variables in combination; `env` has no empty values. */
export function metricsProblems(env: Readonly<Record<string, string>>): ConfigProblem[] {
  const { METRICS: metrics, METRICS_PORT: port, PORT: callersPort } = env;
  if (port === undefined) return [];
  if (metrics === 'off') {
    return [{ name: 'METRICS_PORT', problem: 'is set, but METRICS is off; set METRICS=on, or unset it' }];
  }
  if (port !== '0' && port === (callersPort ?? '4000')) {
    return [{ name: 'METRICS_PORT', problem: 'must not be PORT; unset it to serve metrics there' }];
  }
  return [];
}

/** Metrics are on by default only on a loopback address or with a port of their own. */
export function toMetrics({
  METRICS: isOn,
  METRICS_PORT: port,
  HOST: host,
}: Variables): MetricsSettings | null {
  return (isOn ?? (port !== undefined || isLoopbackHost(host))) ? { port: port ?? null } : null;
}
