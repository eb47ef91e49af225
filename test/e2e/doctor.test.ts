// The real process, as `npm run doctor` runs it: what it prints, and its exit code.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const main = join(import.meta.dirname, '../../src/main.ts');
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doctor-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function run(flags: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [main, 'doctor', ...flags],
      { cwd: directory, env: { PORT: '0', ...env }, encoding: 'utf8' },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('without problems: exit code 0', async () => {
  const { code, stdout, stderr } = await run([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^Node\n {2}ok {7}Version 24\.[\s\S]*\n {2}note {5}No provider[\s\S]*\nAll is well\.\n$/,
  );
});

test('.env is read, problems are exit code 1, and --json reports the same', async () => {
  writeFileSync(join(directory, '.env'), 'REDIS_URL=redis://:secret-of-redis@127.0.0.1:9\nEXPLORER=off\n');
  const [asText, asJson] = await Promise.all([run([]), run(['--json'])]);
  const { code, stdout } = asText;
  expect(code).toBe(1);
  expect(stdout).toContain(`
Redis
  PROBLEM  Redis at 127.0.0.1:9 cannot be used (ECONNREFUSED): each replica would continue on its own.
           Check that it runs, and that REDIS_URL has the right host, port and scheme (rediss:// for TLS).
`);
  expect(stdout).toMatch(/\n1 problem, 0 warnings\.\n$/);
  expect(stdout).not.toContain('secret-of-redis');
  expect(asJson.code).toBe(1);
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    isWell: false,
    sections: expect.arrayContaining([
      { name: 'Redis', findings: [expect.objectContaining({ level: 'problem' })] },
    ]),
  });
});

test('an unknown flag', async () => {
  const { code, stderr } = await run(['--fast']);
  expect(code).toBe(2);
  expect(stderr).toBe("error: unknown option '--fast'\n");
});
