import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamEvent } from './live.fixture.ts';

/** A message of the HTTP callback protocol, as a router reads it. */
export interface Message extends Pick<StreamEvent, 'errors'> {
  readonly kind: string;
  readonly action: 'check' | 'next' | 'complete';
  readonly id: string;
  readonly verifier: string;
  readonly payload?: StreamEvent;
}

export interface SentMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: Message;
}

type Answer = (response: ServerResponse) => void;

/** The callback endpoint of a router, on a loopback socket. */
export interface CallbackRouter {
  /** Host and port. */
  readonly host: string;
  /** The next message of that kind; others before it are dropped. */
  next(action: Message['action']): Promise<SentMessage>;
  /** How many messages have arrived. */
  count(): number;
  /** Sets the reply to messages of that kind from now on. */
  answer(action: Message['action'], answer: Answer): void;
  /** Resets replies to those of the protocol, and drops unread messages. */
  reset(): void;
  close(): Promise<void>;
}

const statuses = { check: 204, next: 200, complete: 202 };

export async function startCallbackRouter(): Promise<CallbackRouter> {
  const sent: SentMessage[] = [];
  const answers = new Map<Message['action'], Answer>();
  let wake = () => {};
  let count = 0;
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const message: Message = JSON.parse(text);
    count += 1;
    sent.push({ path: request.url ?? '', headers: request.headers, message });
    const answer = answers.get(message.action);
    response.setHeader('subscription-protocol', 'callback/1.0');
    if (answer === undefined) response.writeHead(statuses[message.action]).end();
    else answer(response);
    wake();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async next(action) {
      for (;;) {
        const found = sent.shift();
        if (found?.message.action === action) return found;
        if (found === undefined) await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    count: () => count,
    answer: (action, answer) => void answers.set(action, answer),
    reset() {
      answers.clear();
      sent.length = 0;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
