import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HtmlPage } from './contract.ts';
import { preferredMediaType, takesGzip } from './negotiation.ts';
import { type Exchange, type Refusal, sendPlainRefusal, sendReply } from './reply.ts';

const expand = promisify(gunzip);

/** Whether a browser asks for a page to look at. What takes anything, as curl does, gets the text. */
export function wantsHtml({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return preferredMediaType(headers.accept ?? '', ['text/plain', 'text/html']) === 'text/html';
}

/** A page on its way to those who asked for it. */
interface SentPage {
  /** Without compression, made when first asked for: nine megabytes, so that there is one for all. */
  expanded: Promise<Uint8Array> | null;
  sendingCount: number;
}

const sentPages = new WeakMap<HtmlPage, SentPage>();
/** Callers whom a page is being sent to: the system takes megabytes of it at once for each, read or not. */
const sendingMax = 8;

const tooMany: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'Too many callers are being sent this page. Ask again in 2 s.',
  retryAfterSeconds: 2,
};

/** Sends the page, compressed to whoever takes that. */
export async function sendExplorer(exchange: Exchange, page: HtmlPage): Promise<void> {
  const sent = sentPages.get(page) ?? { expanded: null, sendingCount: 0 };
  sentPages.set(page, sent);
  if (sent.sendingCount >= sendingMax) return sendPlainRefusal(exchange, tooMany);
  sent.sendingCount += 1;
  exchange.response.once('close', () => {
    sent.sendingCount -= 1;
  });
  const isGzipped = takesGzip(exchange.request.headers['accept-encoding']);
  if (!isGzipped) sent.expanded ??= expand(page.gzipped);
  sendReply(exchange, {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.contentSecurityPolicy,
      vary: 'accept, accept-encoding',
      ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body: isGzipped || sent.expanded === null ? page.gzipped : await sent.expanded,
  });
}
