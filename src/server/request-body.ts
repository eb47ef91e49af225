import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { jsonShapeProblem } from '../domain/json-shape.ts';
import type { Refusal } from './reply.ts';

/** A refused body: the HTTP status, and a message with the remedy. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415 | 503;

  constructor(status: 400 | 413 | 415 | 503, message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

/** The caller disconnected before the body was complete, so no answer can be sent. */
export class BodyCutShort extends Error {
  constructor() {
    super('The request body was cut short.');
    this.name = 'BodyCutShort';
  }
}

/** What the sender of a refused body gets. */
export function bodyRefusal({ status, message }: BodyRefused): Refusal {
  if (status !== 503) return { status, code: 'BAD_REQUEST', message };
  return { status, code: 'OVERLOADED', message, retryAfterSeconds: 2 };
}

// After a 413, up to this many times the limit is read and discarded, so that the caller can read the answer; beyond
// that the connection is closed.
const discardFactor = 8;

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Bodies up to this size are read from anybody: Node has already read as much when it passes a request on. */
const smallBodyBytes = 16_384;
const noRoom = 'Too many large request bodies are being read. Send this one again in 2 s.';
const notJson = 'The request body is not valid JSON in UTF-8.';

/**
 * Whether there is room for a large body of at most this many bytes; called once, when a body turns out to be large.
 */
export type HoldBody = (byteCount: number) => boolean;

/**
 * Reads a body of at most `bytesMax` bytes that is declared as JSON. Rejects with `BodyRefused` when it is too long
 * (413), not declared as JSON in UTF-8 (415), not UTF-8 (400) or finds no room (503), and with `BodyCutShort` when it
 * never ends.
 */
export async function readJsonText(
  request: IncomingMessage,
  bytesMax: number,
  hold: HoldBody,
): Promise<string> {
  const problem = mediaTypeProblem(request.headers);
  if (problem !== null) {
    request.resume();
    throw new BodyRefused(415, problem);
  }
  const bytes = await readBodyBytes(request, bytesMax, hold);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BodyRefused(400, notJson);
  }
}

/** Parses a JSON text. Throws `BodyRefused` (400) when it is not JSON, or would take too long to parse. */
export function parseJsonText(text: string): unknown {
  const problem = jsonShapeProblem(text);
  if (problem !== null) throw new BodyRefused(400, `The request body ${problem}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyRefused(400, notJson);
  }
}

function mediaTypeProblem(headers: IncomingHttpHeaders): string | null {
  // What nearly all callers send.
  if (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined)
    return null;
  const remedy = 'Send the body as content-type: application/json.';
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') return `The request body is not declared as JSON. ${remedy}`;
  const charset = parameters.map((parameter) => parameter.trim()).find((p) => p.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    return `The request body is not declared as UTF-8. ${remedy}`;
  }
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',');
  const isPlain = codings.every((coding) => ['', 'identity'].includes(coding.trim()));
  return isPlain ? null : 'Compressed request bodies are not taken. Send the body as it is.';
}

/**
 * Reads a body of at most `bytesMax` bytes, whatever its content. Rejects with `BodyRefused` when it is too long (413)
 * or finds no room (503), and with `BodyCutShort` when it never ends.
 */
export function readBodyBytes(
  request: IncomingMessage,
  bytesMax: number,
  hold: HoldBody,
): Promise<Uint8Array> {
  // Errors are created only when needed: a stack costs more than reading a body.
  const tooLong = () => new BodyRefused(413, `The request body is longer than ${bytesMax} bytes.`);
  return new Promise((resolve, reject) => {
    // The request was closed before these listeners existed, and will emit nothing more.
    if (request.destroyed) reject(new BodyCutShort());
    const chunks: Uint8Array[] = [];
    let byteCount = 0;
    let isHeld = false;
    let isRefused = false;
    const refuse = (refusal: BodyRefused) => {
      isRefused = true;
      chunks.length = 0;
      reject(refusal);
    };
    const judge = (length: number, lengthMax: number) => {
      if (isRefused) return;
      if (length > bytesMax) return refuse(tooLong());
      if (length <= smallBodyBytes || isHeld) return;
      isHeld = hold(lengthMax);
      if (!isHeld) refuse(new BodyRefused(503, noRoom));
    };
    const declared = Number(request.headers['content-length'] ?? 0);
    judge(declared, declared);
    request.on('data', (chunk: Uint8Array) => {
      byteCount += chunk.byteLength;
      judge(byteCount, bytesMax);
      if (!isRefused) {
        chunks.push(chunk);
        return;
      }
      if (byteCount > bytesMax * discardFactor) request.socket.destroy();
    });
    request.on('end', () => {
      // Small bodies arrive in one chunk.
      resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
      // The request and these listeners live as long as its answer, which for a subscription may be days.
      chunks.length = 0;
    });
    request.on('close', () => {
      if (!request.readableEnded) reject(new BodyCutShort());
    });
    request.on('error', () => reject(new BodyCutShort()));
  });
}
