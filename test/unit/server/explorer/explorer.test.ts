// The page that works without internet, as it is handed over: what is in it, and what it may do.
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { createExplorer } from '../../../../src/server/explorer/index.ts';

const open = createExplorer({
  endpoint: '/graphql',
  operations: ['query First { providers { code } }'],
  link: { title: 'Elsewhere & more', url: 'https://explorer.example/?a="b"' },
});
const textOf = (gzipped: Uint8Array) => gunzipSync(gzipped).toString('utf8');

test('is made once', async () => {
  expect(await open()).toBe(await open());
});

test('holds the operations and the link, and loads nothing from elsewhere', async () => {
  const html = textOf((await open()).gzipped);
  expect(html).toContain('query First { providers { code } }');
  expect(html).toContain('href="https://explorer.example/?a=&#34;b&#34;"');
  expect(html).toContain('Elsewhere &#38; more');
  expect(html).not.toMatch(/<(script|link|img)[^>]+(src|href)="?https?:/);
});

test('may run only its own script, and talk only to its own origin', async () => {
  const { gzipped, contentSecurityPolicy } = await open();
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(textOf(gzipped)) ?? [];
  expect(contentSecurityPolicy).toContain(
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  expect(contentSecurityPolicy).toContain("default-src 'none'");
  expect(contentSecurityPolicy).toContain("connect-src 'self'");
  expect(contentSecurityPolicy).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/);
});
