// The explorer in a real browser that knows no host but this machine: it loads, runs our first example, shows balances.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FrontDoor, openFrontDoor } from '../integration/front-door.fixture.ts';
import { chromiumPath, openPage, type Page } from './chromium.fixture.ts';

let door: FrontDoor;
let page: Page | null = null;

beforeAll(async () => {
  door = await openFrontDoor();
  if (chromiumPath !== null) page = await openPage(chromiumPath, new URL('/', door.gateway.url).href);
}, 60_000);
afterAll(async () => {
  await page?.close();
  await door.close();
});

test('loads without a complaint, runs the example and shows balances, without leaving this machine', async () => {
  // Where there is no browser, CI says so: it installs one.
  if (page === null) return expect(process.env.CI).not.toBe('true');
  await page.until(`document.querySelector('.graphiql-execute-button')`);
  await page.until(`document.querySelector('.view-lines')?.innerText.includes('FirstLook')`);
  await page.evaluate(`document.querySelector('.graphiql-execute-button').click()`);
  await page.until(`document.querySelector('.result-window')?.innerText.includes('available')`);
  const shown = await page.evaluate(`document.querySelector('.result-window').innerText`);
  expect(shown).toMatch(/"amount"/);
  expect(page.complaints).toEqual([]);
  expect(page.foreignRequests).toEqual([]);
}, 60_000);
