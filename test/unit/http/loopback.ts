import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Connections accepted so far. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1. */
export async function startLoopback(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener);
  let connectionCount = 0;
  server.on('connection', () => {
    connectionCount += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connectionCount: () => connectionCount,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
