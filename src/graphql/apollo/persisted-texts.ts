import { LRUCache } from 'lru-cache';
import { type ApolloCache, toApolloCache } from './apollo-cache.ts';

const textsMax = 5_000;
const charactersMax = 8_388_608;
const textCharactersMax = 131_072;

/**
 * Creates the cache of texts that callers registered, by hash. Apollo Server adds a text after it has verified the hash
 * and parsed, validated and limited the text. The least recently used text is evicted; a text that is too long is
 * answered but not cached.
 */
export function createPersistedTexts(): ApolloCache<string> {
  return toApolloCache(
    new LRUCache<string, string>({
      max: textsMax,
      maxSize: charactersMax,
      maxEntrySize: textCharactersMax,
      sizeCalculation: (text, key) => text.length + key.length,
    }),
  );
}

/** A cache that stores nothing. */
export const noPersistedTexts: ApolloCache<string> = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => false,
};
