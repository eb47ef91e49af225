import { expect } from '@jest/globals';
import { openRequestAdmission, type RequestAdmission } from '../integration/front-door.fixture.ts';
import { chromiumPath, openPage, type Page } from './chromium.fixture.ts';

/** The dashboard of a gateway of its own, in a real browser. */
export interface OpenDashboard {
  readonly door: RequestAdmission;
  readonly page: Page;
  /** Text that the viewer sees in the main part. */
  text(): Promise<string>;
  /** Clicks the button, tab or link with this text or label. */
  click(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Answers are fresh for 1 s, so that the page looks for changes as often as it does at all. */
const shortLived = { BALANCE_MAX_AGE_SECONDS: '1', TRANSACTION_MAX_AGE_SECONDS: '1' };

/**
 * Opens the dashboard at `path` over a UQPAY sandbox; null where there is no browser, which is an error in CI.
 */
export async function openDashboard(
  path: string,
  prepare: (door: RequestAdmission) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<OpenDashboard | null> {
  if (chromiumPath === null) {
    expect(process.env.CI).not.toBe('true');
    return null;
  }
  const door = await openRequestAdmission({ ...shortLived, ...env });
  prepare(door);
  const page = await openPage(chromiumPath, new URL(path, door.gateway.url).href);
  await page.emulate({ width: 1280, height: 900 });
  return {
    door,
    page,
    text: async () => String(await page.evaluate('document.querySelector("main").innerText')),
    async click(name) {
      const find = `[...document.querySelectorAll('button, a, select')].find((element) =>
        element.innerText.trim() === ${JSON.stringify(name)} || element.ariaLabel === ${JSON.stringify(name)})`;
      await page.until(find);
      await page.evaluate(`${find}.click()`);
    },
    async close() {
      await page.close();
      await door.close();
    },
  };
}
