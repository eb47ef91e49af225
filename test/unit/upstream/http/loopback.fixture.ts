import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer, type Server, type Socket } from 'node:net';

export interface Loopback {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Connections accepted so far. */
  connectionCount(): number;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1, or of another address of this machine. */
export async function startLoopback(listener: RequestListener, host = '127.0.0.1'): Promise<Loopback> {
  return listen(createServer(listener), host);
}

/** A raw TCP server: `onRequest` gets the received text and the number of the request (from 1). */
export async function startBytes(
  onRequest: (socket: Socket, requestCount: number) => void,
): Promise<Loopback> {
  let requestCount = 0;
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => onRequest(socket, ++requestCount));
  });
  return listen(server, '127.0.0.1');
}

async function listen(server: Server, host: string): Promise<Loopback> {
  const open = new Set<Socket>();
  let connectionCount = 0;
  server.on('connection', (socket: Socket) => {
    connectionCount += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    connectionCount: () => connectionCount,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
