// The package as npm would publish it: packed from a copy of the checkout, unpacked into an empty folder, run there.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { root, runToEnd } from './cli.fixture.ts';

jest.setTimeout(120_000);

let folder = '';
let files: string[] = [];
const packed = () => join(folder, 'node_modules/balances-gateway');
const bin = () => join(packed(), 'bin/balances-gateway.cjs');
const manifest = () => JSON.parse(readFileSync(join(packed(), 'package.json'), 'utf8'));

/** Links to the installed packages. */
function linkPackages(target: string): void {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(target, name));
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  const checkout = join(folder, 'checkout');
  const paths = [
    '.npmrc',
    '.env.example',
    'bin',
    'deploy',
    'docs',
    'src',
    'package.json',
    'tsconfig.json',
    'schema.graphql',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ];
  for (const path of paths) {
    cpSync(join(root, path), join(checkout, path), { recursive: true, verbatimSymlinks: true });
  }
  linkPackages(join(checkout, 'node_modules'));
  const before = readFileSync(join(checkout, 'package.json'), 'utf8');
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  execFileSync('npm', ['pack', '--pack-destination', folder], {
    cwd: checkout,
    env: { ...process.env, PATH: path },
    stdio: 'pipe',
  });
  expect(readFileSync(join(checkout, 'package.json'), 'utf8')).toBe(before);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  linkPackages(join(folder, 'node_modules'));
  mkdirSync(packed());
  execFileSync('tar', ['xzf', join(folder, archive), '-C', packed(), '--strip-components=1']);
  files = execFileSync('tar', ['tzf', join(folder, archive)], { encoding: 'utf8' })
    .trim()
    .split('\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

test('it contains built JavaScript, the schema and documents, but no sources, tests or runtime', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'package/bin/balances-gateway.cjs',
      'package/dist/app.js',
      'package/schema.graphql',
    ]),
  );
  expect(files.filter((file) => /\.ts$|\.map$|test|^package\/(src|bench|deploy)\//.test(file))).toEqual([]);
  expect(manifest()).not.toHaveProperty('private');
  for (const name of ['optionalDependencies', 'devDependencies', 'scripts']) {
    expect(manifest()).not.toHaveProperty(name);
  }
  expect(existsSync(join(packed(), manifest().bin['balances-gateway']))).toBe(true);
});

test('it contains the dashboard', () => {
  const dashboard = readdirSync(join(packed(), 'dist/dashboard/page'));
  expect(dashboard).toEqual(expect.arrayContaining(['index.html', 'main.js', 'style.css']));
});

test('it answers on this Node', async () => {
  const env = { PATH: process.env.PATH ?? '' };
  const { code, stdout, stderr } = await runToEnd(
    process.execPath,
    [bin(), 'query', '{ accounts(first: 1) { totalCount } }'],
    { cwd: folder, env },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ data: { accounts: { totalCount: 51 } } });
});

const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  const major = Number(/^v(\d+)/.exec(String(spawnSync(path, ['-v']).stdout))?.[1] ?? 99);
  return major < 24;
});

(olderNode === undefined ? test.skip : test)(
  'an older Node gets a one-line message, from the package and from src/main.ts of a checkout',
  async () => {
    for (const file of [bin(), join(root, 'src/main.ts')]) {
      const { code, stdout, stderr } = await runToEnd(olderNode ?? '', [file], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^The balances gateway needs Node 24 or newer; this is \d[^\n]*\n$/);
    }
  },
);

test('the version is that of the Kubernetes manifests, and the changelog has a section for it', () => {
  const { version } = manifest();
  const kustomization = readFileSync(join(root, 'deploy/kubernetes/kustomization.yaml'), 'utf8');
  expect(kustomization).toContain(`newTag: "${version}"`);
  const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').match(/^## \[.*$|^This becomes .*$/gm);
  expect(headings).toContainEqual(expect.stringContaining(version));
});
