// What each panel of the dashboard shows, in a real browser that can reach only this machine, over a UQPAY sandbox.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { startDashboard } from './dashboard.fixture.ts';

const testPage = startDashboard(({ sandbox: { control, masterAccountId } }) => {
  control.setBalance('banking', masterAccountId, 'KWD', { available_balance: '12345678901234567890.125' });
  // A statement with pending transactions is not checked.
  for (const { transaction_id, currency, transaction_status } of control.transactions(
    'issuing',
    masterAccountId,
  )) {
    if (currency === 'SGD' && transaction_status === 'PENDING')
      control.setTransactionStatus(transaction_id, 'COMPLETED');
  }
});

testPage(
  'balances have every digit of the provider; the page has no errors and sends nothing to other machines',
  '/?tab=balances',
  async ({ page, text }) => {
    await page.until(`document.querySelector('table.amounts')`);
    expect(await text()).toContain('12,345,678,901,234,567,890.125 KWD');
    expect(page.complaints).toEqual([]);
    expect(page.foreignRequests).toEqual([]);
    expect(page.receivedBytes()).toBeLessThan(250_000);
  },
);

testPage(
  'the overview shows totals with every rate, and money in and out, with the digits of the API',
  '/?convertTo=SGD',
  async ({ page, door, text }) => {
    await page.until(`document.querySelector('.headline') && document.querySelector('.chart canvas')`);
    const { answer } = await door.post({
      query: `{ balanceTotals(convertTo: "SGD") {
          byCurrency { currency availableOfRead { amount } }
          converted { availableOfLines { amount } lines { rate } unconverted { currency } }
        } }`,
    });
    const totals = answer.data?.balanceTotals as {
      byCurrency: { currency: string; availableOfRead: { amount: string } }[];
      converted: { availableOfLines: { amount: string }; lines: { rate: string }[] };
    };
    const shown = (await text()).replaceAll(',', '');
    expect(totals.byCurrency.length).toBeGreaterThan(5);
    for (const { currency, availableOfRead } of totals.byCurrency) {
      expect(shown).toContain(`${availableOfRead.amount} ${currency}`);
    }
    expect(shown).toContain(`${totals.converted.availableOfLines.amount} SGD`);
    for (const { rate } of totals.converted.lines) expect(shown).toContain(rate);
    expect(page.complaints).toEqual([]);
    expect(page.foreignRequests).toEqual([]);
    expect(page.receivedBytes()).toBeLessThan(250_000);
  },
);

testPage(
  'choosing a balance shows its history with origins, and a statement; its rows can be downloaded',
  '/?tab=balances',
  async ({ page, door: { sandbox }, text }) => {
    await page.until(`document.querySelector('table.amounts')`);
    const choose = (currency: string) => `(() => {
      const buttons = [...document.querySelectorAll('[aria-label="UQPAY issuing"] button')];
      const button = buttons.find(({ innerText }) => innerText.trim() === '${currency}');
      button.focus();
      button.click();
    })()`;
    await page.evaluate(choose('USD'));
    await page.until(`document.querySelector('.statement') && document.querySelector('.chart canvas')`);
    const shown = await text();
    const [held] = sandbox.control
      .balances('issuing', sandbox.masterAccountId)
      .filter(({ currency }) => currency === 'USD');
    expect(shown.replaceAll(',', '')).toContain(`${held?.available_balance} USD`);
    expect(shown).toContain('Reported with a transaction');
    const href = String(await page.evaluate(`document.querySelector('.downloads a').href`));
    const file = await fetch(href);
    expect(file.status).toBe(200);
    expect(await file.text()).toMatch(/^[^\r\n]*currency[^\r\n]*\r\n/);

    await page.evaluate(choose('SGD'));
    await page.until(`document.querySelector('.verdict.agrees')`);
    expect(await page.evaluate('document.activeElement.innerText')).toBe('SGD, UQPAY issuing');
    const statement = await fetch(
      String(await page.evaluate(`document.querySelector('[href*="statement.xml"]').href`)),
    );
    expect(await statement.text()).toContain('camt.053.001.08');
    expect(page.complaints).toEqual([]);
  },
);

testPage(
  'a balance that changes at the provider changes on the screen, and is highlighted',
  '/?tab=balances',
  async ({ page, door: { sandbox } }) => {
    await page.until(`document.querySelector('table.amounts') && document.querySelector('.live')`);
    const { control, masterAccountId } = sandbox;
    control.setBalance('banking', masterAccountId, 'USD', { available_balance: '4.20' });
    await page.until(`document.querySelector('tr.changed')?.innerText.includes('4.20 USD')`);
  },
);

testPage(
  'the URL contains the view, a reload shows the name of the account, and Back works',
  '/',
  async (open) => {
    const { page } = open;
    await open.click('Accounts');
    await page.until(`document.querySelectorAll('.row-button').length > 1`);
    await page.evaluate(`document.querySelectorAll('.row-button')[1].click()`);
    await page.until(`location.search.includes('account=')`);
    await open.click('Transactions');
    await page.until(`location.search.includes('tab=transactions')`);
    expect(await page.evaluate('location.href')).not.toContain('after');
    await page.evaluate('history.back()');
    await page.until(`document.querySelector('.tabs [aria-current="page"]').innerText === 'Balances'`);
    // The old page shows the same until the new one has started.
    await page.evaluate('window.isLeft = true; location.reload()');
    await page.until(
      `!window.isLeft && document.querySelector('.account-line')?.innerText.includes('Juniper & Rye')`,
    );
    expect(await page.evaluate('document.title')).toBe('Balances \u00b7 Balances');
  },
);

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
for (const tab of ['overview', 'balances', 'accounts', 'transactions']) {
  testPage(
    `the view of ${tab} passes axe, light and dark, and fits a phone with whole amounts`,
    `/?tab=${tab}`,
    async ({ page }) => {
      await page.until(`document.querySelector('.row, table.amounts')`);
      if (tab === 'overview') await page.until(`document.querySelector('.chart canvas')`);
      expect(page.receivedBytes()).toBeLessThan(250_000);
      await page.evaluate(axe);
      // Only colours differ in dark mode.
      for (const [colours, rules] of [
        ['light', '{}'],
        ['dark', `{ runOnly: ['color-contrast'] }`],
      ] as const) {
        await page.emulate({ width: 1280, height: 900, colours });
        const faults = await page.evaluate(
          `axe.run(${rules}).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
        );
        expect(faults).toEqual([]);
      }
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 21, 19)');
      await page.emulate({ width: 360, height: 740 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      const cut = `[...document.querySelectorAll('.row .number')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ innerText }) => innerText)`;
      expect(await page.evaluate(cut)).toEqual([]);
    },
  );
}
