import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { parseRedisUrl } from '../../src/config/redis-url.ts';
import type { RedisServer } from '../../src/domain/redis-server.ts';
import { startUqpaySandbox, type UqpaySandboxOptions } from '../../src/sandbox/uqpay/index.ts';
import { ask, gatewayEnvironment } from '../faults/gateway.fixture.ts';

const root = join(import.meta.dirname, '../..');
const redisPort = 6379;

/** Whether a Redis listens on 127.0.0.1:6379. */
export const redisIsThere = await new Promise<boolean>((resolve) => {
  const socket = connect(redisPort, '127.0.0.1', () => resolve(true));
  socket.once('error', () => resolve(false));
  socket.once('connect', () => socket.destroy());
});

/** A test that needs the real Redis. Without one, it fails only in CI, which installs one. */
export function redisTest(name: string, run: () => unknown): void {
  test(name, async () => {
    if (redisIsThere) await run();
    else expect(process.env.CI).not.toBe('true');
    // Token commands wait seconds for a Redis that is unreachable.
  }, 60_000);
}

/** Opens a new key prefix in the real Redis, behind a proxy that can be cut, blocked or slow. */
export async function openTestRedis() {
  const prefix = `gateway-test-${randomUUID()}:`;
  const redis = new Redis(redisPort, '127.0.0.1');
  const sockets = new Set<Socket>();
  let mode: 'open' | 'cut' | 'blocked' = 'open';
  let replyDelayMs = 0;
  const proxy = createServer((near) => {
    if (mode === 'cut') return near.destroy();
    const far = connect(redisPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => mode === 'open' && far.write(bytes));
    far.on('data', (bytes) => {
      if (mode !== 'open') return;
      if (replyDelayMs === 0) near.write(bytes);
      else setTimeout(() => near.write(bytes), replyDelayMs).unref();
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const names = async () => {
    const found: string[] = [];
    for await (const batch of redis.scanStream({ match: `${prefix}*` })) found.push(...(batch as string[]));
    return found;
  };
  const forgetAll = async () => {
    const found = await names();
    if (found.length > 0) await redis.del(...found);
  };
  const url = `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}?keyPrefix=${prefix}`;
  return {
    url,
    server: toServer(url),
    /** Prefix of every key, for tests that write keys themselves. */
    prefix,
    redis,
    names,
    forgetAll,
    /** Closes every connection and accepts no new one, as when Redis is killed. */
    cut() {
      mode = 'cut';
      destroyAll();
    },
    /** Keeps connections open but forwards nothing, as when Redis hangs. */
    block() {
      mode = 'blocked';
    },
    /** Delays every reply, as on a busy machine. */
    slow(delayMs: number) {
      replyDelayMs = delayMs;
    },
    mend() {
      mode = 'open';
      destroyAll();
    },
    async close() {
      proxy.close();
      destroyAll();
      await forgetAll();
      redis.disconnect();
    },
  };
}

/** The options of a link for a URL. */
export function toServer(url: string): RedisServer {
  const server = parseRedisUrl(url);
  if (typeof server === 'string') throw new Error(server);
  return server;
}

export interface Replica {
  readonly url: string;
  readonly process: ChildProcess;
  readonly stderr: () => string;
}

/** Three gateway processes over one sandbox and one Redis. */
export async function startCluster(
  env: Record<string, string> = {},
  sandboxOptions: UqpaySandboxOptions = {},
) {
  const testRedis = await openTestRedis();
  const sandbox = await startUqpaySandbox({
    seed: 'empty',
    rateLimitPerMinute: null,
    apiKey: randomUUID(),
    ...sandboxOptions,
  });
  const directory = mkdtempSync(join(tmpdir(), 'replicas-'));
  // Three processes that start at once on a busy machine may each block for seconds. slow-redis.test.ts tests a slow
  // Redis, with delays of its own.
  const patient = { REDIS_TIMEOUT_MS: '5000', REQUEST_TIMEOUT_MS: '20000' };
  const environment = { ...gatewayEnvironment(sandbox), ...patient, REDIS_URL: testRedis.url, ...env };
  const replicas = await Promise.all([0, 1, 2].map(() => startReplica(environment, directory)));
  return {
    testRedis,
    sandbox,
    control: sandbox.control,
    replicas,
    /** Sends a query to the replica `index`, modulo their number. */
    ask: (index: number, query: string, headers: Record<string, string> = {}) =>
      ask((replicas[index % replicas.length] as Replica).url, query, headers),
    dataCalls: () => sandbox.control.calls().filter(({ path }) => path !== '/v1/connect/token'),
    async close() {
      for (const { process } of replicas) {
        if (process.exitCode !== null) continue;
        process.kill('SIGKILL');
        await once(process, 'close');
      }
      rmSync(directory, { recursive: true });
      await sandbox.close();
      await testRedis.close();
    },
  };
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** A gateway process; resolves when it has printed its start-up lines. */
export async function startReplica(env: Record<string, string>, cwd: string): Promise<Replica> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts')], {
    cwd,
    env: { NODE_DISABLE_COMPILE_CACHE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`exit code ${code}: ${stderr}`)));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const found = /^ {2}GraphQL +(\S+)$/m.exec(stdout)?.[1];
      if (found !== undefined && stdout.includes('Stop with')) resolve(found);
    });
  });
  return { url, process: child, stderr: () => stderr };
}
