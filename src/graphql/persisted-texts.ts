import { LRUCache } from 'lru-cache';
import { type ApolloCache, toApolloCache } from './apollo-cache.ts';

const textsMax = 5_000;
const charactersMax = 8_388_608;
const textCharactersMax = 131_072;

/**
 * Texts that callers registered, by the hash that they ask for them with. Apollo Server puts one here after it compared
 * the hash, parsed, validated and judged the text. What was not asked for longest goes first; a text that is too long is
 * answered and not kept.
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

/** Knows no text and learns none. */
export const noPersistedTexts: ApolloCache<string> = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => false,
};
