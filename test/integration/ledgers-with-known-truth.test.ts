// Ledgers that the test generates and therefore knows: sums, history and statements are compared with its own
// addition. Ties, movements that cancel each other, pending and failed rows, broken rows, zones with clock changes.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import { fakeNowMs } from '../support/fake-provider.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

let adapter: Adapter;
let executor: Executor;

beforeEach(async () => {
  adapter = await startAdapter();
  adapter.clock.advance(fakeNowMs - adapter.clock.now());
  executor = await startExecutor({ providers: [adapter.provider] });
});
afterEach(async () => {
  await executor.stop();
  await adapter.close();
});

const start = Date.parse('2026-03-01T00:00:00Z') / 1000;
const statuses = ['COMPLETED', 'COMPLETED', 'COMPLETED', 'PENDING', 'FAILED'] as const;
const currencies = ['USD', 'EUR', 'GBP', 'SGD', 'HKD', 'AUD'] as const;

/** A small random generator: the same for the same seed. */
function numbersOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % below;
  };
}

function text(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Cents of an amount with at most two decimals. */
function cents(amount: unknown): number | null {
  if (amount === null || amount === undefined) return null;
  const [whole = '', fraction = ''] = String(at(amount, 'amount')).split('.');
  return Number(`${whole}${fraction.padEnd(2, '0')}`);
}

function timeOf(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000', '');
}

interface TrueRow {
  readonly id: string;
  readonly second: number;
  /** Its effect on the balance. */
  readonly effect: number;
  readonly status: (typeof statuses)[number];
}

/** Rows of an issuing balance from `start` on, many in one second, with movements that cancel each other. */
function issuingLedger(
  currency: string,
  seed: number,
  { isSigned = true, brokenAt = -1, pending = true, daysBetween = 5, firstSecond = start } = {},
): TrueRow[] {
  const number = numbersOf(seed);
  const rows: TrueRow[] = [];
  let balance = 100_000;
  let second = firstSecond;
  for (let index = 0; index < 60; index++) {
    if (number(3) === 0) second += 1 + number(daysBetween * 86_400);
    const status = pending ? (statuses[number(statuses.length)] ?? 'FAILED') : 'COMPLETED';
    const effect = (number(2) === 0 ? 1 : -1) * ([100, 500, 1_234][number(3)] ?? 0);
    if (index === brokenAt) second += 10;
    if (status === 'COMPLETED') balance += effect + (index === brokenAt ? 7 : 0);
    const { transaction_id: id } = adapter.control.insertTransaction('issuing', {
      ...{ create_time: timeOf(second), currency, transaction_status: status },
      ...{ amount: text(isSigned ? effect : Math.abs(effect)), ending_balance: text(balance) },
    });
    if (index === brokenAt) second += 10;
    rows.push({ id, second, effect, status });
  }
  const [master] = adapter.control.accounts();
  adapter.control.setBalance('issuing', master?.account_id ?? '', currency, {
    available_balance: text(balance),
  });
  return rows;
}

async function statement(ledger: string, currency: string, from: number, to: number) {
  const answer = await executor.run(`{ balance(ledger: ${ledger}, currency: "${currency}") { statement(
    during: { from: "${timeOf(from)}", to: "${timeOf(to)}" }) {
    openingBalance { amount } openingOrigin closingBalance { amount } closingOrigin credits { amount } debits { amount }
    transactionCount check { verdict expected { amount } reported { amount } difference { amount } explanation
    evidence { providerTransactionId } } entries(first: 100) { nodes { transaction { signedAmount { amount } amount { amount }
    endingBalance { amount } } runningBalance { amount } } } } } }`);
  expect(answer.errors).toEqual([]);
  return at(answer.data, 'balance', 'statement');
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const completed = (rows: readonly TrueRow[]) => rows.filter(({ status }) => status === 'COMPLETED');

test.each([1, 2, 3, 4, 5, 6])('an issuing statement matches its ledger: %d', async (seed) => {
  const currency = currencies[seed - 1] ?? 'USD';
  const isSigned = seed % 2 === 0;
  const rows = issuingLedger(currency, seed, { isSigned, pending: seed > 3 });
  const [first, last] = [rows[20] as TrueRow, rows.at(-1) as TrueRow];
  const span = { from: first.second, to: last.second + 1 };
  const inside = rows.filter(({ second }) => second >= span.from && second < span.to);
  const before = completed(rows).filter(({ second }) => second < span.from);
  const effects = completed(inside).map(({ effect }) => effect);
  const opening = 100_000 + sum(before.map(({ effect }) => effect));
  const found = await statement('ISSUING', currency, span.from, span.to);
  expect({
    opening: cents(at(found, 'openingBalance')),
    closing: cents(at(found, 'closingBalance')),
    credits: cents(at(found, 'credits')),
    debits: cents(at(found, 'debits')),
    count: at(found, 'transactionCount'),
    origins: [at(found, 'openingOrigin'), at(found, 'closingOrigin')],
  }).toEqual({
    opening,
    closing: opening + sum(effects),
    credits: sum(effects.filter((effect) => effect > 0)),
    debits: sum(effects.filter((effect) => effect < 0).map(Math.abs)),
    count: effects.length,
    origins: ['REPORTED', 'REPORTED'],
  });
  const isPending = inside.some(({ status }) => status === 'PENDING');
  expect(at(found, 'check', 'verdict')).toBe(isPending ? 'INCONCLUSIVE' : 'AGREES');
  // In whatever order rows of one second are sent, each balance follows from the previous one.
  let balance = opening;
  for (const entry of at(found, 'entries', 'nodes') as unknown[]) {
    const after = cents(at(entry, 'runningBalance')) as number;
    expect(after).toBe(cents(at(entry, 'transaction', 'endingBalance')));
    expect(Math.abs(after - balance)).toBe(Math.abs(cents(at(entry, 'transaction', 'amount')) as number));
    balance = after;
  }
});

test('an issuing statement over several ranges of 90 days is read without gaps, with a call for each of them', async () => {
  const from = start - 400 * 86_400;
  const rows = issuingLedger('USD', 12, { pending: false, daysBetween: 40, firstSecond: from });
  const last = rows.at(-1) as TrueRow;
  expect(last.second - from).toBeGreaterThan(250 * 86_400);
  const { calls, found } = await (async () => {
    const before = adapter.dataCalls().length;
    const read = await statement('ISSUING', 'USD', from + 1, last.second + 1);
    return { calls: adapter.dataCalls().length - before, found: read };
  })();
  const effects = rows.filter(({ second }) => second > from).map(({ effect }) => effect);
  expect(cents(at(found, 'closingBalance'))).toBe(100_000 + sum(rows.map(({ effect }) => effect)));
  expect(at(found, 'transactionCount')).toBe(effects.length);
  expect(at(found, 'check', 'verdict')).toBe('AGREES');
  // In addition to the ranges: the balance, and the row before the span.
  expect(calls).toBeLessThanOrEqual(Math.ceil((last.second - from) / (90 * 86_400)) + 3);
});

test('too many rows of one second to put in order do not make a statement DIFFERS', async () => {
  const number = numbersOf(7);
  let balance = 100_000;
  for (let index = 0; index < 2_200; index += 1) {
    const effect = (number(2) === 0 ? 1 : -1) * ([100, 500, 1_234][number(3)] ?? 0);
    balance += effect;
    adapter.control.insertTransaction('issuing', {
      ...{
        create_time: timeOf(index === 0 ? start : start + 60),
        currency: 'USD',
        transaction_status: 'COMPLETED',
      },
      ...{ amount: text(Math.abs(effect)), ending_balance: text(balance) },
    });
  }
  adapter.control.setBalance('issuing', adapter.sandbox.masterAccountId, 'USD', {
    available_balance: text(balance),
  });
  const check = at(await statement('ISSUING', 'USD', start + 30, start + 90), 'check');
  expect([at(check, 'verdict'), at(check, 'expected')]).toEqual(['INCONCLUSIVE', null]);
  expect(at(check, 'explanation')).toMatch(/without a sign cannot be put in order/);
});

test.each([25, 40, 58])('a broken row is found, with the expected closing balance: %d', async (brokenAt) => {
  const rows = issuingLedger('USD', brokenAt, { brokenAt, pending: false });
  const broken = rows[brokenAt] as TrueRow;
  const from = (rows[12] as TrueRow).second;
  const before = rows.filter(({ second }) => second < from);
  const expected = 100_000 + sum(rows.map(({ effect }) => effect));
  expect(before.length).toBeGreaterThan(0);
  const found = await statement('ISSUING', 'USD', from, fakeNowMs / 1000);
  expect({
    verdict: at(found, 'check', 'verdict'),
    expected: cents(at(found, 'check', 'expected')),
    reported: cents(at(found, 'check', 'reported')),
    difference: cents(at(found, 'check', 'difference')),
    evidence: at(found, 'check', 'evidence'),
  }).toEqual({
    verdict: 'DIFFERS',
    expected,
    reported: expected + 7,
    difference: 7,
    evidence: [{ providerTransactionId: broken.id }],
  });
});

test('a broken row is found even if no earlier row reports the opening balance; otherwise such a span is inconclusive', async () => {
  const rows = issuingLedger('USD', 9, { brokenAt: 30, pending: false });
  const from = start - 86_400;
  const found = await statement('ISSUING', 'USD', from, fakeNowMs / 1000);
  expect(at(found, 'check')).toMatchObject({
    verdict: 'DIFFERS',
    difference: { amount: '0.07' },
    evidence: [{ providerTransactionId: rows[30]?.id }],
  });
  issuingLedger('EUR', 10, { pending: false });
  const other = await statement('ISSUING', 'EUR', from, fakeNowMs / 1000);
  expect(at(other, 'check')).toMatchObject({ verdict: 'INCONCLUSIVE', expected: null, difference: null });
});

test('a row without a balance after it makes the check inconclusive, whatever the sign of its amount', async () => {
  const row = (day: number, amount: string, ending: string | null) => {
    const record = adapter.control.insertTransaction('issuing', {
      ...{ create_time: timeOf(start + day * 86_400), currency: 'USD', transaction_status: 'COMPLETED' },
      ...{ amount, ending_balance: ending ?? '0' },
    });
    if (ending === null) Object.assign(record, { ending_balance: null });
  };
  const [master] = adapter.control.accounts();
  adapter.control.setBalance('issuing', master?.account_id ?? '', 'USD', { available_balance: '80.00' });
  row(0, '-1.00', '100.00');
  row(1, '-5.00', '95.00');
  row(2, '-10.00', null);
  row(3, '-5.00', '80.00');
  const found = await statement('ISSUING', 'USD', start + 3_600, fakeNowMs / 1000);
  expect(at(found, 'check')).toMatchObject({
    ...{ verdict: 'INCONCLUSIVE', expected: null, reported: null, difference: null, evidence: [] },
    explanation: expect.stringMatching(/^1 transaction reports neither/),
  });
});

test('one pending row is named in the singular', async () => {
  issuingLedger('USD', 3, { pending: false });
  adapter.control.insertTransaction('issuing', {
    ...{ create_time: timeOf(start + 86_400), currency: 'USD', transaction_status: 'PENDING' },
  });
  const found = await statement('ISSUING', 'USD', start, fakeNowMs / 1000);
  expect(at(found, 'check', 'explanation')).toBe(
    '1 transaction of the span is pending, and may move the balance yet.',
  );
});

test('an issuing balance before its first row is unknown, unless the row reports it', async () => {
  const row = (day: number, amount: string, ending: string) =>
    adapter.control.insertTransaction('issuing', {
      ...{
        create_time: timeOf(start + day * 86_400),
        amount,
        currency: 'USD',
        transaction_status: 'COMPLETED',
      },
      ending_balance: ending,
    });
  const [master] = adapter.control.accounts();
  adapter.control.setBalance('issuing', master?.account_id ?? '', 'USD', { available_balance: '20.00' });
  row(10, '50.00', '50.00');
  const history = async (from: number, to: number) => {
    const { data } = await executor.run(`{ balance(ledger: ISSUING, currency: "USD") { history(
      during: { from: "${timeOf(from)}", to: "${timeOf(to)}" }) { points { closing { amount } origin } } } }`);
    return (at(data, 'balance', 'history', 'points') as unknown[]).map(
      (point) => `${at(point, 'closing', 'amount')} ${at(point, 'origin')}`,
    );
  };
  const before = await history(start, start + 2 * 86_400);
  expect(before).toEqual(['undefined null', 'undefined null']);
  row(12, '-30.00', '20.00');
  adapter.clock.advance(60_000);
  expect(await history(start + 9 * 86_400, start + 13 * 86_400)).toEqual([
    '0.00 DERIVED',
    '50.00 REPORTED',
    '50.00 REPORTED',
    '20.00 REPORTED',
  ]);
});

test('a derived balance ignores rows added after the balance was read', async () => {
  const row = (second: number, amount: string) =>
    adapter.control.insertTransaction('banking', {
      ...{ create_time: timeOf(second), amount, currency: 'USD', transaction_status: 'COMPLETED' },
      credit_debit_type: 'C',
    });
  const [master] = adapter.control.accounts();
  const now = fakeNowMs / 1000;
  row(now - 3_600, '10.00');
  adapter.clock.advance(-10_000);
  adapter.control.setBalance('banking', master?.account_id ?? '', 'USD', { available_balance: '100.00' });
  // Read 10 s ago, and cached; a row was added since.
  let calls = 0;
  adapter.control.beforeEachCall(() => {
    calls += 1;
    if (calls === 2) {
      row(now - 5, '7.00');
      adapter.clock.advance(10_000);
    }
  });
  const { data } = await executor.run(`{ balance(ledger: BANKING, currency: "USD") { statement(
    during: { from: "${timeOf(now - 86_400)}", to: "${timeOf(now - 7_200)}" }) { closingBalance { amount } } } }`);
  expect(at(data, 'balance', 'statement', 'closingBalance')).toEqual({ amount: '90.00' });
});

/** The local date of an instant, by the platform's own calendar. */
function localDate(second: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(second * 1000);
}

test.each([
  ['Europe/Berlin', 'USD'],
  ['Australia/Lord_Howe', 'GBP'],
  ['Africa/Cairo', 'SGD'],
])('activity and history by day are those of the calendar of %s', async (timeZone, currency) => {
  const number = numbersOf(timeZone.length);
  const rows = Array.from({ length: 250 }, () => {
    const second = start + number(60 * 86_400);
    const status = statuses[number(statuses.length)] ?? 'FAILED';
    const kind = number(20);
    const effect = (kind % 2 === 0 ? 1 : -1) * (1 + number(99_999));
    adapter.control.insertTransaction('banking', {
      ...{
        create_time: timeOf(second),
        currency,
        transaction_status: status,
        amount: text(Math.abs(effect)),
      },
      credit_debit_type: kind === 19 ? '' : effect > 0 ? 'C' : 'D',
    });
    return { day: localDate(second, timeZone), second, effect, status, isUndirected: kind === 19 };
  });
  const [master] = adapter.control.accounts();
  adapter.control.setBalance('banking', master?.account_id ?? '', currency, { available_balance: '1.00' });
  const window = `from: "${timeOf(start)}", to: "${timeOf(start + 60 * 86_400)}"`;
  const { data, calls } =
    await executor.run(`{ activity(filter: { ledgers: [BANKING], currencies: ["${currency}"],
    createdAt: { ${window} } }, timeZone: "${timeZone}") { transactionCount points { from to credits { amount }
    debits { amount } net { amount } count unsummedCount } } }`);
  const points = at(data, 'activity', 'points') as { from: string; to: string }[];
  expect(calls).toBeLessThanOrEqual(Math.ceil(rows.length / 100) + 2);
  const done = rows.filter(({ status }) => status === 'COMPLETED');
  expect(at(data, 'activity', 'transactionCount')).toBe(done.length);
  const days = [
    ...new Set(Array.from({ length: 60 * 24 }, (_, hour) => localDate(start + hour * 3_600, timeZone))),
  ];
  expect(points.map(({ from }) => localDate(Date.parse(from) / 1000, timeZone))).toEqual(days);
  const expected = days.map((day) => {
    const known = done.filter((row) => row.day === day && !row.isUndirected).map(({ effect }) => effect);
    const credits = sum(known.filter((effect) => effect > 0));
    const debits = sum(known.filter((effect) => effect < 0).map(Math.abs));
    const unsummed = done.filter((row) => row.day === day && row.isUndirected).length;
    return [credits, debits, credits - debits, known.length, unsummed];
  });
  expect(
    points.map((point) => [
      ...[cents(at(point, 'credits')), cents(at(point, 'debits')), cents(at(point, 'net'))].map(
        (each) => each && each,
      ),
      ...[at(point, 'count'), at(point, 'unsummedCount')],
    ]),
  ).toEqual(expected);
  const past =
    await executor.run(`{ balance(ledger: BANKING, currency: "${currency}") { history(during: { ${window} },
    timeZone: "${timeZone}") { points { to closing { amount } origin } } } }`);
  const closings = (at(past.data, 'balance', 'history', 'points') as { to: string }[]).map((point) =>
    cents(at(point, 'closing')),
  );
  expect(closings).toEqual(
    points.map(({ to }) => {
      const since = done.filter(({ second }) => second >= Date.parse(to) / 1000);
      return since.some(({ isUndirected }) => isUndirected)
        ? null
        : 100 - sum(since.map(({ effect }) => effect));
    }),
  );
});
