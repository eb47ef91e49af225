import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { takesGzip } from './negotiation.ts';
import { otherMethodReply } from './operator-routes.ts';
import { type Exchange, type Refusal, sendPlainRefusal, sendReply } from './reply.ts';

/** A text that browsers get: a page, a script or a style sheet. */
export interface StaticText {
  readonly text: string;
  /** `text/html`, `text/javascript`, `text/css`, `image/svg+xml`. */
  readonly mediaType: string;
  /** What a page may do; null for files that are no page. */
  readonly contentSecurityPolicy: string | null;
  /** Whether its path names its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
}

/** A static text ready to be sent. */
export interface StaticFile extends Omit<StaticText, 'text'> {
  readonly gzipped: Uint8Array;
  readonly etag: string;
}

/** The file at a path, made when it is first asked for; null where there is none. */
export type FindFile = (path: string) => Promise<StaticFile | null>;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** Compresses a text and names its content. */
export async function toStaticFile({ text, ...about }: StaticText): Promise<StaticFile> {
  // Megabytes would take a second at a higher level.
  const level = text.length < largeBytes ? constants.Z_BEST_COMPRESSION : constants.Z_BEST_SPEED;
  const gzipped = await compress(text, { level });
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  return { ...about, gzipped, etag };
}

/** A large file on its way to those who asked for it. */
interface LargeFile {
  /** Without compression, made when first asked for: megabytes, so that there is one for all. */
  expanded: Promise<Uint8Array> | null;
  sendingCount: number;
}

const largeFiles = new WeakMap<StaticFile, LargeFile>();
const largeBytes = 262_144;
/** Callers whom a large file is being sent to: the system takes megabytes of it at once for each, read or not. */
const sendingMax = 8;

const tooMany: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many callers are being sent this page. Ask again in 2 s.',
  retryAfterSeconds: 2,
};

/** Sends a file, compressed to whoever takes that; 304 to whoever has it. */
export async function sendFile(exchange: Exchange, file: StaticFile): Promise<void> {
  const { method = 'GET', headers } = exchange.request;
  const otherMethod = otherMethodReply(method);
  if (otherMethod !== null) return sendReply(exchange, otherMethod);
  const isGzipped = takesGzip(headers['accept-encoding']);
  const common = {
    etag: file.etag,
    vary: 'accept, accept-encoding',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(file.contentSecurityPolicy === null ? {} : { 'content-security-policy': file.contentSecurityPolicy }),
  };
  if (headers['if-none-match']?.includes(file.etag)) {
    return sendReply(exchange, { status: 304, headers: common });
  }
  const sent = file.gzipped.length < largeBytes ? null : holdLarge(exchange, file);
  if (sent === 'TOO_MANY') return sendPlainRefusal(exchange, tooMany);
  sendReply(exchange, {
    status: 200,
    headers: {
      ...common,
      'content-type': `${file.mediaType}; charset=utf-8`,
      ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body: isGzipped ? file.gzipped : await expandOnce(file, sent),
  });
}

function holdLarge({ response }: Exchange, file: StaticFile): LargeFile | 'TOO_MANY' {
  const sent = largeFiles.get(file) ?? { expanded: null, sendingCount: 0 };
  largeFiles.set(file, sent);
  if (sent.sendingCount >= sendingMax) return 'TOO_MANY';
  sent.sendingCount += 1;
  response.once('close', () => {
    sent.sendingCount -= 1;
  });
  return sent;
}

function expandOnce({ gzipped }: StaticFile, sent: LargeFile | null): Promise<Uint8Array> {
  if (sent === null) return expand(gzipped);
  sent.expanded ??= expand(gzipped);
  return sent.expanded;
}
