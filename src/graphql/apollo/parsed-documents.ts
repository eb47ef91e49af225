import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type ApolloCache, toApolloCache } from './apollo-cache.ts';

/**
 * Room for parsed documents, in characters of their text. Each character takes about 66 bytes of heap once parsed:
 * about 32 MiB in all, and up to 90 MiB when names are one or two letters long. Some thousand operations of usual size
 * fit.
 */
const charactersMax = 500_000;

/**
 * Creates the cache of parsed and validated documents, which evicts the least recently used. It replaces Apollo
 * Server's own store, which serialises each new document as JSON to measure it, and grows to 146 MiB of heap when
 * callers put their values into the text.
 */
export function createParsedDocuments(): ApolloCache<DocumentNode> {
  return toApolloCache(
    new LRUCache<string, DocumentNode>({
      maxSize: charactersMax,
      sizeCalculation: ({ loc }, key) => (loc?.end ?? charactersMax) + key.length,
    }),
  );
}
