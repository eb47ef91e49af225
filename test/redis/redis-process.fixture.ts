import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';

/** Whether redis-server can be started here. */
const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

/** A test that starts its own Redis processes; skipped if there is no program to start. */
export function redisProcessTest(name: string, run: () => unknown, timeoutMs = 60_000): void {
  test(
    name,
    async () => {
      if (isInstalled) await run();
      else expect(process.env.CI).not.toBe('true');
    },
    timeoutMs,
  );
}

/** A new Redis, Sentinel or Cluster node. */
export interface RedisProcess {
  readonly port: number;
  readonly url: string;
  /** Suspends the process: connections stay open, but nothing is answered until it is resumed. */
  pause(): void;
  continue(): void;
  kill(): Promise<void>;
}

/** A port without a listener. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

const started: (() => Promise<void>)[] = [];

/** Ends every process that was started; for `afterEach`. */
export async function killRedisProcesses(): Promise<void> {
  for (const kill of started.splice(0)) await kill();
}

/** Starts `redis-server` with further settings, and resolves when it accepts connections. */
export async function startRedisProcess(
  settings: readonly string[] = [],
  givenPort?: number,
): Promise<RedisProcess> {
  const port = givenPort ?? (await freePort());
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const options = ['--bind', '127.0.0.1', '--save', '', '--dir', directory, '--port', String(port)];
  const child: ChildProcess = spawn(
    'redis-server',
    [...settings.filter(isFile), ...options, ...settings.filter((setting) => !isFile(setting))],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(directory, { recursive: true, force: true });
  };
  started.push(kill);
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${output}`)));
    child.stdout?.on('data', (text) => {
      output += text;
      if (/Ready to accept connections|Sentinel ID is|monitor master/.test(output)) resolve();
    });
  });
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pause: () => void child.kill('SIGSTOP'),
    continue: () => void child.kill('SIGCONT'),
    kill,
  };
}

/** A configuration file comes before all options. */
function isFile(setting: string): boolean {
  return setting.endsWith('.conf');
}

/** A primary, its replica, and a Sentinel that watches both; a failover takes a second. */
export async function startSentinels() {
  const primary = await startRedisProcess();
  const standby = await startRedisProcess(['--replicaof', '127.0.0.1', String(primary.port)]);
  await untilAnswer(standby.port, ['INFO', 'replication'], 'master_link_status:up');
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-'));
  started.push(async () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'sentinel.conf');
  const settings = [`monitor main 127.0.0.1 ${primary.port} 1`, 'down-after-milliseconds main 500'];
  writeFileSync(file, settings.map((setting) => `sentinel ${setting}\n`).join(''));
  const sentinel = await startRedisProcess([file, '--sentinel']);
  await untilAnswer(sentinel.port, ['SENTINEL', 'replicas', 'main'], String(standby.port));
  return { primary, standby, url: `redis+sentinel://127.0.0.1:${sentinel.port}/main` };
}

/** Repeats the command until the reply contains `text`. */
async function untilAnswer(
  port: number,
  [name = '', ...args]: readonly string[],
  text: string,
): Promise<void> {
  const redis = new Redis({ port, host: '127.0.0.1' });
  while (!JSON.stringify(await redis.call(name, ...args)).includes(text)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  redis.disconnect();
}
