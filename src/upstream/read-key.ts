import type { ReadIdentity } from '../ports/upstream.ts';

/**
 * The key of an upstream read, for loaders, in-flight reads and caches. Equal for equal identities, whatever the order
 * of the query parameters; different when any part differs. The parts are JSON-encoded, so that none can run into the
 * next.
 */
export function readKey(identity: ReadIdentity): string {
  const { provider, environment, credential, onBehalfOf, method, path, query, body } = identity;
  return JSON.stringify([
    provider,
    environment,
    credential,
    onBehalfOf,
    method,
    path,
    sortedEntries(query),
    body,
  ]);
}

/** Sorted by name. Most queries already are, and even a sort of two entries allocates room for hundreds. */
function sortedEntries(query: ReadIdentity['query']): readonly (readonly [string, string])[] {
  const entries = Object.entries(query);
  const isSorted = entries.every(
    ([name], index) => index === 0 || (entries[index - 1]?.[0] as string) < name,
  );
  return isSorted ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
