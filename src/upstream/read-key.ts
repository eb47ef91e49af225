import type { ReadIdentity } from '../ports/upstream.ts';

/**
 * The one text that stands for an upstream read wherever reads are told apart: loaders, flights, memory, budget.
 * Equal for equal identities, whatever the order of the query; different when any part differs. The parts are
 * JSON-encoded, so that none can run into its neighbour.
 */
export function readKey(identity: ReadIdentity): string {
  const { provider, environment, credential, onBehalfOf, method, path, query, body } = identity;
  return JSON.stringify([provider, environment, credential, onBehalfOf, method, path, inOrder(query), body]);
}

/** By name. Adapters write most queries in order, and even a sort of two makes room for hundreds. */
function inOrder(query: ReadIdentity['query']): readonly (readonly [string, string])[] {
  const entries = Object.entries(query);
  const isInOrder = entries.every(
    ([name], index) => index === 0 || (entries[index - 1]?.[0] as string) < name,
  );
  return isInOrder ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
