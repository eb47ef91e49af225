// Money in and out by bucket, over the UQPAY adapter and the embedded sandbox: sums compared with an independent
// calculation, and their cost.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { anonymous } from '../../src/domain/caller.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

let adapter: Adapter;
let executor: Executor;

beforeEach(async () => {
  adapter = await startAdapter();
  executor = await startExecutor({ providers: [adapter.provider] });
});
afterEach(async () => {
  await executor.stop();
  await adapter.close();
});

const fields = `points { from to currency credits { amount currency } debits { amount } net { amount } count unsummedCount }
  complete transactionCount asOf sources { ledger state code }`;

interface Point {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly credits: { readonly amount: string } | null;
  readonly debits: { readonly amount: string } | null;
  readonly net: { readonly amount: string } | null;
  readonly count: number;
  readonly unsummedCount: number;
}

async function activity(filter: string, rest = '') {
  const answer = await executor.run(`{ activity(filter: { ${filter} } ${rest}) { ${fields} } }`);
  return { ...answer, points: (at(answer.data, 'activity', 'points') ?? []) as readonly Point[] };
}

const may = 'ledgers: [BANKING], createdAt: { from: "2026-05-01T00:00:00Z", to: "2026-05-04T00:00:00Z" }';
const mayBalance = '3b0f8a52-0d0e-4a53-9b7e-0a6f6f1c9d11';
const mayFirst = Date.parse('2026-05-01T00:00:00Z') / 1000;

function bankingRow(second: number, amount: string, fieldsOfRow: Record<string, string> = {}) {
  return adapter.control.insertTransaction('banking', {
    create_time: new Date(second * 1000).toISOString().replace('.000', ''),
    transaction_status: 'COMPLETED',
    credit_debit_type: 'C',
    amount,
    ...fieldsOfRow,
  });
}

/** Cents, added with plain BigInt, not with the code under test. */
function cents(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
}

test('every bucket and currency has a point, with exact sums of money in and out', async () => {
  bankingRow(mayFirst, '0.10');
  bankingRow(mayFirst + 60, '0.20');
  bankingRow(mayFirst + 120, '12345678901234567890.01', { credit_debit_type: 'D' });
  bankingRow(mayFirst + 2 * 86_400, '5', { currency: 'EUR' });
  bankingRow(mayFirst + 3 * 86_400, '99.00');
  const { points, data, errors } = await activity(may);
  expect(errors).toEqual([]);
  const lines = points.map(
    ({ from, currency, credits, debits, net, count }) =>
      `${from.slice(0, 10)} ${currency} ${credits?.amount} ${debits?.amount} ${net?.amount} ${count}`,
  );
  expect(lines).toEqual([
    '2026-05-01 EUR 0 0 0 0',
    '2026-05-01 USD 0.30 12345678901234567890.01 -12345678901234567889.71 3',
    '2026-05-02 EUR 0 0 0 0',
    '2026-05-02 USD 0 0 0 0',
    '2026-05-03 EUR 5 0 5 1',
    '2026-05-03 USD 0 0 0 0',
  ]);
  expect(at(data, 'activity', 'transactionCount')).toBe(4);
  expect(at(data, 'activity', 'asOf')).toBe('2026-05-04T00:00:00Z');
});

test('pending and failed rows are counted only if the filter names their statuses', async () => {
  bankingRow(mayFirst, '1.00');
  bankingRow(mayFirst + 1, '2.00', { transaction_status: 'PENDING' });
  bankingRow(mayFirst + 2, '4.00', { transaction_status: 'FAILED' });
  const completed = await activity(may);
  expect(completed.points[0]?.credits?.amount).toBe('1.00');
  const both = await activity(`${may}, statuses: [PENDING, FAILED]`);
  expect(both.points[0]?.credits?.amount).toBe('6.00');
});

