import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** An endpoint for webhooks on loopback. */
export interface Receiver {
  readonly url: string;
  /** Its reply: a status, or none. */
  answer: number | 'nothing';
  /** All so far, once there are this many. */
  received(count: number): Promise<readonly Received[]>;
  reset(): void;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  let all: Received[] = [];
  let wake = () => {};
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    all.push({ headers: request.headers, body, event: JSON.parse(body) });
    wake();
    if (receiver.answer !== 'nothing') response.writeHead(receiver.answer).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    answer: 200,
    async received(count) {
      while (all.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return all;
    },
    reset() {
      all = [];
      receiver.answer = 200;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
