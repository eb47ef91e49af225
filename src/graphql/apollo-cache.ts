import type { LRUCache } from 'lru-cache';

/** A cache as Apollo Server wants to be given one. */
export interface ApolloCache<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** `entries`, with whatever bounds they have, for Apollo Server. */
export function toApolloCache<Value extends object | string>(
  entries: LRUCache<string, Value>,
): ApolloCache<Value> {
  return {
    get: async (key) => entries.get(key),
    async set(key, value) {
      entries.set(key, value);
    },
    delete: async (key) => entries.delete(key),
  };
}
