import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { jsonShapeProblem } from '../domain/json-shape.ts';

/** A body that is not taken: the HTTP status that says so, and a sentence with the remedy. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415 | 503;

  constructor(status: 400 | 413 | 415 | 503, message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.status = status;
  }
}

/** The caller went away before the body was complete: there is nobody to answer. */
export class BodyCutShort extends Error {
  constructor() {
    super('The request body was cut short.');
    this.name = 'BodyCutShort';
  }
}

// What is thrown away after a 413, so that the caller can read it, before the connection is cut instead.
const discardFactor = 8;

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Bodies up to here are read whoever sends them: Node has read as much when it hands a request over. */
const smallBodyBytes = 16_384;
const noRoom = 'Too many large request bodies are being read. Send this one again in 2 s.';
const notJson = 'The request body is not valid JSON in UTF-8.';

/** Whether there is room for a large body of so many bytes at most; asked once, when a body turns out to be one. */
export type HoldBody = (byteCount: number) => boolean;

/**
 * Reads a body of at most `bytesMax` bytes that is declared as JSON. Rejects with `BodyRefused` when it is too long
 * (413), is not declared as JSON in UTF-8 (415), is not UTF-8 (400) or finds no room (503), and with `BodyCutShort` when
 * it never ends.
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
  const bytes = await readBytes(request, bytesMax, hold);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BodyRefused(400, notJson);
  }
}

/** Reads a body of at most `bytesMax` bytes, whatever it is. Rejects with `BodyRefused` (413) and `BodyCutShort`. */
export function readBodyBytes(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  return readBytes(request, bytesMax, () => true);
}

/** The value of a JSON text; throws `BodyRefused` (400) when it is none, or takes too long to be read. */
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
  // Nearly all callers write it so.
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

function readBytes(request: IncomingMessage, bytesMax: number, hold: HoldBody): Promise<Uint8Array> {
  // Errors are made where they are needed: their stacks cost more than reading a body.
  const tooLong = () => new BodyRefused(413, `The request body is longer than ${bytesMax} bytes.`);
  return new Promise((resolve, reject) => {
    // Gone before anybody listened: nothing more would be heard of it.
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
    // Small bodies come in one piece.
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks)));
    request.on('close', () => {
      if (!request.readableEnded) reject(new BodyCutShort());
    });
    request.on('error', () => reject(new BodyCutShort()));
  });
}