test('rows without a direction are counted separately', async () => {
  bankingRow(mayFirst, '1.00');
  bankingRow(mayFirst + 1, '2.00', { credit_debit_type: '?' });
  const { points, data } = await activity(may);
  expect(points[0]).toMatchObject({ credits: { amount: '1.00' }, count: 1, unsummedCount: 1 });
  expect(at(data, 'activity', 'transactionCount')).toBe(2);
});

test('days are those of the zone, with 23 and 25 hours', async () => {
  const spring = await activity(
    'ledgers: [BANKING], createdAt: { from: "2026-03-28T23:00:00Z", to: "2026-03-29T22:00:00Z" }',
    'timeZone: "Europe/Berlin"',
  );
  expect(spring.points).toEqual([]);
  bankingRow(Date.parse('2026-03-29T21:59:59Z') / 1000, '1.00');
  bankingRow(Date.parse('2025-10-26T22:59:59Z') / 1000, '2.00');
  const short = await activity(
    'ledgers: [BANKING], createdAt: { from: "2026-03-28T23:00:00Z", to: "2026-03-30T22:00:00Z" }',
    'timeZone: "Europe/Berlin"',
  );
  expect(short.points.map(({ from, to, count }) => [from, to, count])).toEqual([
    ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 1],
    ['2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z', 0],
  ]);
  const long = await activity(
    'ledgers: [BANKING], createdAt: { from: "2025-10-25T22:00:00Z", to: "2025-10-27T23:00:00Z" }',
    'timeZone: "europe/berlin"',
  );
  expect(long.points.map(({ from, to, count }) => [from, to, count])).toEqual([
    ['2025-10-25T22:00:00Z', '2025-10-26T23:00:00Z', 1],
    ['2025-10-26T23:00:00Z', '2025-10-27T23:00:00Z', 0],
  ]);
});

test('a thousand rows, many of them in one second, cost a call for every hundred, and none is missing', async () => {
  let credits = 0n;
  let debits = 0n;
  for (let row = 0; row < 1_050; row++) {
    const amount = `${row}.${String(row % 100).padStart(2, '0')}`;
    const isDebit = row % 3 === 0;
    if (isDebit) debits += cents(amount);
    else credits += cents(amount);
    bankingRow(mayFirst + Math.floor(row / 130), amount, { credit_debit_type: isDebit ? 'D' : 'C' });
  }
  const { points, calls } = await activity(may);
  expect(cents(points[0]?.credits?.amount ?? '')).toBe(credits);
  expect(cents(points[0]?.debits?.amount ?? '')).toBe(debits);
  expect(calls).toBe(11);
});

test('issuing is read in windows of 90 days, and its rows without a direction are counted separately', async () => {
  for (let day = 0; day < 200; day++) {
    adapter.control.insertTransaction('issuing', {
      create_time: new Date((mayFirst - day * 86_400) * 1000).toISOString(),
      transaction_status: 'COMPLETED',
      amount: '-1.00',
    });
  }
  const { data, calls, errors } = await activity(
    'ledgers: [ISSUING], createdAt: { from: "2025-09-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }',
    'bucket: MONTH',
  );
  expect(errors).toEqual([]);
  expect(at(data, 'activity', 'transactionCount')).toBe(200);
  expect(calls).toBeLessThanOrEqual(4);
});

test('signs learned from later rows apply to all rows of a window, and to one that was counted before', async () => {
  const issuingRow = (second: number, amount: string, ending_balance: string) =>
    adapter.control.insertTransaction('issuing', {
      create_time: new Date(second * 1000).toISOString(),
      ...{ transaction_status: 'COMPLETED', balance_id: mayBalance, amount, ending_balance },
    });
  // The newest page shows nothing, because its rows are all of one second.
  for (let row = 0; row < 100; row++) issuingRow(mayFirst + 90_000, '1.00', `${201 + row}.00`);
  issuingRow(mayFirst + 100, '-50.00', '200.00');
  issuingRow(mayFirst + 50, '250.00', '250.00');
  const mayIssuing = may.replace('BANKING', 'ISSUING');
  const first = await activity(mayIssuing);
  const sums = first.points.map(({ net, unsummedCount }) => [net?.amount, unsummedCount]);
  expect(sums).toEqual([
    ['200.00', 0],
    ['100.00', 0],
    ['0', 0],
  ]);
  adapter.clock.advance(60_000);
  const second = await activity(mayIssuing);
  expect(second.calls).toBe(1);
  expect(second.points).toEqual(first.points);
});

