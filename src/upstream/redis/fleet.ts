import type { Heartbeat } from './redis-link.ts';

/** The replicas that share one Redis and the same credentials, as this one knows them. */
export interface Fleet extends Heartbeat {
  /** Replicas that a replica without Redis must leave room for, itself included. */
  size(): number;
  /**
   * Those that Redis has not heard of for seconds, as they may be running without it; and one where fewer are there than the
   * operator has said.
   */
  missing(): number;
}

export interface FleetOptions {
  /** Key of the list of replicas, the same for all of them. */
  readonly name: string;
  /** This replica: the same after a restart, where possible. */
  readonly replica: string;
  /** How many replicas there are, when the operator has said so; null otherwise. */
  readonly replicas: number | null;
}

/** Until Redis has told otherwise, and at least, where nobody has said how many replicas there are. */
const assumedReplicas = 4;
/** A replica says every second that it is there. */
const presentMs = 5_000;
/** How long a replica that has not said goodbye is taken for one that runs without Redis. */
const rememberedMs = 10 * 60_000;

/** KEYS: replicas. ARGV: replica, how long it counts as present, how long it is remembered. */
const beatScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {redis.call('ZCOUNT', KEYS[1], now - ARGV[2], '+inf'), redis.call('ZCARD', KEYS[1])}`;

/** A fleet that is known by its heartbeats in Redis. */
export function createFleet({ name, replica, replicas }: FleetOptions): Fleet {
  let present = 1;
  let known = 1;
  return {
    async beat(redis) {
      const reply = await redis.eval(beatScript, 1, name, replica, presentMs, rememberedMs);
      [present, known] = (reply as [number, number]).map((count) => Math.max(1, count)) as [number, number];
    },
    leave: (redis) => redis.zrem(name, replica),
    size: () => Math.max(replicas ?? assumedReplicas, known),
    // One that starts without Redis is never heard of; an update starts one at a time.
    missing: () => Math.max(known - present, present < (replicas ?? 0) ? 1 : 0),
  };
}
