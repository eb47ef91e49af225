import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PortVariable, toListenError } from './listen-error.ts';

/**
 * Connections that the system keeps until they are taken. A crowd that comes while the process is busy would fill the 511
 * that are usual, and whoever comes then is only let in seconds later. The system may allow fewer.
 */
const backlogMax = 4_096;

/**
 * Listens and answers the origin to open in a browser. Rejects with `ListenError` when the address cannot be
 * listened on; `variable` is where its port came from.
 */
export function listen(server: Server, host: string, port: number, variable: PortVariable): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, host, port, variable)));
    server.listen({ host, port, backlog: backlogMax }, () =>
      resolve(originOf(server.address() as AddressInfo)),
    );
  });
}

/** Addresses that mean "every interface" are shown as this machine. */
function originOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
