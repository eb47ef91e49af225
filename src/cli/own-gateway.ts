import { createHash, randomBytes } from 'node:crypto';
import { loadEnvFile } from '../app/env-file.ts';
import { startGateway } from '../app.ts';
import { loadConfig } from '../config/load-config.ts';
import { anonymous } from '../domain/caller.ts';
import type { OnExportProgress } from '../ports/export.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { Env } from './shell.ts';

/** A GraphQL endpoint, and the headers to send with each request. */
export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts a gateway for this process alone, with the usual settings, limits and call budget. It listens on a free
 * loopback port and accepts only a key created by this process, so that other users of the machine cannot read through
 * it. Throws `ConfigError` and `EnvFileError`.
 */
export async function startOwnGateway(env: Env, onExportProgress?: OnExportProgress): Promise<Endpoint> {
  loadEnvFile();
  const config = loadConfig(env);
  const key = randomBytes(32).toString('base64url');
  const sha256 = createHash('sha256').update(key).digest('hex');
  const gateway = await startGateway(
    {
      ...config,
      host: '127.0.0.1',
      port: 0,
      auth: { mode: 'keys', keys: [{ caller: { ...anonymous, subject: 'shell' }, sha256 }] },
      cacheScope: 'private',
      rates: { ...config.rates, requestsPerMinute: 0 },
      explorer: false,
      metrics: null,
      shutdownDelayMs: 0,
    },
    // Errors are in the answer; a server's log would only mix with its lines.
    {
      logger: createLogger(env.LOG_LEVEL ? config.logLevel : 'silent'),
      ...(onExportProgress && { onExportProgress }),
    },
  );
  return { url: gateway.url, headers: { authorization: `Bearer ${key}` }, close: gateway.close };
}

/** A gateway that runs elsewhere. The credential comes from `CREDENTIAL`, if that is set. */
export function remoteGateway(url: string, env: Env): Endpoint {
  const credential = env.CREDENTIAL ?? '';
  const headers: Record<string, string> = credential === '' ? {} : { authorization: `Bearer ${credential}` };
  return { url, headers, close: async () => {} };
}
