import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Answer } from './answers.ts';

/** The schemas of the faults in this file, to be combined with what they match. */
export const transitFaultSchemas = {
  page: z.strictObject({
    kind: z.literal('page'),
    status: z.int().min(200).max(599),
    page: z.enum(['html', 'text', 'json', 'redirect']),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  empty: z.strictObject({ kind: z.literal('empty'), status: z.union([z.literal(200), z.literal(204)]) }),
  contentType: z.strictObject({ kind: z.literal('content-type'), contentType: z.string().nullable() }),
  encoding: z.strictObject({
    kind: z.literal('encoding'),
    encoding: z.enum(['utf-8-mark', 'utf-16le', 'gbk', 'iso-8859-1']),
    declared: z.boolean(),
  }),
  cut: z.strictObject({ kind: z.literal('cut') }),
};

/** What can happen to an answer between any API and its client. */
export type TransitFault =
  | {
      /**
       * What a firewall, a proxy or a sign-in page returns in the API's place: HTML, text, JSON that is not an error of
       * the API, or a redirect elsewhere. The route does not run.
       */
      kind: 'page';
      status: number;
      page: 'html' | 'text' | 'json' | 'redirect';
      retryAfterSeconds?: number;
    }
  /** The route's answer without its body. */
  | { kind: 'empty'; status: 200 | 204 }
  /** The route's body with another content type, or without one. */
  | { kind: 'content-type'; contentType: string | null }
  /**
   * The route's body, with a member `remark` that shows it, in another encoding; declared in the content type or not.
   */
  | { kind: 'encoding'; encoding: 'utf-8-mark' | 'utf-16le' | 'gbk' | 'iso-8859-1'; declared: boolean }
  /** The connection breaks in the middle of the route's body. */
  | { kind: 'cut' };

/** An answer as sent. */
export interface SentAnswer {
  readonly status: number;
  readonly bytes: Buffer;
  /** Null: the header is left out. */
  readonly contentType: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many bytes are sent before the connection breaks. */
  readonly cutAfterBytes?: number;
}

const kinds: ReadonlySet<string> = new Set(['page', 'empty', 'content-type', 'encoding', 'cut']);

/** Whether a fault is one of this file. */
export function isTransitFault(fault: { readonly kind: string } | null): fault is TransitFault {
  return fault !== null && kinds.has(fault.kind);
}

/** The answer that arrives in place of the one that `run` returns. */
export function inTransit(fault: TransitFault, run: () => Answer): SentAnswer {
  if (fault.kind === 'page') return toPage(fault);
  const answer = run();
  const sent = toSent(answer);
  if (fault.kind === 'empty') return { ...sent, status: fault.status, bytes: Buffer.alloc(0) };
  if (fault.kind === 'content-type') return { ...sent, contentType: fault.contentType };
  if (fault.kind === 'cut') return { ...sent, cutAfterBytes: Math.ceil(sent.bytes.length / 2) };
  const { encoding, declared } = fault;
  const [type = ''] = answer.contentType.split(';');
  const charset = encoding === 'utf-8-mark' ? 'utf-8' : encoding;
  return {
    ...sent,
    bytes: encode(answer.body.replace(/^\{/, '{"remark":"é",'), encoding),
    contentType: declared ? `${type}; charset=${charset}` : type,
  };
}

/** The answer, unchanged. */
export function toSent({ status, body, contentType, headers }: Answer): SentAnswer {
  return { status, bytes: Buffer.from(body), contentType, ...(headers === undefined ? {} : { headers }) };
}

export function sendAnswer(response: ServerResponse, sent: SentAnswer): void {
  writeHead(response, sent);
  if (sent.cutAfterBytes === undefined) response.end(sent.bytes);
  else response.write(sent.bytes.subarray(0, sent.cutAfterBytes), () => response.destroy());
}

export function writeHead(
  response: ServerResponse,
  { status, bytes, contentType, headers }: SentAnswer,
): void {
  response.writeHead(status, {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    // 204 has no length (RFC 9110, section 8.6).
    ...(status === 204 ? {} : { 'content-length': bytes.length }),
    ...headers,
  });
}

const pages = {
  html: ['text/html', '<html><body><h1>Request blocked</h1>Your support id is 1234.</body></html>'],
  text: ['text/plain; charset=utf-8', 'Request blocked by policy'],
  json: ['application/json', '{"blocked":true,"incident":"1234"}'],
  redirect: ['text/html', '<html><body>Please sign in to this network</body></html>'],
} as const;

function toPage({ status, page, retryAfterSeconds }: TransitFault & { kind: 'page' }): SentAnswer {
  const [contentType, text] = pages[page];
  const headers: Record<string, string> = {
    ...(page === 'redirect' ? { location: 'https://sign-in.invalid/' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
  return { status, bytes: Buffer.from(text), contentType, headers };
}

/** In GBK the remark's letter has two bytes; answers here contain no other letters beyond ASCII. */
function encode(text: string, encoding: 'utf-8-mark' | 'utf-16le' | 'gbk' | 'iso-8859-1'): Buffer {
  if (encoding === 'utf-8-mark') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  return Buffer.from(encoding === 'gbk' ? text.replace('é', '\u00a8\u00a6') : text, 'latin1');
}
