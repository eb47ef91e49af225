import type { Socket } from 'node:net';

/** Room for the headers of most requests, but only for few of the small requests sent in floods. */
const pieceBytes = 2_048;

/**
 * Passes the bytes of a connection to Node's parser in small pieces, and none while `mayParse` returns false: the rest
 * stays unread until the connection is resumed. The parser creates a request and a response for every message it sees,
 * and the 64 kB that Node reads at once can hold 2,000 of them.
 */
export function readInPieces(socket: Socket, mayParse: () => boolean): void {
  const [parse] = socket.listeners('data') as ((piece: Buffer) => void)[];
  // Node does not document how its server listens. Without its listener, it still reads everything at once.
  if (parse === undefined) return;
  socket.removeListener('data', parse);
  socket.on('data', (chunk: Buffer) => {
    for (let offset = 0; offset < chunk.length && !socket.destroyed; offset += pieceBytes) {
      if (!mayParse()) {
        socket.pause();
        socket.unshift(chunk.subarray(offset));
        return;
      }
      parse.call(socket, chunk.subarray(offset, offset + pieceBytes));
    }
  });
}
