import { createHash } from 'node:crypto';
import { credentialField } from './credential-field.ts';
import { planPanel } from './plan-panel.ts';

/** The explorer page. */
export interface ExplorerPage {
  readonly html: string;
  /** What the browser allows the page to do; it refuses anything else. */
  readonly contentSecurityPolicy: string;
}

export interface ExplorerOptions {
  /** URL for operations, for example `/graphql`. */
  readonly endpoint: string;
  /** Operations shown in tabs; the first one is open. */
  readonly operations: readonly string[];
  /** A link to another explorer; null for none. */
  readonly link: { readonly title: string; readonly url: string } | null;
  /** Whether callers need a key or token, which the page then asks for. */
  readonly asksForCredential: boolean;
}

/** Renders GraphiQL with all its assets inline, nine megabytes, so that it works offline. */
export async function renderExplorer(options: ExplorerOptions): Promise<ExplorerPage> {
  const { endpoint, operations, link, asksForCredential } = options;
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Balances gateway',
    endpoint,
    defaultQuery: operations[0] ?? '',
    defaultTabs: operations.map((query) => ({ query })),
  });
  // The page's scripts contain '</body>' too; the page's own is the last.
  const end = html.lastIndexOf('</body>');
  const added = [
    planPanel(endpoint, escapeHtml),
    asksForCredential ? credentialField(endpoint, escapeHtml) : '',
    link === null ? '' : linkTag(link),
  ].join('');
  const body = `${html.slice(0, end)}${added}${html.slice(end)}`;
  return { html: body, contentSecurityPolicy: policyFor(body) };
}

function linkTag({ title, url }: { title: string; url: string }): string {
  const style = 'position:fixed;right:12px;bottom:8px;z-index:10;font:12px sans-serif';
  return `<a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer" style="${style}">${escapeHtml(title)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Allows the page's inline code, and nothing from anywhere else. */
function policyFor(html: string): string {
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
