import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ask } from '../faults/gateway.fixture.ts';
import { freePort } from '../redis/redis-process.fixture.ts';

jest.setTimeout(30_000);

const silent = () => {};
const logger = { debug: silent, info: silent, warn: silent, error: silent };

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Starts `npm run sandbox`'s process with these variables. */
function startMain(environment: Readonly<Record<string, string>>) {
  const rest = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('SANDBOX_')),
  );
  const child = spawn(process.execPath, [main, 'sandbox'], { env: { ...rest, ...environment } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return { child, text: () => text };
}

test('prints their addresses, how to use them and two working commands, and stops on SIGTERM', async () => {
  const { child, text } = startMain({ SANDBOX_PORT: '0', SANDBOX_CONTROL: '1' });
  while (!text().includes('Ctrl+C')) await once(child.stdout, 'data');
  expect(text()).not.toContain('WEBHOOK');
  expect(text()).toMatch(
    /UQPAY_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/api UQPAY_CLIENT_ID=\S+ UQPAY_API_KEY=\S+ npm start/,
  );
  expect(text().match(/\/__control\//g)).toHaveLength(3);
  const commands = text()
    .split('\n')
    .filter((line) => /^ {2}(TOKEN=|curl )/.test(line));
  expect(commands).toHaveLength(2);
  const shell = spawn('sh', ['-c', commands.join('\n')]);
  let answer = '';
  shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk;
  });
  await once(shell, 'close');
  expect(JSON.parse(answer)).toMatchObject({ total_items: 10, data: expect.any(Array) });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('the lines it prints connect a gateway to all three if put into .env, webhooks included', async () => {
  const PORT = String(await freePort());
  const { child, text } = startMain({
    ...{ SANDBOX_PORT: '0', SANDBOX_CONTROL: '1' },
    SANDBOX_WEBHOOKS_URL: `http://127.0.0.1:${PORT}/webhooks/`,
  });
  while (!text().includes('Ctrl+C')) await once(child.stdout, 'data');
  const lines = text()
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line));
  const config = loadConfig({ PORT, ...parseEnv(lines.join('\n')) });
  const gateway = await startGateway(config, { logger });
  const { data, errors } = await ask(
    gateway.url,
    '{ balances(first: 100) { sources { provider state } } transactions(first: 1) { sources { provider state } } }',
  );
  const rows = [{ line: 'banking' }, { row: { AccountsId: 4101 } }, {}];
  const controls = text().match(/http:\S+__control\//g) ?? [];
  for (const [index, control] of controls.entries()) {
    await fetch(`${control}insertTransaction`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rows[index]),
    });
  }
  let metrics = '';
  for (let turn = 0; turn < 250 && metrics.match(/webhooks_total\{.*"TAKEN"/g)?.length !== 3; turn += 1) {
    metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
    await delay(20);
  }
  await gateway.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(errors).toEqual([]);
  const sources = (providers: readonly string[]) => providers.map((provider) => ({ provider, state: 'OK' }));
  expect(data).toEqual({
    balances: { sources: sources(['UQPAY', 'UQPAY', 'UQPAY', 'IBANERA', 'NOAH']) },
    transactions: { sources: sources(['UQPAY', 'UQPAY', 'IBANERA', 'NOAH']) },
  });
  for (const provider of ['UQPAY', 'IBANERA', 'NOAH']) {
    expect(metrics).toMatch(new RegExp(`webhooks_total\\{provider="${provider}",outcome="TAKEN"\\} 1`));
  }
});

test('the control interface is neither named nor served unless enabled', async () => {
  const { child, text } = startMain({ SANDBOX_PORT: '0' });
  while (!text().includes('Ctrl+C')) await once(child.stdout, 'data');
  const [baseUrl = ''] = /http:\S+\/api\b/.exec(text()) ?? [];
  const response = await fetch(new URL('/__control/accounts', baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  expect([response.status, text().includes('/__control/')]).toEqual([404, false]);
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('a port in use ends the start with the reason, and leaves nothing running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { child, text } = startMain({ SANDBOX_PORT: String(port) });
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(text()).toMatch(/^The sandboxes cannot start: listen EADDRINUSE/);
  other.close();
});

test.each([
  [{ SANDBOX_PORT: 'http' }, 'SANDBOX_PORT must be a whole number from 0 to 65500'],
  [{ SANDBOX_PORT: '70000' }, 'SANDBOX_PORT must be a whole number from 0 to 65500'],
  [{ SANDBOX_LATENCY_MS: '-1' }, 'SANDBOX_LATENCY_MS must be a whole number from 0 to 60000'],
  [{ SANDBOX_CONTROL: 'yes' }, 'SANDBOX_CONTROL must be 0 or 1'],
  [{ SANDBOX_ACTIVITY: '1' }, 'SANDBOX_ACTIVITY must be on or off'],
  [{ SANDBOX_WEBHOOKS_URL: 'localhost' }, 'SANDBOX_WEBHOOKS_URL must be an http or https URL'],
])('a bad variable ends the start with its name and what is allowed: %j', async (environment, message) => {
  const { child, text } = startMain(environment);
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(text()).toContain(message);
});
