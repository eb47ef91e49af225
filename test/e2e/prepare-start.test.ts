// What npm runs after an install, in a new checkout with this one's packages.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const runs = promisify(execFile);
let checkout = '';

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'prepared-'));
  for (const path of ['bin', 'src', 'package.json', 'schema.graphql']) {
    cpSync(join(root, path), join(checkout, path), { recursive: true, verbatimSymlinks: true });
  }
  mkdirSync(join(checkout, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache')
      symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name));
  }
});

afterEach(() => rmSync(checkout, { recursive: true }));

const prepare = () =>
  runs(process.execPath, ['--require', './bin/set-up-v8.cjs', 'src/cli/prepare-start.ts'], {
    cwd: checkout,
    env: { TMPDIR: checkout },
  });

/** Node's messages about its compile cache while the gateway starts and ends. */
async function startAndEnd(): Promise<string> {
  const env = { PORT: '0', LOG_LEVEL: 'error', TMPDIR: checkout, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const gateway = spawn(process.execPath, ['src/main.ts'], { cwd: checkout, env, stdio: 'pipe' });
  const ended = once(gateway, 'close');
  let said = '';
  gateway.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await Promise.race([once(gateway.stdout, 'data'), ended.then(() => Promise.reject(new Error(said)))]);
  gateway.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  return said;
}

const found = (said: string) => said.match(/reading cache from .*success/g)?.length ?? 0;
const missed = (said: string) => said.match(/reading cache from \S+ for .*no such file/g) ?? [];

test('all code that a start compiles has been compiled, without any output', async () => {
  expect(await prepare()).toEqual({ stdout: '', stderr: '' });
  const said = await startAndEnd();
  expect(missed(said)).toEqual([]);
  expect(found(said)).toBeGreaterThan(500);
});

test('a gateway that cannot start does not fail the install', async () => {
  rmSync(join(checkout, 'src/server'), { recursive: true });
  const { stdout, stderr } = await prepare();
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^The first start may take longer: Error/);
});

test('if the checkout is not writable, compiled code is stored below the folder for temporary files', async () => {
  rmSync(join(checkout, 'node_modules'), { recursive: true });
  symlinkSync('/proc/none', join(checkout, 'node_modules'));
  expect((await prepare()).stderr).toMatch(/^The first start may take longer: /);
  expect(existsSync(join(checkout, 'node-compile-cache'))).toBe(true);
});
