import type { ProviderSources } from '../config/providers.ts';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../upstream/index.ts';
import type { Closer } from './close-all.ts';
import type { Connection } from './connection.ts';

/**
 * Every provider that can be connected, in display order; the only list of concrete providers. Each is loaded, with its
 * packages, only when it is configured.
 */
function openings(
  { uqpay, ibanera, noah }: ProviderSources,
  clock: Clock,
): readonly (Promise<Connection> | null)[] {
  return [
    uqpay && import('./uqpay-connection.ts').then(({ openUqpay }) => openUqpay(uqpay, clock)),
    ibanera && import('./ibanera-connection.ts').then(({ openIbanera }) => openIbanera(ibanera, clock)),
    noah && import('./noah-connection.ts').then(({ openNoah }) => openNoah(noah, clock)),
  ];
}

/**
 * Opens the connections to all configured providers concurrently, and adds each that was opened to `closers`. Rejects with
 * the first failure, after all have ended. Embedded sandboxes go by `clock`.
 */
export async function openConnections(
  sources: ProviderSources,
  closers: Closer[],
  clock: Clock = systemClock,
): Promise<readonly Connection[]> {
  const opened = await Promise.allSettled(openings(sources, clock).filter((opening) => opening !== null));
  const connections = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const connection of connections) closers.push(() => connection.close());
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return connections;
}
