import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HtmlPage } from './contract.ts';
import type { Reply } from './reply.ts';

const expand = promisify(gunzip);

/** Whether a browser asks for a page to look at. */
export function wantsHtml({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && /\btext\/html\b/i.test(headers.accept ?? '');
}

/** The page, compressed for whoever takes that. */
export async function explorerReply({ headers }: IncomingMessage, page: HtmlPage): Promise<Reply> {
  const takesGzip = /\bgzip\b/i.test(String(headers['accept-encoding'] ?? ''));
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': page.contentSecurityPolicy,
      vary: 'accept, accept-encoding, origin',
      ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: takesGzip ? page.gzipped : await expand(page.gzipped),
  };
}
