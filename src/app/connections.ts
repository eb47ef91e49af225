import type { ProviderSources } from '../config/providers.ts';
import type { Closer } from './close-all.ts';
import type { Connection } from './connection.ts';
import { openIbanera } from './ibanera-connection.ts';
import { openNoah } from './noah-connection.ts';
import { openUqpay } from './uqpay-connection.ts';

/** Every provider that can be connected, in display order: the one list of concrete providers. */
function openings({ uqpay, ibanera, noah }: ProviderSources): readonly (Promise<Connection> | null)[] {
  return [uqpay && openUqpay(uqpay), ibanera && openIbanera(ibanera), noah && openNoah(noah)];
}

/**
 * Opens the ways to all providers that are configured, side by side. What was opened is noted in `closers`, also
 * when another one fails; then rejects with the first failure.
 */
export async function openConnections(
  sources: ProviderSources,
  closers: Closer[],
): Promise<readonly Connection[]> {
  const opened = await Promise.allSettled(openings(sources).filter((opening) => opening !== null));
  const connections = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const connection of connections) closers.push(() => connection.close());
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return connections;
}
