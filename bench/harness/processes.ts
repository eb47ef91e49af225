import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { credential } from '../upstream/data.ts';
import type { UpstreamOrder } from '../upstream/main.ts';
import type { ProbeOrder, Usage } from './probe.ts';

const root = join(import.meta.dirname, '../..');

/** A server in its own process. */
export interface ServerProcess {
  /** Its base URL. */
  readonly url: string;
  usage(afterGc?: boolean): Promise<Usage>;
  startProfile(): Promise<void>;
  /** Ends the profile and writes it to a .cpuprofile file. */
  stopProfile(path: string): Promise<void>;
  /** Stops it, and waits until it has ended. */
  stop(): Promise<void>;
}

/** The simulation of UQPAY. */
export interface UpstreamProcess extends ServerProcess {
  /** Calls it has received so far, without token calls. */
  calls(): Promise<number>;
  setLatency(latencyMs: number): void;
  /** Sets whether every body it sends is different. */
  setVaries(varies: boolean): void;
}

/** How a server is started. */
export interface Start {
  /** Relative to the repository's root. */
  readonly script: string;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Finds the URL in its output, once it is ready. */
  readonly ready?: RegExp;
  readonly nodeOptions?: readonly string[];
  /** Receives its output. */
  readonly onPrinted?: (text: string) => void;
}

const running = new Set<() => Promise<void>>();

/** Stops every process started here that is still running. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()));
}

async function start({ script, env = {}, ready = /^ready (\S+)$/m, onPrinted, ...rest }: Start) {
  const probe = join(root, 'bench/harness/probe.ts');
  const child = spawn(
    process.execPath,
    [
      ...['--expose-gc', '--import', probe, ...(rest.nodeOptions ?? [])],
      ...[resolve(root, script), ...(rest.arguments ?? [])],
    ],
    // A directory without a .env, and none of this process's environment.
    { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  let printed = '';
  let url: string | undefined;
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (url === undefined) printed += chunk;
    onPrinted?.(chunk);
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    running.delete(stop);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  };
  running.add(stop);
  while (url === undefined) {
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended]);
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${script} ended with ${child.exitCode ?? child.signalCode}.`);
    }
    url = ready.exec(printed)?.[1];
  }
  const ask = async (order: ProbeOrder | UpstreamOrder, member: string): Promise<unknown> => {
    child.send(order);
    for (;;) {
      const [message] = await once(child, 'message');
      if (typeof message === 'object' && message !== null && member in message) return message[member];
    }
  };
  return {
    child,
    ask,
    url,
    usage: async (afterGc = false) =>
      (await ask({ probe: afterGc ? 'usage-after-gc' : 'usage' }, 'usage')) as Usage,
    startProfile: async () => void (await ask({ probe: 'start-profile' }, 'usage')),
    stopProfile: async (path: string) => void (await ask({ probe: 'stop-profile', path }, 'usage')),
    stop,
  };
}

export async function startUpstream(): Promise<UpstreamProcess> {
  const { child, ask, ...server } = await start({ script: 'bench/upstream/main.ts' });
  return {
    ...server,
    calls: async () => (await ask({ ask: 'calls' }, 'calls')) as number,
    setLatency(latencyMs) {
      child.send({ latencyMs } satisfies UpstreamOrder);
    },
    setVaries(varies) {
      child.send({ varies } satisfies UpstreamOrder);
    },
  };
}

/** Starts a server to measure. Throws if its script ends before it is ready. */
export async function startServer(how: Start): Promise<ServerProcess> {
  const { child: _child, ask: _ask, ...server } = await start(how);
  return server;
}

/** A bare server over `kind`; see bench/limit/main.ts. */
export function startLimit(kind: 'undici' | 'got' | 'memory', upstreamUrl: string): Promise<ServerProcess> {
  return startServer({ script: 'bench/limit/main.ts', arguments: [kind, upstreamUrl] });
}

/** How long the gateway caches reads: not at all, or for longer than a bench takes. */
export const memorySettings = {
  off: memoryOf('0', '0'),
  on: memoryOf('3600', '3600'),
} as const;

function memoryOf(maxAge: string, stale: string): Readonly<Record<string, string>> {
  return {
    BALANCE_MAX_AGE_SECONDS: maxAge,
    TRANSACTION_MAX_AGE_SECONDS: maxAge,
    ACCOUNT_MAX_AGE_SECONDS: maxAge,
    STALE_MAX_AGE_SECONDS: stale,
  };
}

/** The gateway itself, as `npm start` runs it, over the simulation; `folder` is the checkout it is started from. */
export function startGateway(
  upstreamUrl: string,
  env: Readonly<Record<string, string>>,
  folder = root,
  how: Pick<Start, 'nodeOptions' | 'onPrinted'> = {},
): Promise<ServerProcess> {
  return startServer({
    ...how,
    script: join(folder, 'src/main.ts'),
    env: {
      UQPAY_BASE_URL: upstreamUrl,
      UQPAY_CLIENT_ID: credential.clientId,
      UQPAY_API_KEY: credential.apiKey,
      UQPAY_RATE_LIMIT_PER_MINUTE: '0',
      PORT: '0',
      LOG_LEVEL: 'error',
      ...env,
    },
    ready: /^ {2}GraphQL +(\S+)$[\s\S]*^Stop with/m,
  });
}
