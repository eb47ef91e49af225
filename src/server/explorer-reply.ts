import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HtmlPage } from './contract.ts';
import { preferredMediaType, takesGzip } from './negotiation.ts';
import type { Reply } from './reply.ts';

const expand = promisify(gunzip);

/** Whether a browser asks for a page to look at. What takes anything, as curl does, gets the text. */
export function wantsHtml({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return preferredMediaType(headers.accept ?? '', ['text/plain', 'text/html']) === 'text/html';
}

/** The page, compressed for whoever takes that. */
export async function explorerReply({ headers }: IncomingMessage, page: HtmlPage): Promise<Reply> {
  const isGzipped = takesGzip(headers['accept-encoding']);
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.contentSecurityPolicy,
      vary: 'accept, accept-encoding',
      ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body: isGzipped ? page.gzipped : await expand(page.gzipped),
  };
}
