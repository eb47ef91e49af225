// docs/sandbox.md: its commands work, and its tables list every operation and every kind of fault.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServedSandbox, serveSandboxes } from '../../src/sandbox/served.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/sandbox.md'), 'utf8');
const names = ['UQPAY', 'Ibanera', 'NOAH'];
const run = promisify(execFile);

let sandboxes: readonly ServedSandbox[] = [];
beforeAll(async () => {
  sandboxes = await serveSandboxes({
    ...{ port: 0, latencyMs: 0, control: true, activity: false, webhooksUrl: null },
  });
});
afterAll(() => Promise.all(sandboxes.map(({ close }) => close())));

const originOf = (name: string) => {
  const sandbox = sandboxes.find((served) => served.name === name);
  return new URL(sandbox?.baseUrl ?? '').origin;
};

async function control(name: string, operation: string, body: object = {}): Promise<string> {
  const response = await fetch(`${originOf(name)}/__control/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.text();
}

/** The rows of the table after a comment, as cells. */
function rowsAfter(comment: string): string[][] {
  const [table = ''] = /(?:^\|.*\n)+/m.exec(page.slice(page.indexOf(`<!-- ${comment}:`))) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const quoted = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);

test('its commands do what it says', async () => {
  const blocks = [...page.matchAll(/<!-- run by \S+ -->\n```sh\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );
  expect(blocks).toHaveLength(4);
  for (const block of blocks) {
    const { stdout } = await run('sh', ['-c', block.replaceAll('http://127.0.0.1:4100', originOf('UQPAY'))]);
    expect(stdout).toMatch(/^(\{"result":.*\})+$/);
  }
  expect(
    await control('UQPAY', 'balances', {
      line: 'banking',
      accountId: '5f0c2e9a-7b1d-4c36-9a54-2d8e61b3f7c0',
    }),
  ).toContain('"available_balance":"1.23"');
});

describe.each(names)('%s', (name) => {
  test('its operations are those of the table', async () => {
    const { message } = JSON.parse(await control(name, 'none-of-these')) as { message: string };
    const served = message.replace(/.*there are /, '').split(', ');
    const listed = rowsAfter('operations')
      .filter(([, sandboxes]) => sandboxes?.split(', ').includes(name))
      .flatMap(([operations]) => quoted(operations));
    expect([...new Set(listed)].sort()).toEqual(served.sort());
  });

  test('its kinds of faults are those of the table', async () => {
    const refusal = await control(name, 'inject', { fault: { match: {}, kind: 'none-of-these' } });
    const known = [...refusal.matchAll(/'([\w-]+)'/g)].map(([, kind]) => kind);
    const listed = rowsAfter('kinds').flatMap(([kind]) => quoted(kind));
    expect(known.length).toBeGreaterThan(5);
    expect(listed.sort()).toEqual(known.sort());
  });
});
