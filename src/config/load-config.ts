import type { Config } from './config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { toUqpaySource, uqpayProblems } from './uqpay-source.ts';
import { variables } from './variables.ts';

/** Values of these may be repeated in a message; those of all others may not. */
const namesShown: ReadonlySet<string> = new Set([
  'HOST',
  'PORT',
  'LOG_LEVEL',
  'REQUEST_TIMEOUT_MS',
  'MAX_UPSTREAM_CALLS_PER_OPERATION',
  'UQPAY_RATE_LIMIT_PER_MINUTE',
]);

// A longer value is no number or level typed wrongly, but something pasted into the wrong variable.
const lengthShownMax = 24;

/**
 * Reads the configuration from environment variables (docs/configuration.md). A variable set to the empty
 * string counts as not set. Throws `ConfigError` with every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = withoutEmpty(env);
  const parsed = variables.safeParse(given);
  const problems: ConfigProblem[] = uqpayProblems(given);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push({ name, problem: `${issue.message}${shownValue(name, given[name])}` });
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    upstreamCallsPerOperationMax: values.MAX_UPSTREAM_CALLS_PER_OPERATION,
    cursorSecret: values.CURSOR_SECRET ?? null,
    uqpay: toUqpaySource(values),
  };
}

function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

function shownValue(name: string, value: string | undefined): string {
  if (value === undefined || !namesShown.has(name) || value.length > lengthShownMax) return '';
  return `; it is ${JSON.stringify(value)}`;
}
