import type { ReadIdentity } from '../ports/upstream.ts';

/**
 * The one text that stands for an upstream read wherever reads are told apart: loaders, flights, memory, budget.
 * Equal for equal identities, whatever the order of the query; different when any part differs. The parts are
 * JSON-encoded, so that none can run into its neighbour.
 */
export function readKey(identity: ReadIdentity): string {
  const { provider, environment, credential, onBehalfOf, method, path, query, body } = identity;
  const sortedQuery = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([provider, environment, credential, onBehalfOf, method, path, sortedQuery, body]);
}
