import { checkListedOperations } from '../app/check-operations.ts';
import { type Closer, createCloseAll } from '../app/close-all.ts';
import { openConnections } from '../app/connections.ts';
import { openProviderHttp } from '../app/provider-http.ts';
import { openUpstream } from '../app/upstream.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { misspeltNames } from '../config/misspelt-names.ts';
import { connectedSources } from '../config/providers.ts';
import type { Clock } from '../ports/clock.ts';
import { examineCallers } from './callers.ts';
import { createCarefulTokens, readWithoutRetries } from './careful-tokens.ts';
import { ok, problem, type Section } from './finding.ts';
import { examineHistory } from './history.ts';
import { examinePorts } from './ports.ts';
import { examineProvider } from './provider.ts';
import { createRedisNotes, examineRedis } from './redis.ts';
import { examineSettings } from './settings.ts';
import { watchHttp } from './watched-http.ts';

export interface DoctorOptions {
  readonly clock: Clock;
  /** Whether to request a token even though that may end one that a gateway is using. */
  readonly newToken: boolean;
}

/**
 * Examines everything the gateway needs, section by section, with the parts that the gateway itself uses. Calls
 * providers as little as possible, and makes no call twice.
 */
export async function* examine(
  env: Readonly<Record<string, string | undefined>>,
  options: DoctorOptions,
): AsyncGenerator<Section> {
  yield { name: 'Node', findings: [ok(`Version ${process.versions.node}.`)] };
  const config = load(env);
  if (!('host' in config)) {
    yield config;
    return;
  }
  yield examineSettings(config, misspeltNames(env));
  const closers: Closer[] = [];
  try {
    yield* examineAround(config, options, closers);
  } finally {
    await createCloseAll(closers)();
  }
}

function load(env: Readonly<Record<string, string | undefined>>): Config | Section {
  try {
    const config = loadConfig(env);
    checkListedOperations(config);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ name, problem: what }) => problem(`${name} ${what}`));
    return { name: 'Configuration', findings };
  }
}

async function* examineAround(
  config: Config,
  { clock, newToken }: DoctorOptions,
  closers: Closer[],
): AsyncGenerator<Section> {
  const http = openProviderHttp(config);
  closers.push(() => http.close());
  const { section, gatewayRuns } = await examinePorts(config, http);
  yield section;
  yield await examineCallers(config.auth, http);

  const notes = createRedisNotes();
  const noTelemetry = { metrics: null, tracing: null, upstream: {}, close: async () => {} };
  const upstream = await openUpstream(config, clock, notes.log, noTelemetry);
  closers.push(() => upstream.close());
  const { redis } = config;
  if (upstream.redis !== null && redis !== null) yield await examineRedis(upstream.redis.link, redis, notes);

  if (config.history !== null) yield await examineHistory(config.history);

  const remote = connectedSources(config).flatMap(({ source, ...rest }) =>
    source.mode === 'remote' ? [{ ...rest, source }] : [],
  );
  if (remote.length === 0) return;
  const sharesTokens = upstream.report().redis?.isUsed === true;
  // Without Redis, the tokens of other replicas are unknown, and a new one might end them.
  const mayRequestToken = newToken || sharesTokens || (redis === null && !gatewayRuns);
  const connections = await openConnections(config, closers);
  for (const { code, name, source } of remote) {
    const connection = connections.find((known) => known.code === code);
    if (connection === undefined) continue;
    const watched = watchHttp(http, clock);
    const tokens = createCarefulTokens(upstream.tokensOf(code), mayRequestToken);
    const provider = connection.createProvider({
      http: watched.http,
      upstream: readWithoutRetries(upstream.upstream),
      clock,
      tokens: tokens.tokenStore,
      replies: upstream.replies,
    });
    const timeoutMs = config.requestTimeoutMs;
    yield await examineProvider({
      ...{ code, name, source, watched, tokens, provider, sharesTokens, timeoutMs },
    });
  }
}
