import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { type Browser, chromiumPath, type Page, startBrowser } from './chromium.fixture.ts';

/** The dashboard of a gateway over a UQPAY sandbox, in a real browser. */
export interface OpenDashboard {
  readonly door: TestGateway;
  readonly page: Page;
  /** Text that the viewer sees in the main part. */
  text(): Promise<string>;
  /** Clicks the button, tab or link with this text or label. */
  click(name: string): Promise<void>;
}

/** Answers are fresh for 1 s and live reads are 1 s apart, so that changes appear as soon as possible. */
const shortLived = {
  BALANCE_MAX_AGE_SECONDS: '1',
  TRANSACTION_MAX_AGE_SECONDS: '1',
  LIVE_INTERVAL_MIN_SECONDS: '1',
};

/** Declares a test with a page opened at `path` and closed afterwards. */
export type DashboardTest = (
  title: string,
  path: string,
  body: (open: OpenDashboard) => Promise<void>,
) => void;

/** The browser of a test file, for all its gateways. */
let browser: Browser | null = null;

/**
 * Starts a gateway that several tests of a file share, and returns a function that declares them. Without a browser
 * the tests are empty, except in CI, where they fail.
 */
export function startDashboard(
  prepare: (door: TestGateway) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): DashboardTest {
  let door: TestGateway | null = null;
  beforeAll(async () => {
    if (chromiumPath === null) return;
    [browser, door] = await Promise.all([
      browser ?? startBrowser(chromiumPath),
      startTestGateway({ ...shortLived, UQPAY_RATE_LIMIT_PER_MINUTE: '10000', ...env }),
    ]);
    door.sandbox.control.setRateLimits({ perMinute: null });
    prepare(door);
  });
  afterAll(async () => {
    await browser?.close();
    browser = null;
    await door?.close();
  });
  return (title, path, body) => {
    test(title, async () => {
      if (browser === null || door === null) {
        expect(process.env.CI).not.toBe('true');
        return;
      }
      const page = await browser.openPage(new URL(path, door.gateway.url).href);
      try {
        await body({ door, page, text: () => mainText(page), click: (name) => click(page, name) });
      } finally {
        await page.close();
      }
    }, 60_000);
  };
}

async function mainText(page: Page): Promise<string> {
  return String(await page.evaluate('document.querySelector("main").innerText'));
}

async function click(page: Page, name: string): Promise<void> {
  const find = `[...document.querySelectorAll('button, a, select')].find((element) =>
    element.innerText.trim() === ${JSON.stringify(name)} || element.ariaLabel === ${JSON.stringify(name)})`;
  await page.until(find);
  await page.evaluate(`${find}.click()`);
}
