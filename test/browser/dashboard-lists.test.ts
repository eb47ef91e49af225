// Long lists and the keyboard on the dashboard, in a real browser over a UQPAY sandbox.
import { expect } from '@jest/globals';
import { startDashboard } from './dashboard.fixture.ts';

const rowCount = 2_000;
const list = '/?tab=transactions&ledger=BANKING&currency=AED';
/** The topmost visible row, with its offset in pixels. */
const topRow = `(() => {
  const { bottom } = document.querySelector('.row-head').getBoundingClientRect();
  return [...document.querySelectorAll('.row')]
    .map((row) => [Math.round(row.getBoundingClientRect().top - bottom), row.innerText])
    .filter(([at]) => at >= 0).sort(([a], [b]) => a - b)[0];
})()`;

/** Makes the page look for changes, as it does when it comes online. */
const noCache = { TRANSACTION_MAX_AGE_SECONDS: '0' };
const lookNow = `dispatchEvent(new Event('online'))`;

const testPage = startDashboard(({ sandbox: { control } }) => {
  for (let index = 0; index < rowCount; index++) {
    const create_time = new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString();
    control.insertTransaction('banking', { currency: 'AED', amount: `1.${10_000 + index}`, create_time });
  }
  for (let index = 0; index < 760; index++) control.addAccount({ account_name: `Merchant ${1_000 + index}` });
}, noCache);

testPage(
  'thousands of transactions scroll to the oldest, none twice or lost while others arrive, with few in the DOM at a time',
  list,
  async ({ page, door: { sandbox }, click }) => {
    await page.until(`document.querySelector('.row')`);
    const reads = sandbox.control.calls().filter(({ path }) => path === '/v1/balances/transactions');
    expect(reads).toHaveLength(1);
    // Scrolls down step by step and records each row in the DOM, by its index in the list.
    await page.evaluate(`window.seen = {}; window.scrollOn = async (rowsMax) => {
      const rows = document.querySelector('.rows');
      for (;;) {
        const drawn = [...rows.querySelectorAll('.row')];
        if (drawn.length > 80) throw new Error(drawn.length + ' rows are drawn');
        const texts = drawn.map((row) => row.innerText);
        if (new Set(texts).size < texts.length) throw new Error('A row is drawn twice');
        for (const row of drawn) seen[row.ariaRowIndex] = row.innerText;
        const isAtEnd = rows.scrollTop + rows.clientHeight >= rows.scrollHeight - 1;
        if (isAtEnd && rows.innerText.includes('The oldest transaction.')) return;
        if (Object.keys(seen).length >= rowsMax) return;
        rows.scrollTop += 900;
        await new Promise(requestAnimationFrame);
      }
    }`);
    await page.evaluate(`scrollOn(500)`);
    for (const amount of ['77.01', '77.02', '77.03']) {
      sandbox.control.insertTransaction('banking', { amount, currency: 'AED' });
    }
    await page.evaluate(lookNow);
    await page.until(`document.querySelector('.new-rows')?.innerText === '3 new'`);
    await page.evaluate(`scrollOn(Infinity)`);
    const seen = (await page.evaluate(`Object.values(seen)`)) as string[];
    expect(seen).toHaveLength(rowCount);
    expect(new Set(seen.flatMap((text) => /1\.1\d{4}/.exec(text) ?? [])).size).toBe(rowCount);

    const before = await page.evaluate(topRow);
    await click('3 new');
    await page.until(`!document.querySelector('.new-rows')`);
    expect(await page.evaluate(topRow)).toEqual(before);
    await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
    await page.until(
      `['77.01', '77.02', '77.03'].every((text) => document.querySelector('.rows').innerText.includes(text))`,
    );
    expect(page.complaints).toEqual([]);
  },
);

testPage(
  'a pending transaction that leaves the list is not mistaken for new ones',
  '/?tab=transactions&status=PENDING&ledger=BANKING',
  async ({ page, door: { sandbox } }) => {
    await page.until(`document.querySelector('.row')`);
    const [newest] = sandbox.control
      .transactions('banking', sandbox.masterAccountId)
      .filter(({ transaction_status }) => transaction_status === 'PENDING');
    sandbox.control.setTransactionStatus(newest?.transaction_id ?? '', 'COMPLETED');
    sandbox.control.insertTransaction('banking', { amount: '66.02', transaction_status: 'PENDING' });
    await page.evaluate(lookNow);
    await page.until(`document.querySelector('.new-rows')?.innerText === '1 new'`);
  },
);

