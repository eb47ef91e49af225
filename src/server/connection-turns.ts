import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Handles one request; `isOneTooMany`: it was sent ahead where there is no room for it, and only gets a refusal. */
export type HandleInTurn = (
  request: IncomingMessage,
  response: ServerResponse,
  isOneTooMany: boolean,
) => void;

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isOneTooMany: boolean;
}

/** A connection with a request in work. */
interface BusyConnection {
  readonly waiting: Waiting[];
  /** One too many was sent ahead: whatever comes behind it is not answered any more. */
  isFull: boolean;
  /** Requests that came behind it. */
  droppedCount: number;
}

/**
 * Node keeps what it makes of a request for as long as the connection stands, answered or not, and 64 kB that it reads
 * at once hold 2,000 requests: 200 connections of them took more than 256 MB.
 */
const droppedMax = 32;

/** Hands on the requests of each connection one at a time. */
export interface ConnectionTurns {
  /** Takes a request as Node hands it over. */
  take(request: IncomingMessage, response: ServerResponse): void;
  /** Whether a request that was sent ahead waits behind this one. */
  hasWaiting(socket: Socket): boolean;
}

/**
 * Requests that a caller sends ahead on one connection (pipelining) wait until the answer before has left: else somebody
 * who reads nothing has hundreds of them worked on. Nothing more is read from the connection meanwhile. What Node has
 * parsed by then is kept, `sentAheadMax` requests of all connections together.
 */
export function createConnectionTurns(sentAheadMax: number, handle: HandleInTurn): ConnectionTurns {
  const busy = new WeakMap<Socket, BusyConnection>();
  let sentAhead = 0;

  function begin(socket: Socket, connection: BusyConnection, next: Waiting): void {
    const { request, response, isOneTooMany } = next;
    // A connection that ends tells only the response that it was busy with.
    if (!socket.writable) queueMicrotask(() => endTurn(socket, connection));
    else response.once('close', () => endTurn(socket, connection));
    handle(request, response, isOneTooMany);
  }

  function endTurn(socket: Socket, connection: BusyConnection): void {
    const next = connection.waiting.shift();
    if (next === undefined) {
      busy.delete(socket);
      return;
    }
    sentAhead -= 1;
    if (connection.waiting.length === 0 && !connection.isFull) socket.resume();
    begin(socket, connection, next);
  }

  return {
    hasWaiting: (socket) => (busy.get(socket)?.waiting.length ?? 0) > 0,
    take(request, response) {
      const { socket } = request;
      const connection = busy.get(socket);
      if (connection === undefined) {
        const begun: BusyConnection = { waiting: [], isFull: false, droppedCount: 0 };
        busy.set(socket, begun);
        begin(socket, begun, { request, response, isOneTooMany: false });
        return;
      }
      if (connection.isFull) {
        connection.droppedCount += 1;
        if (connection.droppedCount > droppedMax) socket.destroy();
        return;
      }
      connection.isFull = sentAhead >= sentAheadMax;
      connection.waiting.push({ request, response, isOneTooMany: connection.isFull });
      sentAhead += 1;
      socket.pause();
    },
  };
}
