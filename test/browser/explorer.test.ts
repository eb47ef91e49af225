// The explorer in a real browser that can reach only this machine: it loads, runs our first example, shows balances.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { scopes } from '../../src/domain/caller.ts';
import { startTestGateway } from '../integration/gateway.fixture.ts';
import { type Browser, chromiumPath, type Page, startBrowser } from './chromium.fixture.ts';

let browser: Browser | null = null;
beforeAll(async () => {
  if (chromiumPath !== null) browser = await startBrowser(chromiumPath);
});
afterAll(() => browser?.close());

/** Runs the example of the open tab and shows its plan. */
async function runExample(page: Page): Promise<void> {
  await page.until(`document.querySelector('.graphiql-execute-button')`);
  await page.until(`document.querySelector('.view-lines')?.innerText.includes('FirstLook')`);
  await page.evaluate(`document.querySelector('.graphiql-execute-button').click()`);
  await page.until(`document.querySelector('.result-window')?.innerText.includes('available')`);
  const shown = await page.evaluate(`document.querySelector('.result-window').innerText`);
  expect(shown).toMatch(/"amount"/);
  await page.evaluate(`document.getElementById('plan-button').click()`);
  await page.until(`document.querySelector('#plan-panel table')`);
  const plan = await page.evaluate(`document.getElementById('plan-panel').innerText`);
  expect(plan).toMatch(/\d+ calls; \d+ now at least; at most 100\. Cost \d+\./);
  expect(plan).toContain('UQPAY GET /v1/accounts');
  expect(plan).toContain('accounts.nodes.balances');
  expect(page.foreignRequests).toEqual([]);
}

const sandboxLinks = `document.querySelectorAll('a[href*="studio.apollographql"]').length`;

test('over invented data it loads without errors, runs the example and shows balances, without contacting another machine', async () => {
  // A missing browser is an error in CI, which installs one.
  if (browser === null) return expect(process.env.CI).not.toBe('true');
  const gateway = await startGateway(loadConfig({ PORT: '0' }), { logger: pino({ level: 'silent' }) });
  const page = await browser.openPage(new URL('/explorer', gateway.url).href);
  try {
    await runExample(page);
    expect(await page.evaluate(sandboxLinks)).toBe(1);
    expect(await page.evaluate(`document.getElementById('credential-form')`)).toBeNull();
    expect(page.complaints).toEqual([]);
  } finally {
    await page.close();
    await gateway.close();
  }
}, 60_000);

test('over a provider, if callers need a key, it asks for one, uses it and does not store it', async () => {
  if (browser === null) return expect(process.env.CI).not.toBe('true');
  const key = 'key-of-the-explorer-test';
  const sha256 = createHash('sha256').update(key).digest('hex');
  const holder = { subject: 'reader', sha256, scopes, accounts: ['*'] };
  const door = await startTestGateway({
    ...{ AUTH: 'keys', AUTH_KEYS: JSON.stringify([holder]), EXPLORER: 'on', INTROSPECTION: 'on' },
  });
  const page = await browser.openPage(new URL('/explorer', door.gateway.url).href);
  try {
    await page.until(`document.querySelector('[aria-label="Show Documentation Explorer"]')`);
    await page.evaluate(`document.querySelector('[aria-label="Show Documentation Explorer"]').click()`);
    await page.until(`document.querySelector('.graphiql-doc-explorer-error')`);
    await page.evaluate(
      `(() => { const form = document.getElementById('credential-form');
        form.elements.credential.value = ${JSON.stringify(key)}; form.requestSubmit(); })()`,
    );
    await page.until(`document.querySelector('.graphiql-doc-explorer')?.innerText.includes('query: Query')`);
    await page.evaluate(`document.querySelector('[aria-label="Hide Documentation Explorer"]').click()`);
    await runExample(page);
    expect(await page.evaluate(sandboxLinks)).toBe(0);
    expect(await page.evaluate(`JSON.stringify(localStorage)`)).not.toContain(key);
    expect(door.logText()).not.toContain(key);
  } finally {
    await page.close();
    await door.close();
  }
}, 60_000);