testPage(
  'a search among 800 accounts reads them once and finds the last',
  '/?tab=accounts',
  async ({ page, door: { sandbox } }) => {
    await page.until(`document.querySelector('.row')`);
    const { length } = sandbox.control.accounts();
    expect(length).toBeGreaterThanOrEqual(800);
    sandbox.control.resetCalls();
    const type = (text: string) =>
      page.evaluate(`(() => {
      const input = document.querySelector('[type="search"]');
      input.value = '${text}';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);
    await type('merchant 1759');
    await page.until(`document.querySelectorAll('.row').length === 1`);
    await page.until(`document.querySelector('.panel .age').innerText === '1 of ${length}'`);
    const calls = sandbox.control.calls().filter(({ path }) => path === '/v1/accounts');
    // One of our pages may span two of the provider's.
    expect(calls.length).toBeLessThanOrEqual(2 * Math.ceil(length / 100));
    await type('no such merchant');
    await page.until(`document.querySelector('.empty')?.innerText === 'No account matches.'`);
    expect(page.complaints).toEqual([]);
  },
);

testPage(
  'the keyboard alone reaches everything: past a long list, into it, through it, and out of a dialog',
  list,
  async ({ page }) => {
    await page.until(`document.querySelectorAll('.row').length > 20`);
    const focused = async () =>
      String(
        await page.evaluate(
          `(({ innerText, ariaLabel, type }) => innerText || ariaLabel || type)(document.activeElement)`,
        ),
      );
    const isSeen = `(() => {
      const { outlineStyle } = getComputedStyle(document.activeElement.closest('.row') ?? document.activeElement);
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return outlineStyle !== 'none' && bottom > 0 && top < innerHeight;
    })()`;
    const stops: string[] = [];
    // One Tab stop for the list, whatever its length.
    for (let step = 0; step < 40 && stops.at(-1) !== 'NDJSON'; step++) {
      await page.press('Tab');
      stops.push((await focused()).trim());
      expect([stops.at(-1), await page.evaluate(isSeen)]).toEqual([stops.at(-1), true]);
    }
    expect(stops).toEqual([
      ...['Skip to the content', 'Overview', 'Balances', 'Accounts', 'Transactions', 'Explore'],
      ...['Choose an account', 'Query'],
      // Ledger, type, status and direction.
      ...Array.from({ length: 4 }, () => expect.stringContaining('All')),
      // A date has three parts and a button.
      ...['text', ...Array<string>(8).fill('date')],
      ...['Deposit', 'CSV', 'NDJSON'],
    ]);
    const rowIndex = async () =>
      Number(await page.evaluate(`document.activeElement.closest('.row')?.ariaRowIndex`));
    await page.press('Shift+Tab', 'Shift+Tab');
    expect(await rowIndex()).toBe(2);
    await page.press('ArrowDown', 'ArrowDown', 'ArrowUp');
    expect(await rowIndex()).toBe(3);
    await page.press('PageDown');
    expect(await rowIndex()).toBeGreaterThan(8);
    await page.press('End');
    const last = await rowIndex();
    expect(last).toBeGreaterThan(40);
    await page.until(isSeen);
    // The focused row stays in the DOM when it is scrolled away.
    await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
    await page.until(`document.querySelector('.row [tabindex]').closest('.row').ariaRowIndex === '2'`);
    expect(await rowIndex()).toBe(last);
    await page.press('Home');
    expect(await rowIndex()).toBe(2);

    await page.press('Enter');
    await page.until(`document.querySelector('dialog[open]')`);
    expect(await focused()).toBe('Close');
    await page.press('Escape');
    await page.until(`!document.querySelector('dialog')`);
    expect(await rowIndex()).toBe(2);
  },
);

testPage('focus goes to the content when what had it is gone', '/?tab=accounts', async ({ page }) => {
  await page.until(`document.querySelectorAll('.row').length > 20`);
  await page.evaluate(`document.querySelector('[type="search"]').focus()`);
  await page.press('Tab', 'Tab', 'ArrowDown', 'Enter');
  await page.until(`location.search.includes('account=')`);
  await page.until(`document.activeElement.id === 'main'`);
});
