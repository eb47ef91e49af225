// The real process, as `npm start` runs it: what it prints, what it answers, how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { pasteQuery } from '../../src/app/example-queries.ts';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const lastLine = 'Stop with Ctrl-C.\n';

interface Run {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code, once all output has arrived. */
  readonly ended: Promise<number | null>;
}

const runs: Run[] = [];
let directory = '';

// A new directory: a developer's .env must not affect the tests.
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gateway-'));
});

afterEach(async () => {
  for (const run of runs) run.process.kill('SIGKILL');
  await Promise.all(runs.splice(0).map(({ ended }) => ended));
  rmSync(directory, { recursive: true });
});

function run(env: Record<string, string>, nodeArguments: readonly string[] = []): Run {
  const child = spawn(process.execPath, [...nodeArguments, join(root, 'src/main.ts')], {
    cwd: directory,
    env: { NODE_DISABLE_COMPILE_CACHE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const started = { process: child, stdout: () => stdout, stderr: () => stderr, ended };
  runs.push(started);
  return started;
}

/** Runs until the start-up lines are complete; rejects with the output if it ends before that. */
async function start(env: Record<string, string> = {}) {
  const started = run({ PORT: '0', ...env });
  await new Promise<void>((resolve, reject) => {
    started.process.stdout?.on('data', () => {
      if (started.stdout().endsWith(lastLine)) resolve();
    });
    started.ended.then((code) => reject(new Error(`exit code ${code}: ${started.stderr()}`)), reject);
  });
  const url = /^ {2}GraphQL +(\S+)$/m.exec(started.stdout())?.[1] ?? '';
  return { ...started, url };
}

async function ask(url: string, body: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const decimal = expect.stringMatching(/^-?(0|[1-9]\d*)(\.\d+)?$/);

describe('without credentials', () => {
  test('serves the embedded sandbox, answers the README’s first query, and ends on SIGTERM', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const readmeQuery = /```graphql\n([\s\S]*?)\n```/.exec(readme)?.[1];
    expect(readmeQuery).toBe(pasteQuery);

    const gateway = await start();
    for (const name of ['UQPAY  ', 'Ibanera', 'NOAH   ']) {
      expect(gateway.stdout()).toContain(`${name}  embedded sandbox, invented data (`);
    }
    const { status, answer } = await ask(gateway.url, JSON.stringify({ query: readmeQuery }));
    expect(status).toBe(200);
    expect(answer).not.toHaveProperty('errors');
    const { accounts } = (answer as { data: { accounts: { nodes: FirstAccount[] } } }).data;
    expect(accounts.nodes).toHaveLength(2);
    expect(new Set(accounts.nodes[0]?.balances.nodes.map(({ ledger }) => ledger))).toEqual(
      new Set(['BANKING', 'ISSUING', 'PAYMENT']),
    );
    const shown = JSON.parse(/<!-- first answer[^>]*-->\n```json\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '');
    expect(heldBy(accounts.nodes)).toEqual(heldBy(shown.data.accounts.nodes));
    for (const account of accounts.nodes) {
      expect(account.transactions.nodes).toHaveLength(2);
      for (const { available } of account.balances.nodes) expect(available.amount).toEqual(decimal);
      for (const { amount } of account.transactions.nodes) expect(amount.amount).toEqual(decimal);
    }

    gateway.process.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
    await expect(fetch(gateway.url)).rejects.toThrow();
  });

  test('the shell command it prints works unchanged', async () => {
    const gateway = await start();
    const line = /-H 'content-type: application\/json' -d '([^']+)'$/m.exec(gateway.stdout());
    const { status, answer } = await ask(gateway.url, line?.[1] ?? '');
    const row = {
      ledger: 'BANKING',
      available: { amount: decimal, currency: expect.any(String) },
      asOf: anyTime,
    };
    expect([status, answer]).toEqual([200, { data: { balances: { nodes: [row, row, row] } } }]);
    gateway.process.kill('SIGINT');
    expect(await gateway.ended).toBe(0);
  });
});

describe('settings', () => {
  test('come from .env too, and the environment takes precedence', async () => {
    writeFileSync(join(directory, '.env'), 'PORT=1\nLOG_LEVEL=silent\n');
    const gateway = await start();
    expect(gateway.url).not.toContain(':1/');
    expect(gateway.stderr()).toBe('');
  });

  test('that resemble one of the gateway are named in the log, without their values', async () => {
    const gateway = await start({ REDIS_URI: 'redis://:hunter2-secret@127.0.0.1', LOG_LEVEL: 'warn' });
    expect(gateway.stderr()).toMatch(
      /^\{"level":"warn",[^\n]*"variable":"REDIS_URI","meant":"REDIS_URL"[^\n]*\n$/,
    );
    expect(gateway.stderr()).not.toContain('hunter2');
  });

  test('that are invalid end the start, naming each, without a secret or a stack trace', async () => {
    const { stdout, stderr, ended } = run({
      PORT: 'http',
      UQPAY_API_KEY: 'hunter2-secret',
      UQPAY_CLIENTID: 'client-secret',
    });
    expect(await ended).toBe(1);
    expect(stdout()).toBe('');
    expect(stderr()).toBe(`The configuration cannot be used:
  UQPAY_CLIENTID is not a variable of this gateway; did you mean UQPAY_CLIENT_ID?
  UQPAY_CLIENT_ID is not set, but UQPAY_API_KEY is; set both or neither
  PORT must be a whole number from 0 to 65535; it is "http"
`);
  });

  test('a port in use ends the start with one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { stderr, ended } = run({ PORT: String(port) });
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use\. [^\n]*\n$/);
    other.close();
  });

  test('an older Node is refused with one line, before anything else is loaded', async () => {
    const pretend = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.18.0'}})";
    const { stderr, ended } = run({ PORT: 'bad' }, ['--import', `data:text/javascript,${pretend}`]);
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(/^The balances gateway needs Node 24 or newer; this is 22\.18\.0\. [^\n]*\n$/);
  });
});

/** The balances of accounts, which are the same at every start; times and transactions follow the clock. */
function heldBy(accounts: readonly FirstAccount[]) {
  return accounts.map(({ name, balances }) => ({
    name,
    balances: balances.nodes.map(({ ledger, available }) => ({ ledger, available })),
  }));
}

interface FirstAccount {
  name: string;
  balances: { nodes: { ledger: string; available: { amount: string } }[] };
  transactions: { nodes: { amount: { amount: string } }[] };
}
