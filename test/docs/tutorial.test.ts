// docs/tutorial.md: its files are those of docs/examples/tutorial, its commands work, and in a browser its page
// behaves as described.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { chromiumPath, openPage } from '../browser/chromium.fixture.ts';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
const folder = join(root, 'docs/examples/tutorial');
const gatewayUrl = 'http://127.0.0.1:4000/graphql';

function blockAfter(comment: string): string {
  return /```\w*\n([\s\S]*?)\n```/.exec(page.slice(page.indexOf(`<!-- ${comment}`)))?.[1] ?? '';
}

const silent = { logger: pino({ level: 'silent' }) };
const shell = async (command: string) => (await promisify(execFile)('sh', ['-c', command])).stdout;

let server: ChildProcess;
let pageUrl = '';
let sandbox: UqpaySandbox;
let gateway: RunningGateway;
beforeAll(async () => {
  server = spawn(process.execPath, [join(folder, 'serve.mjs')], { env: { ...process.env, PORT: '0' } });
  if (server.stdout === null) throw new Error('The server has no standard output.');
  for await (const line of createInterface(server.stdout)) {
    pageUrl = line;
    break;
  }
  sandbox = await startUqpaySandbox({ control: true });
  const settings = [...blockAfter('second gateway').matchAll(/([A-Z_]+)=(\S+)/g)];
  const env = Object.fromEntries(settings.map(([, name = '', value]) => [name, value]));
  expect([env.UQPAY_CLIENT_ID, env.UQPAY_API_KEY]).toEqual([sandbox.clientId, sandbox.apiKey]);
  const here = { PORT: '0', UQPAY_BASE_URL: sandbox.baseUrl, CORS_ORIGINS: new URL(pageUrl).origin };
  gateway = await startGateway(loadConfig({ ...env, ...here }), silent);
});
afterAll(async () => {
  server?.kill();
  await gateway?.close();
  await sandbox?.close();
});

/** Runs a command of the page against this test's sandbox. */
const tell = (comment: string) =>
  shell(blockAfter(comment).replace('http://127.0.0.1:4100', new URL(sandbox.baseUrl).origin));

test.each(readdirSync(folder))('shows docs/examples/tutorial/%s as it is', (name) => {
  expect(blockAfter(`file: docs/examples/tutorial/${name} `)).toBe(
    readFileSync(join(folder, name), 'utf8').trimEnd(),
  );
});

test('the first query returns the answer shown', async () => {
  const embedded = await startGateway(loadConfig({ PORT: '0' }), silent);
  const answer = await shell(blockAfter('first query').replace(gatewayUrl, embedded.url));
  await embedded.close();
  expect(JSON.parse(answer)).toEqual(JSON.parse(blockAfter('first answer')));
});

test('the page shows totals, scrolls through transactions, names what is missing and receives changes', async () => {
  // A missing browser is an error in CI, which installs one.
  if (chromiumPath === null) return expect(process.env.CI).not.toBe('true');
  const { control, masterAccountId } = sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: '12345678901234567.89' });
  const opened = await openPage(chromiumPath, `${pageUrl}?gateway=${encodeURIComponent(gateway.url)}`);
  const rowCount = `document.querySelectorAll('#transactions tr').length`;
  const toTheEnd = `(window.scrollTo(0, document.body.scrollHeight), true)`;
  try {
    await opened.until(`document.getElementById('totals')?.innerText.includes('at published rates')`);
    expect(await opened.evaluate(`document.getElementById('totals').innerText`)).toContain(
      '12,345,678,901,280,355.16 USD',
    );
    await opened.until(`${rowCount} >= 20`);

    await tell('forbid');
    await opened.evaluate(`document.getElementById('more').click()`);
    await opened.until(
      `document.getElementById('transactions-trouble').innerText.includes('UQPAY ISSUING is FAILED.')`,
    );
    await tell('repair');
    await opened.evaluate(`document.getElementById('more').click()`);
    await opened.until(`document.getElementById('transactions-trouble').innerText === ''`);
    await opened.until(`${toTheEnd} && ${rowCount} >= 100`);

    await tell('change');
    await opened.until(`document.getElementById('totals').innerText.includes('77,777.123')`);
    expect(opened.complaints).toEqual([]);
  } finally {
    await opened.close();
  }
});
