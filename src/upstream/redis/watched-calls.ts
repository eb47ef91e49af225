import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { WatchedCalls } from '../../ports/watched-calls.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { RedisLink } from './redis-link.ts';

/** How long a reported call counts; replicas report about once a second. */
const watchedMs = 5_000;

/** KEYS: calls of a provider. ARGV: milliseconds that they count, names of calls. Returns how many there are. */
const reportScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[index]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZCARD', KEYS[1])`;

/** Most calls that one replica reports; with more, its own count applies. */
const reportedMax = 1_000;

/** Counts the calls that replicas watch together in Redis, under names that reveal nothing. */
export function createWatchedCalls(link: RedisLink, keys: EncryptionKeys): WatchedCalls {
  const counts = new Map<ProviderCode, number>();

  async function reportOne(provider: ProviderCode, own: readonly string[]): Promise<void> {
    const name = `watched:${keys.nameOf(provider)}`;
    const names = own.slice(0, reportedMax).map((text) => keys.nameOf(text));
    const count = await link.run<unknown>(
      (redis) => redis.eval(reportScript, 1, name, watchedMs, ...names),
      () => null,
    );
    if (typeof count === 'number') counts.set(provider, count);
    else counts.delete(provider);
  }

  return {
    callsOf: (provider) => counts.get(provider) ?? null,
    report(own) {
      link.onBeat(() => {
        for (const [provider, texts] of own()) void reportOne(provider, texts);
      });
    },
  };
}
