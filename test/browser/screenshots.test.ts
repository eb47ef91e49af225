// The screenshots in README and docs, from a run of the dashboard over embedded data. SCREENSHOTS=write rewrites them
// (npm run screenshots); otherwise this only checks that they can be made and exist.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import pino from 'pino';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { chromiumPath, startBrowser } from './chromium.fixture.ts';

const images = join(import.meta.dirname, '../../docs/images');

test('the screenshots show the overview and the transactions', async () => {
  if (chromiumPath === null) return expect(process.env.CI).not.toBe('true');
  const [browser, gateway] = await Promise.all([
    startBrowser(chromiumPath),
    startGateway(loadConfig({ PORT: '0' }), { logger: pino({ level: 'silent' }) }),
  ]);
  try {
    const pictures = [
      ['dashboard.png', '/?convertTo=SGD', '.chart canvas', 1080],
      ['transactions.png', '/?tab=transactions', '.row', 860],
    ] as const;
    for (const [name, path, wanted, height] of pictures) {
      const page = await browser.openPage(new URL(path, gateway.url).href);
      try {
        await page.emulate({ width: 1280, height });
        await page.until(`document.querySelector('${wanted}')`);
        const picture = await page.screenshot();
        expect(picture.length).toBeGreaterThan(20_000);
        if (process.env.SCREENSHOTS === 'write') await writeFile(join(images, name), picture);
        expect(existsSync(join(images, name))).toBe(true);
      } finally {
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await gateway.close();
  }
}, 90_000);
