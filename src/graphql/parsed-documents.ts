import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type ApolloCache, toApolloCache } from './apollo-cache.ts';

/**
 * Room for parsed documents, in characters of their text; parsed, each takes about 66 bytes of heap, so that all of
 * them take about 32 MiB, and up to 90 MiB where names are one or two letters long. Some thousand operations of usual
 * size fit.
 */
const charactersMax = 500_000;

/**
 * Parsed and validated documents; those not used for longest make room. In place of Apollo Server's own store: that
 * one writes each new document as JSON to see how long it is, and grows to 146 MiB of heap with callers who put their
 * values into the text.
 */
export function createParsedDocuments(): ApolloCache<DocumentNode> {
  return toApolloCache(
    new LRUCache<string, DocumentNode>({
      maxSize: charactersMax,
      sizeCalculation: ({ loc }, key) => (loc?.end ?? charactersMax) + key.length,
    }),
  );
}
