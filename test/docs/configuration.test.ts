// The pages that list the variables must match the code that reads them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { variables } from '../../src/config/variables.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const names = Object.keys(variables.shape).sort();

test('.env.example names every variable once, and sets none', () => {
  const lines = read('.env.example').split('\n');
  const assignments = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(assignments.sort()).toEqual(names.map((name) => `${name}=`));
});

test('docs/configuration.md has every variable in its table, and no other', () => {
  const rows = read('docs/configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  );
  expect(listed.sort()).toEqual(names);
});

test('.node-version is the Node that npm ci installs', () => {
  const { optionalDependencies } = JSON.parse(read('package.json'));
  const runtimes = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'));
  expect(runtimes.length).toBeGreaterThan(0);
  for (const [, version] of runtimes) expect(version).toBe(read('.node-version').trim());
});
