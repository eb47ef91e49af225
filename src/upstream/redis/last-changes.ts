import { randomUUID } from 'node:crypto';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { RedisLink } from './redis-link.ts';

/**
 * The latest change of each provider that any replica has announced. A read that began while the same change was the latest
 * is newer than that change, whatever the clocks of the replicas say.
 */
export interface LastChanges {
  /** Announces a change. While Redis is unavailable, `last` of this process names none. */
  announce(provider: ProviderCode): Promise<void>;
  /** Names the latest change; null if there is none, or that is not known. */
  last(provider: ProviderCode): Promise<string | null>;
}

/** How long a change is known: longer than reads are shared. */
const keptMs = 3_600_000;

export function createLastChanges(link: RedisLink, keys: EncryptionKeys): LastChanges {
  const nameOf = (provider: ProviderCode) => `change:${keys.nameOf(provider)}`;
  const unannounced = new Set<ProviderCode>();

  async function announce(provider: ProviderCode): Promise<void> {
    unannounced.add(provider);
    const isAnnounced = await link.run(
      async (redis) => (await redis.set(nameOf(provider), randomUUID(), 'PX', keptMs)) === 'OK',
      () => false,
    );
    if (isAnnounced) unannounced.delete(provider);
  }

  return {
    announce,
    async last(provider) {
      if (unannounced.has(provider)) await announce(provider);
      if (unannounced.has(provider)) return null;
      return link.run(
        (redis) => redis.get(nameOf(provider)),
        () => null,
      );
    },
  };
}
