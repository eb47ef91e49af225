import { toReason, toTrouble } from '../upstream/redis/redis-errors.ts';
import type { RedisLink, RedisLog } from '../upstream/redis/redis-link.ts';
import { type Finding, ok, problem, type Section, warning } from './finding.ts';

/** What a link says when Redis fails it: the error's code or name, and what kind of trouble it is. */
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
  FULL: 'It takes no writes: its memory or its disk is full. Raise maxmemory, or give the gateway a Redis of its own.',
  GONE: 'Check that it runs, and that REDIS_URL has the right host, port and scheme (rediss:// for TLS).',
  REFUSED: 'Check the user name and the password in REDIS_URL, and what that user may do.',
};

/** Whether Redis can be written to, how fast it is, and whether it may forget what the fleet shares. */
export async function examineRedis(link: RedisLink, url: string, notes: RedisNotes): Promise<Section> {
  const name = 'Redis';
  const { host } = new URL(url);
  let failure: ReturnType<RedisNotes['last']> = null;
  const millis = await link.run<number | null>(
    async (redis) => {
      const times: number[] = [];
      for (let count = 0; count < pingCount; count += 1) {
        const startedAt = performance.now();
        await redis.set(`doctor:${process.pid}`, '1', 'PX', 1_000).catch((error: unknown) => {
          failure = { reason: toReason(error), trouble: toTrouble(error) };
          throw error;
        });
        times.push(performance.now() - startedAt);
      }
      return times.sort((a, b) => a - b)[Math.floor(pingCount / 2)] ?? 0;
    },
    () => null,
  );
  if (millis === null) {
    const { reason, trouble } = failure ?? notes.last() ?? { reason: 'not connected', trouble: 'GONE' };
    const text = `Redis at ${host} cannot be used (${reason}): each replica would go on by itself.`;
    return { name, findings: [problem(text, remedies[trouble] ?? 'Check REDIS_URL.')] };
  }
  const info = await link.run<string | null>(
    (redis) => redis.info().catch(() => null),
    () => null,
  );
  return { name, findings: [toSpeed(host, millis), ...(info === null ? [] : toMemory(info))] };
}

function toSpeed(host: string, millis: number): Finding {
  const text = `Redis at ${host} takes writes, in ${millis.toFixed(1)} ms.`;
  if (millis < slowMs) return ok(text);
  return warning(
    text,
    'Reads go on without it after REDIS_TIMEOUT_MS (1 s). Put Redis nearer to the gateway.',
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
        'Raise maxmemory: once it is full, each replica goes on by itself.',
      ),
    );
  }
  if (memoryMax > 0 && policy !== 'noeviction') {
    findings.push(
      warning(
        `With ${policy} it may throw away token, locks and call budget when its memory is full.`,
        'Set maxmemory-policy noeviction, in a Redis that holds nothing else.',
      ),
    );
  }
  return findings;
}