test('a window that has ended costs one call when it is requested again', async () => {
  for (let row = 0; row < 350; row++) bankingRow(mayFirst + row, '1.00');
  const first = await activity(may);
  expect(first.calls).toBe(4);
  adapter.clock.advance(60_000);
  const second = await activity(may);
  expect(second.calls).toBe(1);
  expect(second.points).toEqual(first.points);
});

test('a row added to a counted window, or leaving it because its status changes, is noticed', async () => {
  for (let row = 0; row < 350; row++) bankingRow(mayFirst + row, '1.00');
  await activity(may);
  adapter.clock.advance(60_000);
  const late = bankingRow(mayFirst, '1.00', { transaction_status: 'PENDING' });
  expect((await activity(may)).points[0]?.credits?.amount).toBe('350.00');
  adapter.control.setTransactionStatus(late.transaction_id, 'COMPLETED');
  adapter.clock.advance(60_000);
  expect((await activity(may)).points[0]?.credits?.amount).toBe('351.00');
  adapter.control.setTransactionStatus(late.transaction_id, 'FAILED');
  adapter.clock.advance(60_000);
  expect((await activity(may)).points[0]?.credits?.amount).toBe('350.00');
});

test('rows that arrive while a window is read are all counted or none, and no other row is lost', async () => {
  for (let row = 0; row < 650; row++) bankingRow(mayFirst + row, '1.00');
  let calls = 0;
  adapter.control.beforeEachCall(() => {
    calls += 1;
    if (calls === 3) for (let row = 0; row < 5; row++) bankingRow(mayFirst + 640, '1.00');
  });
  const { points, data } = await activity(may);
  expect(points[0]?.credits?.amount).toBe('655.00');
  expect(at(data, 'activity', 'complete')).toBe(true);
});

test('a list that keeps changing loses no row that was listed throughout', async () => {
  for (let row = 0; row < 450; row++) bankingRow(mayFirst + row * 10, '1.00');
  let calls = 0;
  adapter.control.beforeEachCall(() => {
    calls += 1;
    bankingRow(mayFirst + 4_400, '1000.00');
  });
  const { points } = await activity(may);
  expect(Number(points[0]?.credits?.amount) % 1_000).toBe(450);
  expect(calls).toBeLessThan(16);
});

test('a window that takes too many calls is refused with the count, after its first page', async () => {
  await executor.stop();
  executor = await startExecutor({ providers: [adapter.provider], upstreamCallsPerOperationMax: 5 });
  for (let row = 0; row < 650; row++) bankingRow(mayFirst + row, '1.00');
  const { data, errors, calls } = await activity(may);
  expect(at(data, 'activity')).toBeNull();
  expect(errors[0]?.message).toBe(
    'The window holds 650 transactions, so activity needs 7 upstream calls; MAX_UPSTREAM_CALLS_PER_OPERATION ' +
      'allows 5. Ask for a shorter window, or for fewer accounts or ledgers at once.',
  );
  expect(errors[0]?.extensions).toMatchObject({ code: 'CALLS_EXCEEDED', maximum: 5, value: 7 });
  expect(calls).toBe(1);
});

