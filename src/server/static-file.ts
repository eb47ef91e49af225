import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { takesGzip } from './negotiation.ts';
import { otherMethodReply } from './operator-routes.ts';
import { type Exchange, type Refusal, sendPlainRefusal, sendReply } from './reply.ts';
import { whenClosed } from './signal-of-caller.ts';

/** A text for browsers: a page, a script or a style sheet. */
export interface StaticText {
  readonly text: string;
  /** `text/html`, `text/javascript`, `text/css`, `image/svg+xml`. */
  readonly mediaType: string;
  /** What the browser allows a page to do; null for other files. */
  readonly contentSecurityPolicy: string | null;
  /** Whether its path identifies its content, so that it may be cached forever. */
  readonly isImmutable: boolean;
}

/** A static text ready to send. */
export interface StaticFile extends Omit<StaticText, 'text'> {
  readonly gzipped: Uint8Array;
  readonly etag: string;
}

/** Finds the file at a path, which is created on first use; null when there is none. */
export type FindFile = (path: string) => Promise<StaticFile | null>;

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** Compresses a text and computes its ETag. */
export async function toStaticFile({ text, ...about }: StaticText): Promise<StaticFile> {
  // A higher level would take a second for megabytes.
  const level = text.length < largeBytes ? constants.Z_BEST_COMPRESSION : constants.Z_BEST_SPEED;
  const gzipped = await compress(text, { level });
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  return { ...about, gzipped, etag };
}

/** A large file that is being sent. */
interface LargeFile {
  /** The uncompressed bytes, created on first use. They are megabytes, so all callers share them. */
  expanded: Promise<Uint8Array> | null;
  sendingCount: number;
}

const largeFiles = new WeakMap<StaticFile, LargeFile>();
const largeBytes = 262_144;
/** Callers that receive a large file at the same time: the system buffers megabytes of it for each, read or not. */
const sendingMax = 8;

const tooMany: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many callers are being sent this page. Try again in 2 s.',
  retryAfterSeconds: 2,
};

/** Sends a file, compressed if the caller accepts that; 304 if the caller has it already. */
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
  whenClosed(response, () => {
    sent.sendingCount -= 1;
  });
  return sent;
}

function expandOnce({ gzipped }: StaticFile, sent: LargeFile | null): Promise<Uint8Array> {
  if (sent === null) return expand(gzipped);
  sent.expanded ??= expand(gzipped);
  return sent.expanded;
}
