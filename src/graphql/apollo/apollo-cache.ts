import type { LRUCache } from 'lru-cache';

/** The cache interface that Apollo Server expects. */
export interface ApolloCache<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** Adapts `entries`, with its bounds, to Apollo Server's cache interface. */
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
