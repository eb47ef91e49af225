// The content of the image, without a builder: the files that the Dockerfile copies must be enough, in a read-only
// folder, and its health check must distinguish a gateway that answers from one that does not.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
const runs = promisify(execFile);
let directory = '';
let image = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'image-'));
  image = join(directory, 'gateway');
  mkdirSync(image);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  for (const [, paths = ''] of last.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
    for (const path of paths.split(' ')) {
      cpSync(join(root, path), join(image, path), { recursive: true, verbatimSymlinks: true });
    }
  }
  mkdirSync(join(image, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(image, 'node_modules', name));
  }
  // A file in its place, so that not even root can create the folder.
  writeFileSync(join(image, 'node_modules/.cache'), '');
  chmodSync(image, 0o555);
});

afterEach(() => {
  chmodSync(image, 0o755);
  rmSync(directory, { recursive: true });
});

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return String(typeof address === 'object' ? address?.port : '');
}

/** The arguments of the Dockerfile's command with this name, without `node`. */
function argumentsOf(name: string): string[] {
  const found = new RegExp(`^${name} [^[]*(\\[.*\\])$`, 'm').exec(dockerfile)?.[1];
  const [first, ...rest]: string[] = JSON.parse(found ?? '[]');
  expect(first).toBe('node');
  return rest;
}

test('the copied files start without a writable folder, answer, are healthy, and stop on SIGTERM', async () => {
  const PORT = await freePort();
  // A missing folder for temporary files: nothing can be written to it.
  const env = {
    NODE_ENV: 'production',
    HOST: '0.0.0.0',
    PORT,
    AUTH: 'none',
    TMPDIR: join(directory, 'none'),
  };
  const health = () => runs(process.execPath, argumentsOf('HEALTHCHECK'), { env });
  await expect(health()).rejects.toMatchObject({ code: 1 });
  const gateway = spawn(process.execPath, argumentsOf('CMD'), { cwd: image, env, stdio: 'pipe' });
  const ended = once(gateway, 'close');
  let log = '';
  gateway.stderr.on('data', (chunk) => {
    log += chunk;
  });
  try {
    await Promise.race([once(gateway.stdout, 'data'), ended.then(() => Promise.reject(new Error(log)))]);
    await health();
    const reply = await fetch(`http://127.0.0.1:${PORT}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ accounts(first: 1) { totalCount } }' }),
    });
    expect(await reply.json()).toMatchObject({ data: { accounts: { totalCount: 51 } } });
  } finally {
    gateway.kill('SIGTERM');
  }
  expect(await ended).toEqual([0, null]);
});
