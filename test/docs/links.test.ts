// Every link of the documentation leads to a file of the repository and to a heading in that file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');

/** The anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links of a page that lead nowhere. */
function brokenLinks(page: string): string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
}

test.each(pages)('every link of %s leads to a file and a heading', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test('docs/README.md lists every page', () => {
  const index = textOf('docs/README.md');
  const unlisted = readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .filter((name) => !index.includes(`(${name}`));
  expect(unlisted).toEqual([]);
});

test('the messages that docs/troubleshooting.md quotes are in the code', () => {
  const sources = ['src', 'bin']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.c?[jt]s$/.test(path))
        .map((path) => readFileSync(join(root, folder, path), 'utf8')),
    )
    .join('\n');
  const rows = textOf('docs/troubleshooting.md').match(/^\| .*$/gm) ?? [];
  const quoted = rows
    .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]*)`/g)].map(([, text = '']) => text))
    .filter((text) => !text.startsWith('/'));
  expect(quoted.length).toBeGreaterThan(20);
  expect(quoted.filter((text) => !sources.includes(text))).toEqual([]);
});
