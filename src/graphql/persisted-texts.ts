import { LRUCache } from 'lru-cache';

const textsMax = 5_000;
const charactersMax = 8_388_608;
const textCharactersMax = 131_072;

/** Texts by the hash that callers ask for them with, as Apollo Server wants to be given them. */
export interface PersistedTexts {
  get(key: string): Promise<string | undefined>;
  set(key: string, text: string): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/**
 * Texts that callers registered. Apollo Server puts one here after it compared the hash, parsed, validated and judged
 * the text. What was not asked for longest goes first; a text that is too long is answered and not kept.
 */
export function createPersistedTexts(): PersistedTexts {
  const texts = new LRUCache<string, string>({
    max: textsMax,
    maxSize: charactersMax,
    maxEntrySize: textCharactersMax,
    sizeCalculation: (text, key) => text.length + key.length,
  });
  return {
    get: async (key) => texts.get(key),
    async set(key, text) {
      texts.set(key, text);
    },
    delete: async (key) => texts.delete(key),
  };
}

/** Knows no text and learns none. */
export const noPersistedTexts: PersistedTexts = {
  get: async () => undefined,
  set: async () => {},
  delete: async () => false,
};
