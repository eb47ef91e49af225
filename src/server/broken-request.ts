import { randomUUID } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { defaultHeaders, type Exchange, type Refusal, refusalReply, sendRefusal } from './reply.ts';

const tooSlow: Refusal = {
  status: 408,
  code: 'BAD_REQUEST',
  message: 'The request took too long to arrive.',
};

const refusals: Readonly<Partial<Record<string, Refusal>>> = {
  ERR_HTTP_REQUEST_TIMEOUT: tooSlow,
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'BAD_REQUEST',
    message: `The headers of the request are longer than ${maxHeaderSize} bytes.`,
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'BAD_REQUEST',
    message: 'The chunk extensions of the request are too long. Send none.',
  },
};

const notHttp: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'The request is not valid HTTP/1.1 (RFC 9112).',
};

/**
 * Answers a request that Node's parser refused or that took too long to arrive, and closes the connection. `exchange`
 * is the request in progress on it: its caller gets a normal refusal, but only if that request itself is broken rather
 * than data sent after it.
 */
export function answerBrokenRequest(
  error: Error & { readonly code?: string },
  socket: Socket,
  exchange: Exchange | null,
): void {
  const refusal = refusals[error.code ?? ''] ?? notHttp;
  if (exchange !== null) {
    const { request, response } = exchange;
    // Anything sent after a started answer would be taken for part of it.
    response.once('close', () => socket.destroySoon());
    if (socket.writable && !request.complete && !response.headersSent) {
      sendRefusal(exchange, { ...refusal, headers: { connection: 'close' } });
    } else if (!request.complete || !socket.writable) socket.destroy();
    return;
  }
  if (socket.writable) socket.end(rawReply(refusal));
  socket.destroySoon();
}

/** Writes the answer when no header was parsed, so that the caller's media types are unknown. */
function rawReply(refusal: Refusal): string {
  const requestId = randomUUID();
  const { status, headers, body } = refusalReply(refusal, undefined, requestId);
  const all = { ...defaultHeaders, 'x-request-id': requestId, ...headers, connection: 'close' };
  const text = String(body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}
