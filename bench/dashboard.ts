// How fast the dashboard loads, how much it transfers, and how smoothly it scrolls through 10,000 transactions, in
// this machine's Chromium, over loopback and the embedded sandbox. Prints one line for each.
//   node bench/dashboard.ts
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startUqpaySandbox } from '../src/sandbox/uqpay/index.ts';
import { type Browser, chromiumPath, startBrowser } from '../test/browser/chromium.fixture.ts';
import { startGateway, stopAll } from './harness/processes.ts';
import { quantile } from './harness/quantile.ts';

const rowCount = 10_000;
const loadCount = 7;
/** 18,000 pixels, some 350 rows, a second at 60 frames. */
const pixelsPerFrame = 300;

/** First paint and first amounts, in milliseconds since the navigation began, with an empty cache. */
async function measureLoad(browser: Browser, url: string): Promise<string> {
  const paints: number[] = [];
  const amounts: number[] = [];
  let bytes = 0;
  for (let load = 0; load < loadCount; load++) {
    const page = await browser.openPage(url);
    await page.until(`document.querySelector('.headline')`);
    amounts.push(Number(await page.evaluate('performance.now()')));
    const paint = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;
    await page.until(paint);
    paints.push(Number(await page.evaluate(paint)));
    bytes = page.receivedBytes();
    await page.close();
  }
  const median = (values: number[]) =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    ).toFixed(0);
  return `first paint ${median(paints)} ms, first amounts ${median(amounts)} ms, ${Math.ceil(bytes / 1_000)} kB`;
}

/** Scrolls from the newest row to the oldest, some pixels a frame. */
async function measureScroll(browser: Browser, url: string): Promise<string> {
  const page = await browser.openPage(url);
  await page.until(`document.querySelector('.row')`);
  await sleep(500);
  const { frames, drawnMax, waits } = (await page.evaluate(`(async () => {
    const rows = document.querySelector('.rows');
    const frames = [];
    let drawnMax = 0;
    let waits = 0;
    for (let before = await new Promise(requestAnimationFrame); ; ) {
      const top = rows.scrollTop;
      rows.scrollTop += ${pixelsPerFrame};
      const now = await new Promise(requestAnimationFrame);
      // A frame that did not scroll waited for rows.
      if (rows.scrollTop === top) waits += 1;
      else frames.push(now - before);
      before = now;
      drawnMax = Math.max(drawnMax, rows.querySelectorAll('.row').length);
      if (rows.scrollTop === top && rows.innerText.includes('The oldest transaction.')) break;
    }
    return { frames, drawnMax, waits };
  })()`)) as { frames: number[]; drawnMax: number; waits: number };
  const { complaints } = page;
  await page.close();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  const sorted = frames.toSorted((a, b) => a - b);
  const [median, most] = [0.5, 0.95].map((share) => quantile(sorted, share).toFixed(1));
  const perSecond = (1_000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length)).toFixed(0);
  return `${frames.length} frames, ${perSecond} a second, median ${median} ms, 95 % below ${most} ms; ${waits} waited for rows; at most ${drawnMax} rows exist`;
}

if (chromiumPath === null) throw new Error('This needs Chromium (Debian: apt-get install chromium).');
const sandbox = await startUqpaySandbox({ apiKey: randomUUID(), rateLimitPerMinute: null });
for (let index = 0; index < rowCount; index++) {
  const create_time = new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString();
  sandbox.control.insertTransaction('banking', {
    currency: 'AED',
    amount: `1.${10_000 + index}`,
    create_time,
  });
}
const gateway = await startGateway(sandbox.baseUrl, {
  UQPAY_CLIENT_ID: sandbox.clientId,
  UQPAY_API_KEY: sandbox.apiKey,
  UQPAY_RATE_LIMIT_PER_MINUTE: '100000',
});
const browser = await startBrowser(chromiumPath);
try {
  const urlOf = (path: string) => new URL(path, gateway.url).href;
  process.stdout.write(`overview: ${await measureLoad(browser, urlOf('/'))}\n`);
  const list = urlOf('/?tab=transactions&ledger=BANKING&currency=AED');
  process.stdout.write(`scrolling ${rowCount} rows: ${await measureScroll(browser, list)}\n`);
} finally {
  await browser.close();
  await stopAll();
  await sandbox.close();
}
