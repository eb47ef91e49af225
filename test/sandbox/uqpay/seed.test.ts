import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startUqpaySandbox, type UqpaySandbox } from '../../../src/sandbox/uqpay/index.ts';
import { startMs } from './support.ts';

const dayMs = 24 * 3600 * 1000;
const startDemo = (nowMs = startMs) => startUqpaySandbox({ now: () => nowMs });

let sandbox: UqpaySandbox;
beforeAll(async () => {
  sandbox = await startDemo();
});
afterAll(() => sandbox.close());

const accounts = () => sandbox.control.accounts();
const rows = (line: 'banking' | 'issuing') =>
  accounts().flatMap(({ account_id }) => sandbox.control.transactions(line, account_id));
const words = <T>(values: readonly T[]) => new Set(values);

describe('the demo data', () => {
  test('has one master and 40 or more sub-accounts of many kinds', () => {
    expect(accounts()[0]?.account_id).toBe(sandbox.masterAccountId);
    expect(accounts().length).toBeGreaterThanOrEqual(41);
    const statuses = words(accounts().map(({ status }) => status));
    for (const status of ['ACTIVE', 'PROCESSING', 'INACTIVE', 'CLOSED', 'UNDER_OBSERVATION']) {
      expect(statuses).toContain(status);
    }
    expect(words(accounts().map(({ country }) => country)).size).toBeGreaterThanOrEqual(8);
    expect(words(accounts().map(({ business_code }) => business_code.join())).size).toBeGreaterThanOrEqual(5);
    expect(words(accounts().map(({ entity_type }) => entity_type))).toEqual(
      new Set(['COMPANY', 'INDIVIDUAL']),
    );
  });

  test('has 10,000 banking and 3,000 issuing rows over a year, none in the future, all different', () => {
    const banking = rows('banking');
    const issuing = rows('issuing');
    expect(banking.length).toBeGreaterThanOrEqual(10_000);
    expect(issuing.length).toBeGreaterThanOrEqual(3000);
    const times = [...banking, ...issuing].map(({ create_time }) => Date.parse(create_time));
    const newest = times.reduce((left, right) => Math.max(left, right));
    const oldest = times.reduce((left, right) => Math.min(left, right));
    expect(newest).toBeLessThan(startMs);
    expect(oldest).toBeGreaterThan(startMs - 366 * dayMs);
    expect(oldest).toBeLessThan(startMs - 360 * dayMs);
    expect(words([...banking, ...issuing].map((row) => row.transaction_id)).size).toBe(
      banking.length + issuing.length,
    );
    expect(sandbox.control.transactions('banking', sandbox.masterAccountId).length).toBeGreaterThanOrEqual(
      6000,
    );
  });

  test('has ties: 250 rows in one second, and several of 10 to 40', () => {
    const sizes = [...rows('banking'), ...rows('issuing')].reduce((counts, { account_id, create_time }) => {
      const key = `${account_id} ${Math.floor(Date.parse(create_time) / 1000)}`;
      return counts.set(key, (counts.get(key) ?? 0) + 1);
    }, new Map<string, number>());
    expect(Math.max(...sizes.values())).toBeGreaterThanOrEqual(250);
    expect([...sizes.values()].filter((size) => size >= 10 && size <= 45).length).toBeGreaterThanOrEqual(6);
  });

  test('uses every documented enum value and some undocumented ones', () => {
    const banking = rows('banking');
    const issuing = rows('issuing');
    const bankingTypes = words(banking.map((row) => row.transaction_type));
    for (const type of 'PAYIN DEPOSIT PAYOUT TRANSFER CONVERSION FEE REFUND ADJUSTMENT INVOICE CASHBACK'.split(
      ' ',
    )) {
      expect(bankingTypes).toContain(type);
    }
    expect(words(issuing.map((row) => row.transaction_type)).size).toBe(22);
    for (const set of [banking, issuing]) {
      expect(words(set.map((row) => row.transaction_status))).toEqual(
        new Set(['COMPLETED', 'PENDING', 'FAILED', 'CANCELLED', 'ON_HOLD']),
      );
      const pending = set.filter((row) => row.transaction_status === 'PENDING');
      expect(words(pending.map((row) => row.complete_time))).toEqual(new Set([null, '']));
    }
    const texts = banking.map((row) => row.create_time);
    expect(texts.some((text) => text.endsWith('Z'))).toBe(true);
    expect(texts.some((text) => /\.\d{7,9}\+08:00$/.test(text))).toBe(true);
    expect(texts.filter((text) => text.endsWith('+08:00')).length).toBeGreaterThan(texts.length * 0.9);
  });

  test('has 12 currencies, 10 or more of payment for the master, and the amounts that break clients', () => {
    const { control, masterAccountId } = sandbox;
    const all = accounts().flatMap(({ account_id }) => [
      ...control.balances('banking', account_id),
      ...control.balances('issuing', account_id),
      ...control.balances('payment', account_id),
    ]);
    expect(words(all.map(({ currency }) => currency)).size).toBe(12);
    expect(control.balances('payment', masterAccountId).length).toBeGreaterThanOrEqual(10);
    const amounts = all.flatMap((balance) => Object.values(balance).map(String));
    for (const amount of [
      '5000.10',
      '2353.250',
      '12345678901234567890',
      '0.12345678901234567891',
      '-1520.75',
    ]) {
      expect(amounts).toContain(amount);
    }
  });

  test('every issuing balance is the ending balance of its newest completed row', () => {
    const { control } = sandbox;
    for (const { account_id } of accounts()) {
      for (const { currency, available_balance } of control.balances('issuing', account_id)) {
        const newest = control.transactions('issuing', account_id).find((row) => row.currency === currency);
        if (newest === undefined || available_balance.length > 20) continue;
        expect([account_id, currency, newest.ending_balance]).toEqual([
          account_id,
          currency,
          available_balance,
        ]);
      }
    }
  });

  test('has an account with an issuing gap longer than 90 days', () => {
    const gaps = accounts().map(({ account_id }) => {
      const times = sandbox.control
        .transactions('issuing', account_id)
        .map(({ create_time }) => Date.parse(create_time));
      return Math.max(0, ...times.slice(1).map((time, index) => (times[index] ?? time) - time));
    });
    expect(Math.max(...gaps)).toBeGreaterThan(90 * dayMs);
  });

  test('rows name the balance they belong to', () => {
    const { control } = sandbox;
    for (const { account_id } of accounts()) {
      for (const line of ['banking', 'issuing'] as const) {
        const ids = words(control.balances(line, account_id).map(({ balance_id }) => balance_id));
        expect(control.transactions(line, account_id).filter((row) => !ids.has(row.balance_id))).toEqual([]);
      }
    }
  });

  test('is the same at every start; at another time only the times differ', async () => {
    const snapshot = ({ control }: UqpaySandbox, shiftMs: number) =>
      control
        .accounts()
        .map(({ account_id, account_name }) => [
          account_id,
          account_name,
          control.balances('banking', account_id).map(({ available_balance }) => available_balance),
          control.balances('payment', account_id),
          control
            .transactions('banking', account_id)
            .map((row) => [row.transaction_id, row.amount, Date.parse(row.create_time) - shiftMs]),
          control
            .transactions('issuing', account_id)
            .map((row) => [row.transaction_id, row.ending_balance, Date.parse(row.create_time) - shiftMs]),
        ]);
    const later = await startDemo(startMs + 100 * dayMs);
    try {
      expect(snapshot(later, 100 * dayMs)).toEqual(snapshot(sandbox, 0));
    } finally {
      await later.close();
    }
  });
});
