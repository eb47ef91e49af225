import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { readInPieces } from './read-in-pieces.ts';
import type { Exchange } from './reply.ts';
import type { ServerLimits } from './server-limits.ts';

/** Handles one request. With `isOneTooMany` it was pipelined without room for it, and only gets a refusal. */
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

/** A connection and the requests in progress on it. */
export class Connection {
  /** The request that is being answered. */
  exchange: Exchange | null = null;
  /** Its response. */
  response: ServerResponse | null = null;
  /** When the response was first seen ready but not sent, by `performance.now()`; null until then. */
  unreadSinceMs: number | null = null;
  /** Pipelined requests. */
  readonly waiting: Waiting[] = [];
  /** Set when one request too many was pipelined: nothing after it is answered. */
  isFull = false;
  /** Requests that came after it. */
  droppedCount = 0;
}

/** Node keeps each parsed request in memory until the connection closes, whether or not it was answered. */
const droppedMax = 32;

/** The open connections. */
export interface Connections {
  /** Tracks a connection until it is closed. */
  open(socket: Socket): Connection;
  of(socket: Socket): Connection | undefined;
  /** Takes a request from Node, and passes it to `handle` once the previous answer has been sent. */
  take(request: IncomingMessage, response: ServerResponse, handle: HandleInTurn): void;
  /** Closes connections that have not sent a byte: Node counts them as busy. */
  endUnused(): void;
  stop(): void;
}

/**
 * Bounds the work and the memory that one connection can cause. Pipelined requests wait until the previous answer has
 * been sent, and meanwhile nothing more is read from the connection: otherwise a caller that reads nothing could have
 * hundreds of requests in progress. The few that Node has already parsed are kept, at most `sentAheadMax` for all
 * connections together. An answer that has not been sent `answerTimeoutMs` after it was ready closes its connection. An
 * interval checks this, because a timer for each answer would cost more than most answers.
 *
 * Each connection has a single object for all of this. Maps with an entry for each request doubled the cost of an
 * answer from the cache, because deleted entries stay reachable until the next full garbage collection.
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
    // A closing connection emits `close` only on the response that was in progress.
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
