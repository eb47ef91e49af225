// The dashboard in a real browser that knows no host but this machine, over a UQPAY sandbox.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import { openDashboard } from './dashboard.fixture.ts';

const timeoutMs = 60_000;

test(
  'it shows balances with every digit of the provider, without a complaint and without leaving this machine',
  async () => {
    const open = await openDashboard('/?tab=balances', ({ sandbox }) => {
      const { control, masterAccountId } = sandbox;
      control.setBalance('banking', masterAccountId, 'KWD', {
        available_balance: '12345678901234567890.125',
      });
    });
    if (open === null) return;
    const { page } = open;
    try {
      await page.until(`document.querySelector('table.amounts')`);
      expect(await open.text()).toContain('12,345,678,901,234,567,890.125 KWD');
      expect(page.complaints).toEqual([]);
      expect(page.foreignRequests).toEqual([]);
      expect(page.receivedBytes()).toBeLessThan(250_000);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'the overview shows totals with every rate, and money in and out, with the digits of the API',
  async () => {
    const open = await openDashboard('/?convertTo=SGD');
    if (open === null) return;
    const { page, door } = open;
    try {
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
      const shown = (await open.text()).replaceAll(',', '');
      expect(totals.byCurrency.length).toBeGreaterThan(5);
      for (const { currency, availableOfRead } of totals.byCurrency) {
        expect(shown).toContain(`${availableOfRead.amount} ${currency}`);
      }
      expect(shown).toContain(`${totals.converted.availableOfLines.amount} SGD`);
      for (const { rate } of totals.converted.lines) expect(shown).toContain(rate);
      expect(page.complaints).toEqual([]);
      expect(page.foreignRequests).toEqual([]);
      expect(page.receivedBytes()).toBeLessThan(250_000);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'choosing a balance shows what it was, who says so, and a statement; its rows can be downloaded',
  async () => {
    const open = await openDashboard('/?tab=balances');
    if (open === null) return;
    const { page, door } = open;
    try {
      await page.until(`document.querySelector('table.amounts')`);
      await page.evaluate(`[...document.querySelectorAll('[aria-label="UQPAY issuing"] button')]
        .find((button) => button.innerText.trim() === 'USD').click()`);
      await page.until(`document.querySelector('.statement') && document.querySelector('.chart canvas')`);
      const shown = await open.text();
      const [held] = door.sandbox.control
        .balances('issuing', door.sandbox.masterAccountId)
        .filter(({ currency }) => currency === 'USD');
      expect(shown.replaceAll(',', '')).toContain(`${held?.available_balance} USD`);
      expect(shown).toContain('Reported with a transaction');
      const href = String(await page.evaluate(`document.querySelector('.downloads a').href`));
      const file = await fetch(href);
      expect(file.status).toBe(200);
      expect(await file.text()).toMatch(/^[^\r\n]*currency[^\r\n]*\r\n/);
      expect(page.complaints).toEqual([]);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'a balance that changes at the provider changes on the screen, and is marked',
  async () => {
    const open = await openDashboard('/?tab=balances');
    if (open === null) return;
    const { page, door } = open;
    try {
      await page.until(`document.querySelector('table.amounts') && document.querySelector('.live')`);
      const { control, masterAccountId } = door.sandbox;
      control.setBalance('banking', masterAccountId, 'USD', { available_balance: '4.20' });
      await page.until(`document.querySelector('tr.changed')?.innerText.includes('4.20 USD')`);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'transactions scroll to the oldest without a row twice or lost, and only some rows exist at a time',
  async () => {
    const open = await openDashboard('/?tab=transactions&ledger=BANKING&currency=AED', ({ sandbox }) => {
      for (let index = 0; index < 300; index++) {
        const create_time = new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString();
        sandbox.control.insertTransaction('banking', {
          currency: 'AED',
          amount: `1.${1_000 + index}`,
          create_time,
        });
      }
    });
    if (open === null) return;
    const { page } = open;
    try {
      await page.until(`document.querySelector('.row')`);
      // Scrolls down bit by bit and notes each row that exists, by its place in the list.
      const seen = (await page.evaluate(`(async () => {
        const rows = document.querySelector('.rows');
        const seen = {};
        for (let turn = 0; turn < 2000; turn++) {
          const drawn = [...rows.querySelectorAll('.row')];
          if (drawn.length > 80) throw new Error(drawn.length + ' rows are drawn');
          for (const row of drawn) seen[row.ariaRowIndex] = row.innerText;
          const isAtEnd = rows.scrollTop + rows.clientHeight >= rows.scrollHeight - 1;
          if (isAtEnd && rows.innerText.includes('The oldest transaction.')) break;
          rows.scrollTop += 300;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return Object.values(seen);
      })()`)) as string[];
      expect(seen).toHaveLength(300);
      const inserted = seen.flatMap((text) => /1\.1\d{3}/.exec(text) ?? []);
      expect(new Set(inserted).size).toBe(300);
      expect(page.complaints).toEqual([]);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'new transactions wait behind a button, and what is being read does not move when they are shown',
  async () => {
    const open = await openDashboard('/?tab=transactions');
    if (open === null) return;
    const { page, door } = open;
    const topRow = `(() => {
      const rows = document.querySelector('.rows');
      const { top } = rows.getBoundingClientRect();
      return [...rows.querySelectorAll('.row')]
        .map((row) => [Math.round(row.getBoundingClientRect().top - top), row.innerText])
        .filter(([at]) => at >= 0).sort(([a], [b]) => a - b)[0];
    })()`;
    try {
      await page.until(`document.querySelectorAll('.row').length > 20`);
      await page.evaluate(`document.querySelector('.rows').scrollTop = 800`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = await page.evaluate(topRow);
      for (const amount of ['77.01', '77.02', '77.03']) {
        door.sandbox.control.insertTransaction('banking', { amount, currency: 'USD' });
      }
      await open.click('3 new');
      await page.until(`!document.querySelector('.new-rows')`);
      expect(await page.evaluate(topRow)).toEqual(before);
      await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
      await page.until(`document.querySelector('.rows').innerText.includes('77.03')`);
      expect(await open.text()).toContain('77.01');
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'a provider that fails is named with the reason, beside what could be read; when it is back, the note goes',
  async () => {
    const open = await openDashboard('/?tab=balances', ({ sandbox }) => {
      sandbox.control.inject({
        kind: 'status',
        status: 503,
        shape: 'A',
        match: { path: '/v1/issuing/balances' },
      });
    });
    if (open === null) return;
    const { page, door } = open;
    try {
      await page.until(`document.querySelector('.missing')`);
      expect(await open.text()).toMatch(/UQPAY issuing could not be read: the provider cannot be reached/);
      expect(await open.text()).toContain('UQPAY banking');
      door.sandbox.control.clearFaults();
      await page.until(`!document.querySelector('.missing')`, 40_000);
      expect(await open.text()).toContain('UQPAY issuing');
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'without a network it says so, keeps what it has, and goes on by itself',
  async () => {
    const open = await openDashboard('/?tab=balances');
    if (open === null) return;
    const { page } = open;
    try {
      await page.until(`document.querySelector('table.amounts')`);
      await page.setOffline(true);
      await page.until(`document.querySelector('.problem')`);
      expect(await open.text()).toContain('The gateway cannot be reached');
      expect(await open.text()).toContain('UQPAY banking');
      await page.setOffline(false);
      await page.until(`!document.querySelector('.problem')`);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'where callers need a key it asks for one, says when it is wrong, and keeps it in memory only',
  async () => {
    const key = 'dashboard-key-of-a-treasurer-0001';
    const sha256 = createHash('sha256').update(key).digest('hex');
    const callers = [
      { subject: 'treasurer', sha256, accounts: ['*'], scopes: ['accounts:read', 'balances:read'] },
    ];
    const open = await openDashboard('/?tab=balances', undefined, {
      AUTH: 'keys',
      AUTH_KEYS: JSON.stringify(callers),
    });
    if (open === null) return;
    const { page } = open;
    const enter = (text: string) => `(() => {
      const input = document.querySelector('.key-form input');
      input.value = ${JSON.stringify(text)};
      input.dispatchEvent(new Event('input', { bubbles: true }));
      setTimeout(() => document.querySelector('.key-form button').click(), 50);
    })()`;
    try {
      await page.until(`document.querySelector('.key-form')`);
      await page.evaluate(enter('not-the-key'));
      await page.until(`document.querySelector('.key-form')?.innerText.includes('not one of those')`);
      await page.evaluate(enter(key));
      await page.until(`document.querySelector('table.amounts')`);
      expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')).toBe(
        '[{},{},""]',
      );
      expect(await page.evaluate('location.href')).not.toContain(key);
      await open.click('Transactions');
      await page.until(`document.querySelector('.problem')?.innerText.includes('may not read this')`);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test(
  'the URL holds the view, and Back goes back',
  async () => {
    const open = await openDashboard('/');
    if (open === null) return;
    const { page } = open;
    try {
      await open.click('Accounts');
      await page.until(`document.querySelector('.row-button')`);
      await page.evaluate(`document.querySelectorAll('.row-button')[1].click()`);
      await page.until(`location.search.includes('account=')`);
      await open.click('Transactions');
      await page.until(`location.search.includes('tab=transactions')`);
      const url = String(await page.evaluate('location.href'));
      expect(url).not.toContain('after');
      await page.evaluate('history.back()');
      await page.until(`!location.search.includes('tab=transactions')`);
      await page.until(`document.querySelector('.tabs [aria-current="page"]').innerText === 'Balances'`);
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);

test.each(['overview', 'balances', 'accounts', 'transactions'])(
  'the view of %s has no fault that axe knows, light and dark, and fits a phone',
  async (tab) => {
    const open = await openDashboard(`/?tab=${tab}`);
    if (open === null) return;
    const { page } = open;
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    try {
      await page.until(`document.querySelector('.row, table.amounts')`);
      if (tab === 'overview') await page.until(`document.querySelector('.chart canvas')`);
      await page.evaluate(axe);
      for (const colours of ['light', 'dark'] as const) {
        await page.emulate({ width: 1280, height: 900, colours });
        const faults = await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
        );
        expect(faults).toEqual([]);
      }
      await page.emulate({ width: 360, height: 740 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe('');
    } finally {
      await open.close();
    }
  },
  timeoutMs,
);
