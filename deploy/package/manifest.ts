// `npm pack` and `npm publish` run this around packing: the package has a manifest without what only a checkout needs.
//   node deploy/package/manifest.ts trim      before
//   node deploy/package/manifest.ts restore   after
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const manifest = join(root, 'package.json');
/** Where the whole manifest is meanwhile. */
const whole = join(root, 'node_modules/.whole-package.json');

/**
 * Whoever installs the package has a Node already: 190 MB of `optionalDependencies` less. Scripts, development packages and
 * overrides apply to a checkout only.
 */
const checkoutOnly = [
  'optionalDependencies',
  'devDependencies',
  'overrides',
  'allowScripts',
  'scripts',
  'jest',
];

function restore(): void {
  if (existsSync(whole)) renameSync(whole, manifest);
}

function trim(): void {
  // A run that was broken off has left the trimmed one.
  restore();
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(whole, text);
  const kept = Object.entries(JSON.parse(text)).filter(([name]) => !checkoutOnly.includes(name));
  writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

if (process.argv[2] === 'trim') trim();
else restore();