test('a window of several ranges is refused once the first ranges show that it takes too many calls', async () => {
  await executor.stop();
  executor = await startExecutor({ providers: [adapter.provider], upstreamCallsPerOperationMax: 6 });
  for (let row = 0; row < 650; row++) {
    adapter.control.insertTransaction('issuing', {
      create_time: new Date((mayFirst + row) * 1000).toISOString(),
      transaction_status: 'COMPLETED',
    });
  }
  const { data, errors, calls } = await activity(
    'ledgers: [ISSUING], createdAt: { from: "2025-04-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }',
    'bucket: MONTH',
  );
  expect(at(data, 'activity')).toBeNull();
  expect(errors[0]?.message).toContain('holds at least 650 transactions, so activity needs at least 7');
  expect(calls).toBe(1);
});

test('a window of many accounts is refused once the first three lists show that it takes too many calls', async () => {
  await executor.stop();
  executor = await startExecutor({ providers: [adapter.provider], upstreamCallsPerOperationMax: 20 });
  for (let row = 0; row < 2_050; row++) bankingRow(mayFirst + row, '1.00');
  for (let added = 0; added < 3; added++) adapter.control.addAccount();
  const list = await executor.run('{ accounts(first: 4) { nodes { id } } }');
  const ids = (at(list.data, 'accounts', 'nodes') as readonly { id: string }[]).map(({ id }) => id);
  expect(ids).toHaveLength(4);
  const { data, errors, calls } = await activity(
    `accountIds: ${JSON.stringify(ids)}, ${may.replace('ledgers: [BANKING],', '')}`,
  );
  expect(at(data, 'activity')).toBeNull();
  expect(errors[0]?.message).toMatch(
    /^The window holds at least \d+ transactions, .* needs at least \d+ upstream calls;/,
  );
  expect(calls).toBe(3);
});

test('a source that fails is named, and makes all sums null', async () => {
  bankingRow(mayFirst, '1.00');
  adapter.control.inject({
    ...{ kind: 'status', status: 500, shape: 'A', match: { path: '/v1/issuing/balances/transactions' } },
  });
  const { data, points, errors } = await activity(may.replace('ledgers: [BANKING],', ''));
  expect(points[0]).toMatchObject({ credits: null, debits: null, net: null, count: 1 });
  expect(at(data, 'activity', 'complete')).toBe(false);
  expect(at(data, 'activity', 'sources')).toEqual([
    { ledger: 'BANKING', state: 'OK', code: null },
    { ledger: 'ISSUING', state: 'FAILED', code: 'UPSTREAM_UNAVAILABLE' },
  ]);
  expect(errors.map(({ path }) => path)).toEqual([['activity']]);
});

test.each([
  ['', '', 'Argument "filter.createdAt" must have a "from"'],
  ['createdAt: { to: "2026-05-01T00:00:00Z" }', '', 'Argument "filter.createdAt" must have a "from"'],
  ['createdAt: { from: "2027-05-01T00:00:00Z" }', '', 'must not have a "from" that is in the future'],
  ['createdAt: { from: "2010-05-01T00:00:00Z" }', '', 'makes more than 3660 buckets of a DAY'],
  [
    'createdAt: { from: "2026-05-01T00:00:00Z" }',
    'timeZone: "Mars/Olympus"',
    'time zone in the IANA database',
  ],
  ['createdAt: { from: "2026-05-01T00:00:00Z" }', 'timeZone: "+08:00"', 'time zone in the IANA database'],
])('input that cannot be used is refused without a call: %s %s', async (filter, rest, message) => {
  const { errors, calls } = await activity(filter, rest);
  expect(errors[0]?.message).toContain(message);
  expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  expect(calls).toBe(0);
});

test('activity needs the scope for transactions, and accounts that the caller may read', async () => {
  await executor.stop();
  const caller = { ...anonymous, scopes: ['balances:read'] as const };
  executor = await startExecutor({ providers: [adapter.provider], caller });
  const { errors, calls } = await activity(may);
  expect(errors[0]?.extensions?.code).toBe('FORBIDDEN');
  expect(calls).toBe(0);
});
