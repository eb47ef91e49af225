import type { RequestListener } from 'node:http';
import { afterEach } from '@jest/globals';
import { Failure } from '../../../../src/domain/failure.ts';
import type { HttpPort, HttpReply, HttpRequest } from '../../../../src/ports/http.ts';
import { type HttpOptions, httpClients } from '../../../../src/upstream/http/index.ts';
import { type Loopback, startLoopback } from './loopback.fixture.ts';

type Client = keyof typeof httpClients;

export const clients = Object.keys(httpClients) as readonly Client[];
/** got sends plain reads and other requests in different ways, so the tests cover both. */
export const ways = clients.flatMap((client) =>
  (['GET', 'POST'] as const).map((method) => [client, method] as const),
);

const usual: HttpOptions = {
  connectTimeoutMs: 1_000,
  requestTimeoutMs: 5_000,
  replyBytesMax: 1_000,
  maxSockets: 4,
};
const secret = { 'x-api-key': 'key-that-must-not-show' };

/** One client and one server. Both are closed after each test. */
export interface Subject {
  readonly server: Loopback;
  readonly http: HttpPort;
  start(listener: RequestListener, options?: Partial<HttpOptions>): Promise<void>;
  /** Only the client, for servers that a test starts itself. */
  open(options?: Partial<HttpOptions>): void;
  /** To a path of the server, or to a whole URL. */
  send(path?: string, signal?: AbortSignal): Promise<HttpReply>;
  /** The failure of sending, checked to contain no secret. */
  failureOf(path?: string, signal?: AbortSignal): Promise<Failure>;
}

export function subjectOf(client: Client, method: HttpRequest['method'] = 'GET'): Subject {
  let server: Loopback | null = null;
  let http: HttpPort | null = null;
  afterEach(async () => {
    http?.close();
    await server?.close();
    http = null;
    server = null;
  });
  const subject: Subject = {
    get server() {
      return server as Loopback;
    },
    get http() {
      return http as HttpPort;
    },
    async start(listener, options) {
      server = await startLoopback(listener);
      subject.open(options);
    },
    open(options = {}) {
      http = httpClients[client]({ ...usual, ...options });
    },
    send: (path = '/a?q=query-that-must-not-show', signal) =>
      subject.http.send({
        name: 'X GET /x',
        method,
        url: path.startsWith('/') ? `${subject.server.url}${path}` : path,
        headers: secret,
        ...(method === 'GET' ? {} : { body: 'body-that-must-not-show' }),
        ...(signal === undefined ? {} : { signal }),
      }),
    async failureOf(path, signal) {
      const error = await subject.send(path, signal).then(
        () => new Error('was answered'),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof Failure)) throw error;
      const told = JSON.stringify([error.message, error.details, error.stack, String(error.cause)]);
      if (/must-not-show/.test(told)) throw new Error(`A secret shows: ${told}`);
      return error;
    },
  };
  return subject;
}
