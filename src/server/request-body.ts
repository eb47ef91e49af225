import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { jsonShapeProblem } from './json-shape.ts';

/** A body that is not taken: the HTTP status that says so, and a sentence with the remedy. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
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
const notJson = 'The request body is not valid JSON in UTF-8.';

/**
 * Reads a body of at most `bytesMax` bytes that is declared as JSON. Rejects with `BodyRefused` when it is too long
 * (413), is not declared as JSON in UTF-8 (415) or is not UTF-8 (400), and with `BodyCutShort` when it never ends.
 */
export async function readJsonText(request: IncomingMessage, bytesMax: number): Promise<string> {
  const problem = mediaTypeProblem(request.headers);
  if (problem !== null) {
    request.resume();
    throw new BodyRefused(415, problem);
  }
  const bytes = await readBytes(request, bytesMax);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new BodyRefused(400, notJson);
  }
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

function readBytes(request: IncomingMessage, bytesMax: number): Promise<Uint8Array> {
  // Errors are made where they are needed: their stacks cost more than reading a body.
  const tooLong = () => new BodyRefused(413, `The request body is longer than ${bytesMax} bytes.`);
  return new Promise((resolve, reject) => {
    // Gone before anybody listened: nothing more would be heard of it.
    if (request.destroyed) reject(new BodyCutShort());
    const chunks: Uint8Array[] = [];
    let byteCount = 0;
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) reject(tooLong());
    request.on('data', (chunk: Uint8Array) => {
      byteCount += chunk.byteLength;
      if (byteCount <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLong());
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
