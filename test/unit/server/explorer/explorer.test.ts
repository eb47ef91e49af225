// The explorer page, which works offline: its content, and what it may do.
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { renderExplorer } from '../../../../src/server/explorer/index.ts';

const { html, contentSecurityPolicy } = await renderExplorer({
  endpoint: '/graphql',
  operations: ['query First { providers { code } }'],
  link: { title: 'Elsewhere & more', url: 'https://explorer.example/?a="b"' },
  asksForCredential: false,
});

test('contains the operations and the link, and loads nothing from elsewhere', () => {
  expect(html).toContain('query First { providers { code } }');
  expect(html).toContain('href="https://explorer.example/?a=&#34;b&#34;"');
  expect(html).toContain('Elsewhere &#38; more');
  expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="?https?:/);
});

test('may run only its own script, and connect only to its own origin', () => {
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
  expect(contentSecurityPolicy).toContain(
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  expect(contentSecurityPolicy).toContain("default-src 'none'");
  expect(contentSecurityPolicy).toContain("connect-src 'self'");
  expect(contentSecurityPolicy).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
});
