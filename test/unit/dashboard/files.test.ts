// The files as browsers get them.
import { expect, test } from '@jest/globals';
import { loadDashboard } from '../../../src/dashboard/index.ts';

const files = await loadDashboard({ hasExplorer: true });

test('every script is plain JavaScript, and every module it imports exists', () => {
  const [page] = [files.get('/')?.text ?? ''];
  const [, map = ''] = /<script type="importmap">(.*?)<\/script>/.exec(page) ?? [];
  const { imports } = JSON.parse(map) as { imports: Record<string, string> };
  let importCount = 0;
  for (const [path, { text, mediaType }] of files) {
    if (mediaType !== 'text/javascript') continue;
    expect(path).toMatch(/\.js$/);
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^;]*?from\s*["']([^"']+)["']/gm)) {
      importCount += 1;
      const target = specifier.startsWith('./') ? new URL(specifier, `http://host${path}`).pathname : null;
      expect(files.has(target ?? new URL(imports[specifier] ?? '', 'http://host/').pathname)).toBe(true);
    }
  }
  expect(importCount).toBeGreaterThan(30);
});

test('every URL of the page is relative and leads to an existing file', () => {
  const page = files.get('/')?.text ?? '';
  const urls = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
  expect(urls.length).toBeGreaterThan(20);
  for (const url of urls.filter((url) => !url.startsWith('data:'))) expect(files.has(`/${url}`)).toBe(true);
});

test('the page says whether there is an explorer to link to', async () => {
  expect(files.get('/')?.text).toContain('data-explorer="true"');
  expect((await loadDashboard({ hasExplorer: false })).get('/')?.text).toContain('data-explorer="false"');
});
