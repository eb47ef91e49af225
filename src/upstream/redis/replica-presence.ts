import type { Heartbeat } from './redis-link.ts';

/** What this replica knows of the replicas that share its Redis and its credentials. */
export interface ReplicaPresence extends Heartbeat {
  /** How many replicas, itself included, a replica without Redis must leave room for. */
  size(): number;
  /**
   * How many replicas Redis has not heard from for seconds, which may be running without it; at least one while fewer
   * are present than the operator configured.
   */
  missing(): number;
}

export interface ReplicaPresenceOptions {
  /** Key of the list of replicas, the same for all of them. */
  readonly name: string;
  /** Name of this replica; the same after a restart, where possible. */
  readonly replica: string;
  /** How many replicas there are, if the operator configured it; otherwise null. */
  readonly replicas: number | null;
}

/** The least number of replicas to assume if the operator did not configure one. */
const assumedReplicas = 4;
/** How long a replica counts as present after a heartbeat; it sends one every second. */
const presentMs = 5_000;
/** How long a silent replica that did not sign off counts as running without Redis. */
const knownMs = 10 * 60_000;

/** KEYS: replicas. ARGV: replica, milliseconds that it counts as present, milliseconds that it stays known. */
const beatScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {redis.call('ZCOUNT', KEYS[1], now - ARGV[2], '+inf'), redis.call('ZCARD', KEYS[1])}`;

/** Tracks the replicas by their heartbeats in Redis. */
export function createReplicaPresence({ name, replica, replicas }: ReplicaPresenceOptions): ReplicaPresence {
  let present = 1;
  let known = 1;
  return {
    async beat(redis) {
      const reply = await redis.eval(beatScript, 1, name, replica, presentMs, knownMs);
      [present, known] = (reply as [number, number]).map((count) => Math.max(1, count)) as [number, number];
    },
    leave: (redis) => redis.zrem(name, replica),
    size: () => Math.max(replicas ?? assumedReplicas, known),
    // Redis never hears from a replica that starts without it. One is enough: an update starts one at a time.
    missing: () => Math.max(known - present, present < (replicas ?? 0) ? 1 : 0),
  };
}
