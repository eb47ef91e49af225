// A store of readings that is full or read-only, under the real process: reported once, and nothing else breaks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openReadingStore } from '../../src/history/index.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-history-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Queries a new gateway for balances until it has reported the problem with its store; returns the lines of its log.
 */
async function warningsOf(url: string, shellPrefix: string, uid?: number): Promise<string[]> {
  const command = `${shellPrefix} exec "$0" src/main.ts`;
  const env = { PORT: '0', HISTORY_URL: url, NODE_DISABLE_COMPILE_CACHE: '1', LOG_LEVEL: 'warn' };
  const gateway = spawn('sh', ['-c', command, process.execPath], {
    ...{ cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
    ...(uid !== undefined && { uid }),
  });
  try {
    let printed = '';
    let log = '';
    gateway.stdout?.on('data', (chunk) => {
      printed += chunk;
    });
    gateway.stderr?.on('data', (chunk) => {
      log += chunk;
    });
    const endsAtMs = Date.now() + 30_000;
    const until = async (isDone: () => boolean) => {
      while (!isDone() && Date.now() < endsAtMs && gateway.exitCode === null) await delay(50);
    };
    await until(() => /GraphQL +\S+/.test(printed));
    const graphql = /GraphQL +(\S+)/.exec(printed)?.[1] ?? '';
    const ask = async () => {
      const query =
        '{ balances(first: 100) { totalCount } balance(ledger: PAYMENT, currency: "USD") { available { amount } } }';
      const response = await fetch(graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data: { balances: { totalCount: number } }; errors?: unknown };
    };
    expect((await ask()).data.balances.totalCount).toBeGreaterThan(10);
    await until(() => log.includes('cannot be stored'));
    const later = await ask();
    expect(later.errors).toBeUndefined();
    return log.split('\n').filter((line) => line.includes('be stored'));
  } finally {
    gateway.kill('SIGKILL');
    await once(gateway, 'close');
  }
}

test('when the disk is full', async () => {
  // Files are limited to 40 KB: SQLite cannot distinguish that from a failing disk, and reports that.
  const warnings = await warningsOf(`sqlite:${join(folder, 'full.db')}`, 'ulimit -f 80;');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(
    /\(HISTORY_URL\) cannot be used \((disk I\/O error|database or disk is full)\)/,
  );
}, 60_000);

test('when the file is read-only', async () => {
  const path = join(folder, 'read-only.db');
  const store = await openReadingStore(`sqlite:${path}`);
  await store.check();
  await store.close();
  chmodSync(path, 0o444);
  expect(existsSync(`${path}-wal`)).toBe(false);
  // Root can write every file.
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const warnings = await warningsOf(`sqlite:${path}`, '', uid);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('(HISTORY_URL) cannot be used (attempt to write a readonly database)');
  expect(warnings[0]).toContain('Check that it runs, can be reached and written to.');
}, 60_000);
