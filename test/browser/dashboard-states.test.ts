// What the dashboard says when something is missing, refused or empty, in a real browser over a UQPAY sandbox.
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { scopes } from '../../src/domain/caller.ts';
import { startDashboard } from './dashboard.fixture.ts';

const treasurerKey = 'dashboard-key-of-a-treasurer-0001';
const readerKey = 'dashboard-key-of-a-reader-00000002';
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const callers = [
  { subject: 'treasurer', sha256: sha256(treasurerKey), accounts: ['*'], scopes },
  {
    subject: 'reader',
    sha256: sha256(readerKey),
    accounts: ['*'],
    scopes: ['accounts:read', 'balances:read'],
  },
];

const noCache = { TRANSACTION_MAX_AGE_SECONDS: '0', BALANCE_MAX_AGE_SECONDS: '0' };
const testPage = startDashboard(undefined, noCache);
const testPageWithKeys = startDashboard(undefined, { AUTH: 'keys', AUTH_KEYS: JSON.stringify(callers) });
const testPageOverBudget = startDashboard(undefined, {
  UQPAY_RATE_LIMIT_PER_MINUTE: '1',
});

/** Makes the page refetch, as it does when it comes online. */
const askAgain = `dispatchEvent(new Event('online'))`;
const unavailable = { kind: 'status', status: 503, shape: 'A' } as const;

testPage(
  'a failing provider is named with the reason, beside what could be read; the note disappears when it recovers',
  '/?tab=balances',
  async ({ page, door: { sandbox }, text }) => {
    await page.until(`document.querySelector('table.amounts')`);
    sandbox.control.inject({ ...unavailable, match: { path: '/v1/issuing/.*' } });
    await page.evaluate(askAgain);
    await page.until(`document.querySelector('.missing')`);
    // It shows an earlier read for some time, then nothing.
    expect(await text()).toMatch(/UQPAY issuing (shows an earlier reading|could not be read): the provider/);
    expect(await text()).toContain('UQPAY banking');
    await page.evaluate(`[...document.querySelectorAll('.tabs button')].at(-1).click()`);
    await page.until(`document.querySelector('.row') && document.querySelector('.missing')`);
    expect(await text()).toMatch(/UQPAY issuing could not be read: the provider cannot be reached/);
    sandbox.control.clearFaults();
    // The gateway calls a provider that failed several times again after some seconds.
    await page.until(`(${askAgain}, !document.querySelector('.missing'))`, 40_000);
    expect(await text()).toContain('UQPAY issuing');
    await page.evaluate(`document.querySelectorAll('.tabs button')[1].click()`);
    await page.until(`document.querySelector('[aria-label="UQPAY issuing"]')`);
  },
);

testPage(
  'without a network it says so, keeps what it shows, and recovers by itself',
  '/?tab=balances',
  async ({ page, text }) => {
    await page.until(`document.querySelector('table.amounts')`);
    await page.setOffline(true);
    await page.until(`document.querySelector('.problem')`);
    expect(await text()).toContain('The gateway cannot be reached');
    expect(await text()).toContain('UQPAY banking');
    await page.setOffline(false);
    await page.until(`!document.querySelector('.problem')`);
  },
);

testPage(
  'filters without matches say so and can be cleared; impossible ones are explained',
  '/?tab=transactions&currency=XXX',
  async ({ page, click, text }) => {
    await click('Clear the filters');
    await page.until(`document.querySelector('.row')`);
    expect(await page.evaluate('location.search')).toBe('?tab=transactions');
    await page.evaluate(`(history.pushState(null, '', '?tab=transactions&from=2026-12-09&to=2026-01-01'),
      dispatchEvent(new PopStateEvent('popstate')))`);
    await page.until(`document.querySelector('.problem')`);
    expect(await text()).toContain('must not have a "from" that is later than its "to"');
    expect(page.complaints).toEqual([]);
  },
);

testPageOverBudget(
  'when the calls of a minute are used up, it says so, and when it will retry',
  '/?tab=transactions',
  async ({ page, text }) => {
    await page.until(`document.querySelector('.problem, .missing')`);
    expect(await text()).toMatch(
      /[Tt]he calls of this minute are used up.*\. (Trying again|Next try) in \d+ s\./,
    );
    expect(page.complaints).toEqual([]);
  },
);

const enter = (text: string) => `(() => {
  const input = document.querySelector('.key-form input');
  input.value = ${JSON.stringify(text)};
  input.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => document.querySelector('.key-form').requestSubmit());
})()`;

testPageWithKeys(
  'if callers need a key, it asks for one, says if it is wrong, and keeps it in memory only',
  '/?tab=balances',
  async ({ page, click }) => {
    await page.until(`document.activeElement?.closest('.key-form')`);
    await page.evaluate(enter('not-the-key'));
    await page.until(`document.querySelector('.key-form')?.innerText.includes('not one of those')`);
    await page.evaluate(enter(readerKey));
    await page.until(`document.querySelector('table.amounts')`);
    // As when a token expires while the page is open.
    await page.evaluate(`(window.sent = fetch, window.fetch = (url, options) =>
      sent(url, { ...options, headers: { ...options.headers, authorization: 'Bearer expired' } }))`);
    await page.evaluate(askAgain);
    await page.until(`document.querySelector('.key-form') && !document.querySelector('table.amounts')`);
    await page.evaluate('(window.fetch = sent)');
    await page.evaluate(enter(readerKey));
    await page.until(`document.querySelector('table.amounts')`);
    const kept = 'JSON.stringify([localStorage, sessionStorage, document.cookie])';
    expect(await page.evaluate(kept)).toBe('[{},{},""]');
    expect(await page.evaluate('location.href')).not.toContain(readerKey);
    await click('Transactions');
    await page.until(`document.querySelector('.problem')?.innerText.includes('may not read this')`);
    // A link cannot carry the key, so the page fetches the file.
    await click('CSV');
    await page.until(`document.querySelector('.downloads [role="alert"]')`);
    expect(await page.evaluate(`document.querySelector('.downloads').innerText`)).toMatch(
      /transactions\.csv was not saved\. Your key may not read this\. /,
    );
  },
);

testPageWithKeys(
  'files are downloaded with the key, and the page says whether they are complete',
  '/?tab=transactions&currency=SGD',
  async ({ page, door: { sandbox }, click }) => {
    await page.until(`document.querySelector('.key-form')`);
    await page.evaluate(enter(treasurerKey));
    await page.until(`document.querySelector('.row')`);
    // What the browser would save.
    await page.evaluate(`(() => {
      const create = URL.createObjectURL;
      URL.createObjectURL = (file) => ((window.saved = file.text()), create(file));
    })()`);
    const state = `document.querySelector('.downloads').innerText`;
    sandbox.control.inject({ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/issuing/.*' } });
    await click('NDJSON');
    await page.until(`${state}.includes('transactions.ndjson was not saved')`);
    expect(await page.evaluate('window.saved')).toBeUndefined();

    sandbox.control.clearFaults();
    await click('NDJSON');
    await page.until(`${state}.includes('transactions.ndjson is complete')`);
    const lastLine = `saved.then((text) => JSON.parse(text.trimEnd().split('\\n').at(-1)))`;
    expect(await page.evaluate(lastLine)).toMatchObject({ complete: true });
  },
);
