import { type Contender, type PeerName, toContender } from './contenders.ts';
import { findCursors } from './find-cursors.ts';
import { askGateway } from './load.ts';
import { type ServerProcess, startServer, type UpstreamProcess } from './processes.ts';

/** Starts the other servers (bench/peers) over one upstream. They get the same queries as the gateway. */
export async function startPeers({ url }: UpstreamProcess): Promise<readonly Contender[]> {
  const [yoga, caching, apollo] = await Promise.all([
    startPeer('yoga', 'fresh', url),
    startPeer('yoga', 'cached', url),
    startPeer('apollo', url),
  ]);
  // A peer's cursors are valid at every other peer.
  const asking = askGateway(await findCursors(yoga, false));
  const toPeer = (name: PeerName, server: ServerProcess, callsUpstream: boolean, ownCalls = {}) =>
    toContender(name, server, asking, callsUpstream, ownCalls);
  return [
    toPeer('yoga', yoga, true),
    // Without dataloaders: one call for each balance.
    toPeer('apollo', apollo, true, { W2: 11, W4: 51 }),
    toPeer('yoga with response cache', caching, false),
  ];
}

function startPeer(name: 'yoga' | 'apollo', ...rest: readonly string[]): Promise<ServerProcess> {
  return startServer({
    script: `bench/peers/${name}.ts`,
    arguments: rest,
    // Saves up to a quarter of a peer's CPU with graphql-js, but next to nothing if operations are compiled.
    env: { NODE_ENV: 'production' },
  });
}
