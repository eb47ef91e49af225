import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PortVariable, toListenError } from './listen-error.ts';

/**
 * Connections that the operating system queues until they are accepted. A burst while the process is busy would fill
 * the usual 511, and later connections would be accepted only after seconds. The system may allow fewer.
 */
const backlogMax = 4_096;

/**
 * Listens, and returns the origin to open in a browser. Rejects with `ListenError`; `variable` names the variable that
 * set the port.
 */
export function listen(server: Server, host: string, port: number, variable: PortVariable): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, host, port, variable)));
    server.listen({ host, port, backlog: backlogMax }, () =>
      resolve(originOf(server.address() as AddressInfo)),
    );
  });
}

/** An address that means "every interface" is shown as localhost. */
function originOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://localhost:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
