// Sandboxes whose data changes by itself: rows and balances stay consistent.
import { afterEach, expect, test } from '@jest/globals';
import { startIbaneraSandbox } from '../../src/sandbox/ibanera/index.ts';
import { startNoahSandbox } from '../../src/sandbox/noah/index.ts';
import { startUqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { createHeldTimer } from '../support/held-timer.ts';

const startMs = Date.UTC(2026, 2, 15, 4);
const hourMs = 3_600_000;
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const sandbox of opened.splice(0)) await sandbox.close();
});

async function open<Sandbox extends { close(): Promise<void> }>(
  start: (options: object) => Promise<Sandbox>,
  activity = true,
) {
  const time = createHeldTimer(startMs);
  const sandbox = await start({ now: time.now, timer: time.timer, activity });
  opened.push(sandbox);
  return { time, sandbox };
}

/** Exact sums of amounts with at most six digits after the point. */
const micro = (text: string) => {
  const [, sign, whole, fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  return BigInt(`${whole}${fraction.padEnd(6, '0')}`) * (sign === '-' ? -1n : 1n);
};
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

test('UQPAY: banking balances move by their completed rows, an issuing row ends at its balance', async () => {
  const { time, sandbox } = await open(startUqpaySandbox);
  const { control, masterAccountId: master } = sandbox;
  const read = () => ({
    banking: control.balances('banking', master),
    issuing: control.balances('issuing', master),
    payment: control.balances('payment', master),
    rows: control.transactions('banking', master),
    cardRows: control.transactions('issuing', master),
  });
  const [, sub] = control.accounts();
  const ofSub = () => JSON.stringify(control.balances('banking', sub?.account_id ?? ''));
  const before = read();
  const subBefore = ofSub();
  time.advance(hourMs);
  const after = read();
  const statusOf = new Map(before.rows.map((row) => [row.transaction_id, row.transaction_status]));
  const moved = after.rows.filter(
    (row) => row.transaction_status === 'COMPLETED' && statusOf.get(row.transaction_id) !== 'COMPLETED',
  );
  expect(moved.length).toBeGreaterThan(100);
  expect(new Set(moved.map((row) => row.transaction_type))).toEqual(new Set(['DEPOSIT', 'PAYOUT']));
  for (const [index, { currency, available_balance }] of after.banking.entries()) {
    const amounts = moved
      .filter((row) => row.currency === currency)
      .map(({ amount, credit_debit_type }) => (credit_debit_type === 'C' ? 1n : -1n) * micro(amount));
    const was = micro(before.banking[index]?.available_balance ?? '0');
    expect([currency, micro(available_balance) - was]).toEqual([currency, sum(amounts)]);
  }
  let balance = micro(before.issuing.find(({ currency }) => currency === 'USD')?.available_balance ?? '');
  const newCardRows = after.cardRows.slice(0, after.cardRows.length - before.cardRows.length).reverse();
  expect(newCardRows.length).toBeGreaterThan(20);
  for (const row of newCardRows) {
    balance += micro(row.amount);
    expect(micro(row.ending_balance)).toBe(balance);
  }
  expect(after.issuing.find(({ currency }) => currency === 'USD')?.available_balance).toBe(
    newCardRows.at(-1)?.ending_balance,
  );
  expect(after.payment).not.toEqual(before.payment);
  expect(ofSub()).toBe(subBefore);
});

test('Ibanera: the total is available plus pending; a completed deposit was pending before', async () => {
  const { time, sandbox } = await open(startIbaneraSandbox);
  const { control } = sandbox;
  const newest = () => control.accounts().flatMap(({ id }) => control.transactions(id).slice(0, 500));
  const accounts = control.accounts();
  const before = new Set(newest().map(({ Id }) => Id));
  time.advance(2 * hourMs);
  const rows = newest().filter(({ Id }) => !before.has(Id));
  expect(rows.length).toBeGreaterThan(100);
  for (const [index, account] of control.accounts().entries()) {
    const old = accounts[index];
    if (account.asset !== 'USD' || old === undefined) {
      expect(account).toEqual(old);
      continue;
    }
    const ofAccount = rows.filter(({ AccountsId }) => AccountsId === account.id);
    const amounts = (wanted: boolean) =>
      sum(ofAccount.filter(({ bPending }) => bPending === wanted).map(({ Amount }) => micro(Amount)));
    const moved = (name: 'totalBalance' | 'availableBalance' | 'pendingBalance') =>
      micro(account[name]) - micro(old[name]);
    expect(moved('availableBalance')).toBe(amounts(false));
    expect(moved('pendingBalance')).toBe(amounts(true));
    expect(moved('totalBalance')).toBe(amounts(false) + amounts(true));
  }
});

test('NOAH: the total includes outgoing payments, the available balance does not', async () => {
  const { time, sandbox } = await open(startNoahSandbox);
  const { control } = sandbox;
  const balance = () => control.balances().find(({ CryptoCurrency }) => CryptoCurrency === 'USDC_TEST');
  const was = balance();
  const before = new Set(control.transactions().map(({ ID }) => ID));
  time.advance(2 * hourMs);
  const rows = control.transactions().filter(({ ID }) => !before.has(ID));
  expect(rows.length).toBeGreaterThan(100);
  const amounts = (isIn: boolean, status: string) =>
    sum(
      rows
        .filter((row) => (row.Direction === 'In') === isIn && row.Status === status)
        .map(({ Amount = '0' }) => micro(Amount)),
    );
  const settled = amounts(true, 'Settled') - amounts(false, 'Settled');
  expect(micro(balance()?.Total ?? '') - micro(was?.Total ?? '')).toBe(settled);
  const available = micro(balance()?.Available ?? '') - micro(was?.Available ?? '');
  expect(available).toBe(settled - amounts(false, 'Pending'));
});

test('is off by default, can be turned off again, and survives removed data', async () => {
  const { time, sandbox } = await open(startUqpaySandbox, false);
  const { control, masterAccountId: master } = sandbox;
  expect(time.waits()).toEqual([]);
  control.setActivity(true);
  for (const { currency } of control.balances('banking', master)) {
    control.removeBalance('banking', master, currency);
  }
  while (
    !control.transactions('banking', master).some((row) => row.create_time.startsWith('2026-03-15T12:0'))
  ) {
    time.advance(10_000);
  }
  for (const row of control.transactions('banking', master)) {
    if (row.transaction_status === 'PENDING') control.deleteTransaction(row.transaction_id);
  }
  time.advance(hourMs);
  control.setActivity(false);
  const count = control.transactions('issuing', master).length;
  time.advance(hourMs);
  expect(control.transactions('issuing', master)).toHaveLength(count);
  expect(time.waits()).toEqual([]);
});
