import type { RedisServer } from '../domain/redis-server.ts';
import { acquireLock } from '../upstream/redis/lock.ts';
import { type RedisClient, sharedPart } from '../upstream/redis/redis-client.ts';
import { toReason, toTrouble } from '../upstream/redis/redis-errors.ts';
import type { RedisLink, RedisLog } from '../upstream/redis/redis-link.ts';
import { takeScript } from '../upstream/redis/slot-script.ts';
import { type Finding, ok, problem, type Section, warning } from './finding.ts';

/** Records what a link logs when Redis fails: the error's code or name, and the kind of trouble. */
export interface RedisNotes {
  readonly log: RedisLog;
  last(): { readonly reason: string; readonly trouble: string } | null;
}

export function createRedisNotes(): RedisNotes {
  let last: ReturnType<RedisNotes['last']> = null;
  return {
    log: {
      info() {},
      warn(details) {
        last = {
          reason: String(Reflect.get(details, 'reason')),
          trouble: String(Reflect.get(details, 'trouble')),
        };
      },
    },
    last: () => last,
  };
}

const slowMs = 50;
const pingCount = 5;
const fullShare = 0.9;

const remedies: Readonly<Record<string, string>> = {
  SLOW: 'It did not answer in REDIS_TIMEOUT_MS. Put Redis nearer to the gateway, or give it more CPU.',
  FULL: 'It refuses writes: its memory or its disk is full. Raise maxmemory, or give the gateway its own Redis.',
  GONE: 'Check that it runs, and that REDIS_URL has the right host, port and scheme (rediss:// for TLS).',
  REFUSED: 'Check the user name and the password in REDIS_URL, and what that user may do.',
};

/** What the gateway does with Redis, under separate keys that expire soon. */
const tasks: readonly (readonly [string, (redis: RedisClient, name: string) => Promise<unknown>])[] = [
  ['cached reads', (redis, name) => redis.set(name, '1', 'PX', 1_000)],
  [
    'call budget',
    (redis, name) => {
      const part = sharedPart(redis, `${name}:calls`);
      return redis.eval(takeScript, 2, `${part}:slots`, `${part}:pause`, 1, 1, 1_000, 1, 1, 0, 0, 'doctor');
    },
  ],
  [
    'tokens',
    async (redis, name) => (await acquireLock(redis, `${name}:token`, 1_000, 1_000))?.release(redis),
  ],
];

/**
 * Examines whether Redis supports what the gateway needs, how fast it is, and whether it may evict what replicas share.
 */
export async function examineRedis(
  link: RedisLink,
  server: RedisServer,
  notes: RedisNotes,
): Promise<Section> {
  const name = 'Redis';
  const where = whereIs(server);
  let trouble: ReturnType<RedisNotes['last']> = null;
  const tryTask = async (redis: RedisClient, index: number): Promise<void> => {
    const [what, run] = tasks[index % tasks.length] ?? (tasks[0] as (typeof tasks)[number]);
    await run(redis, `doctor:${process.pid}`).catch((error: unknown) => {
      trouble = { reason: `${what}: ${toReason(error)}`, trouble: toTrouble(error) };
      throw error;
    });
  };
  const millis = await link.run<number | null>(
    async (redis) => {
      const times: number[] = [];
      for (let count = 0; count < pingCount; count += 1) {
        const startedAt = performance.now();
        await tryTask(redis, count);
        times.push(performance.now() - startedAt);
      }
      return times.sort((a, b) => a - b)[Math.floor(pingCount / 2)] ?? 0;
    },
    () => null,
    'token',
  );
  if (millis === null) {
    const known = trouble ?? notes.last() ?? { reason: 'not connected', trouble: 'GONE' };
    const text = `Redis at ${where} cannot be used (${known.reason}): each replica would continue on its own.`;
    return { name, findings: [problem(text, toRemedy(known))] };
  }
  const info = await link.run<string | null>(
    (redis) => redis.info().catch(() => null),
    () => null,
  );
  return { name, findings: [toSpeed(where, millis), ...(info === null ? [] : toMemory(info))] };
}

/** The address of Redis, without the password. */
function whereIs({ kind, nodes, primaryName }: RedisServer): string {
  const hosts = nodes.map(({ host, port }) => `${host}:${port}`).join(', ');
  if (kind === 'SENTINEL') return `${primaryName} of the Sentinels ${hosts}`;
  return kind === 'CLUSTER' ? `the Cluster ${hosts}` : hosts;
}

function toRemedy({ reason, trouble }: { readonly reason: string; readonly trouble: string }): string {
  if (reason.endsWith('READONLY'))
    return 'It is a read-only replica. Point REDIS_URL to the primary, or to its Sentinels.';
  return remedies[trouble] ?? 'Check REDIS_URL.';
}

function toSpeed(host: string, millis: number): Finding {
  const text = `Redis at ${host} takes writes, in ${millis.toFixed(1)} ms.`;
  if (millis < slowMs) return ok(text);
  return warning(
    text,
    'Reads continue without it after REDIS_TIMEOUT_MS (1 s). Put Redis nearer to the gateway.',
  );
}

function toMemory(info: string): Finding[] {
  const fieldOf = (name: string) => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
  const memoryMax = Number(fieldOf('maxmemory'));
  const share = memoryMax > 0 ? Number(fieldOf('used_memory')) / memoryMax : 0;
  const policy = fieldOf('maxmemory_policy');
  const findings = [ok(`Version ${fieldOf('redis_version')}, maxmemory-policy ${policy}.`)];
  if (share > fullShare) {
    findings.push(
      warning(
        `Its memory is ${Math.floor(share * 100)} % full.`,
        'Raise maxmemory: once it is full, each replica continues on its own.',
      ),
    );
  }
  if (memoryMax > 0 && policy !== 'noeviction') {
    findings.push(
      warning(
        `With ${policy} it may evict token, locks and call budget when its memory is full.`,
        'Set maxmemory-policy noeviction, in a Redis with nothing else in it.',
      ),
    );
  }
  return findings;
}
