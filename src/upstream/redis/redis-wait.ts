/**
 * How long a command waits for Redis before its caller continues without it. Going without costs a call (`brief`),
 * makes a call that other replicas do not count (`slot`), or may request a second token, which can revoke the one in
 * use (`token`).
 */
export type RedisWait = 'brief' | 'slot' | 'token';

/** Longest waits for `slot` and `token`, unless a `brief` wait is longer. */
const slotMs = 2_500;
const tokenMs = 5_000;

/** The longest wait of each kind; `briefMs` is that of `brief`. */
export function waitMsOf(briefMs: number): Readonly<Record<RedisWait, number>> {
  return { brief: briefMs, slot: Math.max(briefMs, slotMs), token: Math.max(briefMs, tokenMs) };
}
