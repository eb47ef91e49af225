// The explorer in a real browser that knows no host but this machine: it loads, runs our first example, shows balances.
import { expect, test } from '@jest/globals';
import pino from 'pino';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openRequestAdmission } from '../integration/front-door.fixture.ts';
import { chromiumPath, openPage } from './chromium.fixture.ts';

/** What `npm start` serves without credentials, and a gateway that reads a provider. */
const gateways = {
  'embedded data': async () => startGateway(loadConfig({ PORT: '0' }), { logger: pino({ level: 'silent' }) }),
  'a provider': async () => {
    const door = await openRequestAdmission();
    return { url: door.gateway.url, close: () => door.close() };
  },
};

test.each(Object.entries(gateways))(
  'over %s it loads without a complaint, runs the example and shows balances, without leaving this machine',
  async (name, start) => {
    // Where there is no browser, CI says so: it installs one.
    if (chromiumPath === null) return expect(process.env.CI).not.toBe('true');
    const gateway = await start();
    const page = await openPage(chromiumPath, new URL('/explorer', gateway.url).href);
    try {
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
      const sandboxLinks = await page.evaluate(
        `document.querySelectorAll('a[href*="studio.apollographql"]').length`,
      );
      expect(sandboxLinks).toBe(name === 'embedded data' ? 1 : 0);
      expect(page.complaints).toEqual([]);
      expect(page.foreignRequests).toEqual([]);
    } finally {
      await page.close();
      await gateway.close();
    }
  },
  60_000,
);
