import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerLimits } from './contract.ts';
import { readInPieces } from './read-in-pieces.ts';
import type { Exchange } from './reply.ts';

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

/** A connection, and what is under way on it. */
export class Connection {
  /** The request that is being answered. */
  exchange: Exchange | null = null;
  /** The response to it. */
  response: ServerResponse | null = null;
  /** When the response was first seen waiting to leave; null: it is not made yet. */
  unreadSinceMs: number | null = null;
  /** Requests that were sent ahead. */
  readonly waiting: Waiting[] = [];
  /** One too many was sent ahead: whatever comes behind it is not answered any more. */
  isFull = false;
  /** Requests that came behind it. */
  droppedCount = 0;
}

/** Node keeps what it makes of a request for as long as the connection stands, answered or not. */
const droppedMax = 32;

/** The open connections. */
export interface Connections {
  /** Follows a connection until it is closed. */
  open(socket: Socket): Connection;
  of(socket: Socket): Connection | undefined;
  /** Takes a request as Node hands it over, and hands it on once the answer before it has left. */
  take(request: IncomingMessage, response: ServerResponse, handle: HandleInTurn): void;
  /** Ends connections that have not sent a byte: Node counts them as busy. */
  endUnused(): void;
  stop(): void;
}

/**
 * Bounds what one connection can have the gateway work on and keep. Requests that a caller sends ahead (pipelining) wait
 * until the answer before has left, and nothing more is read from the connection meanwhile: else somebody who reads
 * nothing has hundreds of them worked on. The few that Node has parsed by then are kept, `sentAheadMax` requests of all
 * connections together. An answer that has not left `answerTimeoutMs` after it was made ends its connection; this is
 * looked at now and then, because a timer for each answer would cost more than most answers.
 *
 * All of it stands in one object for each connection. Maps with an entry for each request doubled what an answer from
 * the cache costs: what was deleted from them stays reachable until the next full garbage collection.
 */
export function createConnections({
  sentAheadMax,
  answerTimeoutMs,
  timeoutCheckMs,
}: Pick<ServerLimits, 'sentAheadMax' | 'answerTimeoutMs' | 'timeoutCheckMs'>): Connections {
  const connections = new Map<Socket, Connection>();
  let sentAhead = 0;

  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const connection of connections.values()) endUnread(connection, nowMs);
  }, timeoutCheckMs);
  timer.unref();

  function endUnread(connection: Connection, nowMs: number): void {
    const { response, unreadSinceMs } = connection;
    if (response?.writableEnded !== true) return;
    if (unreadSinceMs === null) connection.unreadSinceMs = nowMs;
    else if (nowMs - unreadSinceMs >= answerTimeoutMs) response.destroy();
  }

  function open(socket: Socket): Connection {
    const connection = new Connection();
    if (socket.destroyed) return connection;
    connections.set(socket, connection);
    readInPieces(socket, () => connection.waiting.length === 0 && !connection.isFull);
    socket.once('close', () => connections.delete(socket));
    return connection;
  }

  function begin(socket: Socket, connection: Connection, next: Waiting, handle: HandleInTurn): void {
    const { request, response, isOneTooMany } = next;
    connection.response = response;
    connection.unreadSinceMs = null;
    const end = () => endTurn(socket, connection, handle);
    // A connection that ends tells only the response that it was busy with.
    if (!socket.writable) queueMicrotask(end);
    else response.once('close', end);
    handle(request, response, isOneTooMany);
  }

  function endTurn(socket: Socket, connection: Connection, handle: HandleInTurn): void {
    const next = connection.waiting.shift();
    if (next === undefined) {
      connection.response = null;
      return;
    }
    sentAhead -= 1;
    if (connection.waiting.length === 0 && !connection.isFull) socket.resume();
    begin(socket, connection, next, handle);
  }

  return {
    open,
    of: (socket) => connections.get(socket),
    take(request, response, handle) {
      const { socket } = request;
      const connection = connections.get(socket) ?? open(socket);
      if (connection.isFull) {
        connection.droppedCount += 1;
        if (connection.droppedCount > droppedMax) socket.destroy();
      } else if (connection.response === null) {
        begin(socket, connection, { request, response, isOneTooMany: false }, handle);
      } else {
        connection.isFull = sentAhead >= sentAheadMax;
        connection.waiting.push({ request, response, isOneTooMany: connection.isFull });
        sentAhead += 1;
        socket.pause();
      }
    },
    endUnused() {
      for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
    stop: () => clearInterval(timer),
  };
}
