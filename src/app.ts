import { checkListedOperations } from './app/check-operations.ts';
import { type Closer, createCloseAll } from './app/close-all.ts';
import { openConnections } from './app/connections.ts';
import { openHistoryOf } from './app/history.ts';
import { openMcp } from './app/open-mcp.ts';
import { openOperating } from './app/operating.ts';
import { openOperationCompiler } from './app/operation-compiler.ts';
import { packageVersion } from './app/package-version.ts';
import { openPages } from './app/pages.ts';
import { openProviderHttp } from './app/provider-http.ts';
import { createProviderLog } from './app/provider-log.ts';
import { openRequestAdmission } from './app/request-admission.ts';
import { openResponseCache } from './app/response-cache.ts';
import { openSandboxActivity } from './app/sandbox-activity.ts';
import { homePage } from './app/start-up-lines.ts';
import { openSubscriptionCallbacks } from './app/subscription-callbacks.ts';
import { openTelemetry } from './app/telemetry.ts';
import { openUpstream } from './app/upstream.ts';
import { webOrigins } from './app/web-origins.ts';
import { openWebhooks } from './app/webhooks.ts';
import type { Config } from './config/config.ts';
import { deriveCursorKey } from './config/cursor-key.ts';
import { createTransactionPaginator } from './data/pagination/index.ts';
import { createCursorSigner } from './data/pagination/signed-cursor.ts';
import { createExports, watchExports } from './export/index.ts';
import type { GraphQLLog } from './graphql/apollo/answer-hooks.ts';
import { createApollo } from './graphql/apollo/apollo.ts';
import { createContextFactory } from './graphql/context.ts';
import { createLive } from './live/index.ts';
import type { Clock } from './ports/clock.ts';
import type { OnExportProgress } from './ports/export.ts';
import type { ServerLog } from './server/contract.ts';
import { startHttpServer } from './server/http-server.ts';
import { systemClock } from './upstream/index.ts';

export interface GatewayOptions {
  /** The log for operators; a pino logger fits. */
  readonly logger: ServerLog & GraphQLLog;
  /** Called with the progress of exports. */
  readonly onExportProgress?: OnExportProgress;
  /** The system clock by default. */
  readonly clock?: Clock;
}

/** A running gateway. */
export interface RunningGateway {
  /** The GraphQL endpoint, for example `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Origin of the separate server for operators, for example `http://127.0.0.1:9464`; null without one. */
  readonly operatorOrigin: string | null;
  /** Lets running requests finish, then stops everything. Further calls have no effect. */
  close(): Promise<void>;
}

/**
 * Assembles and starts the whole gateway: the only file that knows every folder. Rejects with `ListenError` when it
 * cannot listen on the address, and with `ConfigError` for a manifest of operations that cannot run; nothing keeps
 * running then.
 */
export async function startGateway(config: Config, options: GatewayOptions): Promise<RunningGateway> {
  checkListedOperations(config);
  const closers: Closer[] = [];
  const closeAll = createCloseAll(closers);
  try {
    return { ...(await start(config, options, closers)), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(
  config: Config,
  { logger, onExportProgress, clock = systemClock }: GatewayOptions,
  closers: Closer[],
) {
  const { requestTimeoutMs, upstreamCallsPerOperationMax } = config;
  const telemetry = await openTelemetry(config, logger);
  closers.push(() => telemetry.close());
  const operating = await openOperating(config, telemetry, logger);
  closers.push(() => operating.close());
  const connections = await openConnections(config, closers, clock);
  const sandboxActivity = openSandboxActivity(config, connections);
  const http = openProviderHttp(config, telemetry.metrics?.upstream);
  closers.push(() => http.close());

  const upstreamParts = await openUpstream(config, clock, logger, telemetry);
  closers.push(() => upstreamParts.close());
  const { upstream, replies } = upstreamParts;
  const log = createProviderLog(logger);
  const history = await openHistoryOf(config, clock, logger);
  closers.push(() => history?.close());
  const providers = connections
    .map(({ code, createProvider }) =>
      createProvider({ http, upstream, clock, tokens: upstreamParts.tokensOf(code), replies, log }),
    )
    .map((provider) => history?.watch(provider) ?? provider);
  if (history !== null) telemetry.metrics?.watchHistory(history.report);
  operating.watch(providers, upstreamParts.report, clock.now);
  const requestAdmission = await openRequestAdmission(config, {
    redis: upstreamParts.redis,
    clock,
    log: logger,
  });
  operating.watchAdmission(requestAdmission.admission.report);
  const credentials = connections.map(({ code, credentials }) => [code, credentials] as const);
  const signer = createCursorSigner(deriveCursorKey(config.cursorSecret, credentials));
  const paginator = createTransactionPaginator({ providers, signer, clock });

  const compiler = openOperationCompiler(config, logger);
  closers.push(() => compiler.close());
  const apollo = createApollo({
    introspection: config.introspection,
    hideSchemaDetails: !config.introspection,
    limits: config.queryLimits,
    cacheScope: config.cacheScope,
    persisted: config.persisted,
    execution: { compiler: compiler.current },
    log: logger,
  });
  await apollo.start();
  closers.push(() => apollo.stop());
  const live = createLive({
    ...{ clock, paginator, budgetsOf: upstreamParts.budgetsOf, timeoutMs: requestTimeoutMs, log: logger },
    pace: config.live,
    watchedCalls: upstreamParts.redis?.watched ?? null,
  });
  // A webhook reaches one replica; all that watch what it is about poll it.
  upstreamParts.redis?.notices.listen(live.changed);
  const webhooks = openWebhooks(sandboxActivity ?? config, {
    ...{ clock, onChange: live.changed, redis: upstreamParts.redis },
  });
  if (webhooks !== null) telemetry.metrics?.watchWebhooks(webhooks.counts);
  const callbacks = openSubscriptionCallbacks(config, logger);
  closers.push(() => callbacks.close());
  const server = await startHttpServer({
    host: config.host,
    port: config.port,
    apollo,
    ...requestAdmission,
    createContext: createContextFactory({
      providers,
      paginator,
      signer,
      clock,
      requestTimeoutMs,
      upstreamCallsPerOperationMax,
      budgetsOf: upstreamParts.budgetsOf,
      readings: history?.lookup ?? null,
      live,
    }),
    exports: watchExports(
      createExports({ providers, paginator, signer, clock, readings: history?.lookup ?? null }),
      onExportProgress ?? (() => {}),
    ),
    responseCache: openResponseCache(config, upstream, clock),
    log: logger,
    files: openPages(config),
    homePage: (graphqlUrl) => homePage(config, graphqlUrl),
    corsOrigins: webOrigins(config),
    mcp: openMcp(config, logger, packageVersion()),
    tokenIssuer: config.auth.mode === 'jwt' ? config.auth.issuer : null,
    anyHostName: config.anyHostName,
    ...config.streams,
    callbacks,
    webhooks,
    now: clock.now,
    onStreams: (report) => telemetry.metrics?.watchLive({ streams: report, watchedLists: live.watchedLists }),
    ...operating.serverOptions,
  });
  closers.push(() => server.close());
  sandboxActivity?.begin(new URL(server.url).origin);
  history?.sample(providers);
  compiler.loadSoon();
  return { url: server.url, operatorOrigin: operating.origin };
}
