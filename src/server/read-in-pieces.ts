import type { Socket } from 'node:net';

/** Room for the headers of most requests, and for few of the small ones that are sent in masses. */
const pieceBytes = 2_048;

/**
 * Hands what arrives on a connection to Node's parser in small pieces, and nothing more while `mayParse` says no: the rest
 * stays unread until the connection is resumed. The parser makes a request and a response of every message it sees, and
 * 64 kB, which Node reads at once, hold 2,000 of them.
 */
export function readInPieces(socket: Socket, mayParse: () => boolean): void {
  const [parse] = socket.listeners('data') as ((piece: Buffer) => void)[];
  // How Node's server listens is not documented. Without its listener, it goes on reading all at once.
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
