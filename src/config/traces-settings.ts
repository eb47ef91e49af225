import type { TracesSettings } from './config.ts';
import type { ConfigProblem } from './config-error.ts';

type Environment = Readonly<Partial<Record<string, string>>>;

const samplers: Readonly<Record<string, { ratio: 0 | 1 | 'ARG'; followsCaller: boolean }>> = {
  always_on: { ratio: 1, followsCaller: false },
  always_off: { ratio: 0, followsCaller: false },
  traceidratio: { ratio: 'ARG', followsCaller: false },
  parentbased_always_on: { ratio: 1, followsCaller: true },
  parentbased_always_off: { ratio: 0, followsCaller: true },
  parentbased_traceidratio: { ratio: 'ARG', followsCaller: true },
};
const propagators = ['tracecontext', 'baggage', 'none'];
const exporters = ['otlp', 'none'];
const endpointDefault = 'http://localhost:4318';

const notPairs = 'must be a comma-separated list of name=value, values percent-encoded';

/** Whether OpenTelemetry's standard variables turn traces on. */
function areAsked(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false;
  return [
    env.OTEL_TRACES_EXPORTER,
    env.OTEL_EXPORTER_OTLP_ENDPOINT,
    env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  ].some((value) => value !== undefined);
}

/**
 * Checks the `OTEL_` variables, only if they turn traces on, because they are often set for several programs at once.
 * `env` has no empty values.
 */
export function tracesProblems(env: Environment): ConfigProblem[] {
  if (!areAsked(env)) return [];
  const problems: ConfigProblem[] = [];
  const check = (name: string, isAllowed: (value: string) => boolean, problem: string) => {
    const value = env[name];
    if (value !== undefined && !isAllowed(value)) problems.push({ name, problem });
  };
  check('OTEL_TRACES_EXPORTER', (value) => exporters.includes(value), 'must be otlp or none');
  for (const name of ['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']) {
    const remedy =
      'the gateway supports no other protocol; collectors accept it on their HTTP port, usually 4318';
    check(name, (value) => value === 'http/protobuf', `must be http/protobuf: ${remedy}`);
  }
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    check(
      name,
      isEndpoint,
      `must be a URL such as ${endpointDefault}, without user name, password or fragment`,
    );
  }
  for (const name of [
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    'OTEL_RESOURCE_ATTRIBUTES',
  ]) {
    check(name, (value) => toPairs(value) !== null, notPairs);
  }
  const samplerNames = Object.keys(samplers);
  check(
    'OTEL_TRACES_SAMPLER',
    (value) => samplerNames.includes(value),
    `must be one of ${samplerNames.join(', ')}`,
  );
  check('OTEL_TRACES_SAMPLER_ARG', isRatio, 'must be a number from 0 to 1');
  check(
    'OTEL_PROPAGATORS',
    (value) => value.split(',').every((name) => propagators.includes(name)),
    `must be a comma-separated list of ${propagators.join(', ')}`,
  );
  return problems;
}

/** The settings for traces; valid only when `tracesProblems` found nothing. Null when traces are off. */
export function toTraces(env: Environment): TracesSettings | null {
  if (!areAsked(env)) return null;
  const { ratio, followsCaller } = samplers[env.OTEL_TRACES_SAMPLER ?? ''] ?? {
    ratio: 1,
    followsCaller: true,
  };
  const attributes = toPairs(env.OTEL_RESOURCE_ATTRIBUTES ?? '') ?? {};
  return {
    url:
      env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? belowBase(env.OTEL_EXPORTER_OTLP_ENDPOINT ?? endpointDefault),
    headers: toPairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {},
    resource: {
      'service.name': 'balances-gateway',
      ...attributes,
      ...(env.OTEL_SERVICE_NAME === undefined ? {} : { 'service.name': env.OTEL_SERVICE_NAME }),
    },
    sampling: { ratio: ratio === 'ARG' ? Number(env.OTEL_TRACES_SAMPLER_ARG ?? '1') : ratio, followsCaller },
    continuesTraces: (env.OTEL_PROPAGATORS ?? 'tracecontext').split(',').includes('tracecontext'),
  };
}

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}

function isRatio(value: string): boolean {
  return /^(0|1|0?\.\d{1,17}|1\.0{1,17})$/.test(value);
}

/** The traces URL below the base URL of all signals (OTLP exporter specification). */
function belowBase(base: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

const pairName = /^[!#$%&'*+.^_`|~0-9A-Za-z/-]+$/;
const visibleAscii = /^[\x20-\x7e]*$/;

/** Parses `name=value,name=value`; null for anything else. */
function toPairs(text: string): Record<string, string> | null {
  const pairs: [string, string][] = [];
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', ...rest] = part.split('=');
    const value = rest.join('=').trim();
    if (rest.length === 0 || !pairName.test(name.trim()) || !visibleAscii.test(value)) return null;
    try {
      pairs.push([name.trim(), decodeURIComponent(value)]);
    } catch {
      return null;
    }
  }
  return Object.fromEntries(pairs);
}
