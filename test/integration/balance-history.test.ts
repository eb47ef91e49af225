// Past balances, and statements with their checks, over the UQPAY adapter and the embedded sandbox.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KeptReading, ReadingLookup } from '../../src/ports/reading-store.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import { fakeNowMs } from '../support/fake-provider.ts';
import { type Adapter, startAdapter } from './uqpay-adapter.fixture.ts';

// The executor's clock is fixed at 2026-06-01T12:00:00Z.
let adapter: Adapter;
let executor: Executor;
let kept: KeptReading[] = [];
const lookup: ReadingLookup = {
  async between(_identity, fromMs, toMs) {
    const before = kept.filter(({ readAtMs }) => readAtMs <= fromMs).slice(-1);
    return [...before, ...kept.filter(({ readAtMs }) => readAtMs > fromMs && readAtMs <= toMs)];
  },
};

async function start(readings: ReadingLookup | null = null): Promise<void> {
  executor = await startExecutor({ providers: [adapter.provider], readings });
}

beforeEach(async () => {
  adapter = await startAdapter();
  adapter.clock.advance(fakeNowMs - adapter.clock.now());
  kept = [];
  const [master] = adapter.control.accounts();
  for (const line of ['banking', 'issuing', 'payment'] as const) {
    adapter.control.setBalance(line, master?.account_id ?? '', 'USD', { available_balance: '100.00' });
  }
});
afterEach(async () => {
  await executor.stop();
  await adapter.close();
});

function reading(time: string, available: string): KeptReading {
  return { readAtMs: Date.parse(time), amounts: { available: available as never }, status: 'ACTIVE' };
}

function row(
  line: 'banking' | 'issuing',
  time: string,
  amount: string,
  rest: Record<string, string | null> = {},
) {
  const fields = { create_time: time, amount, transaction_status: 'COMPLETED', currency: 'USD', ...rest };
  return adapter.control.insertTransaction(line, fields as never);
}

async function history(ledger: string, during: string, rest = '') {
  const answer =
    await executor.run(`{ balance(ledger: ${ledger}, currency: "USD") { history(during: { ${during} } ${rest}) {
    component points { from to closing { amount } origin readAt } basis complete sources { ledger state } } } }`);
  const points = at(answer.data, 'balance', 'history', 'points') as
    | { closing: unknown; origin: unknown }[]
    | undefined;
  const lines = points?.map(({ closing, origin }) => `${at(closing, 'amount') ?? null} ${origin}`);
  return { ...answer, history: at(answer.data, 'balance', 'history'), lines };
}

async function statement(ledger: string, during: string, page = 'first: 100') {
  const answer =
    await executor.run(`{ balance(ledger: ${ledger}, currency: "USD") { statement(during: { ${during} }) {
    from to openingBalance { amount } openingOrigin closingBalance { amount } closingOrigin credits { amount } debits { amount }
    transactionCount check { verdict expected { amount } reported { amount } difference { amount } explanation
    evidence { providerTransactionId } } entries(${page}) { nodes { transaction { providerTransactionId } runningBalance { amount }
    runningOrigin } pageInfo { endCursor hasNextPage } } } } }`);
  return { ...answer, statement: at(answer.data, 'balance', 'statement') as never };
}

test('a past banking balance is today’s less the completed rows since', async () => {
  await start();
  row('banking', '2026-05-30T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  row('banking', '2026-05-31T10:00:00Z', '3.00', { credit_debit_type: 'D' });
  row('banking', '2026-05-31T11:00:00Z', '50.00', { credit_debit_type: 'C', transaction_status: 'PENDING' });
  const { lines, history: found, calls } = await history('BANKING', 'from: "2026-05-29T00:00:00Z"');
  expect(lines).toEqual(['93.00 DERIVED', '103.00 DERIVED', '100.00 DERIVED', '100.00 DERIVED']);
  expect(found).toMatchObject({
    component: 'available',
    complete: true,
    basis: expect.stringContaining('COMPLETED'),
  });
  expect(calls).toBe(2);
});

test('a derived point is unknown if a later row has no direction', async () => {
  await start();
  row('banking', '2026-05-31T10:00:00Z', '3.00', { credit_debit_type: '' });
  const { lines, history: found } = await history('BANKING', 'from: "2026-05-30T00:00:00Z"');
  expect(lines).toEqual(['null null', '100.00 DERIVED', '100.00 DERIVED']);
  expect(at(found, 'complete')).toBe(false);
});

test('a past issuing balance is what its rows report', async () => {
  await start();
  row('issuing', '2026-05-01T10:00:00Z', '-1.00', { ending_balance: '200.00' });
  row('issuing', '2026-05-30T10:00:00Z', '-20.00', { ending_balance: '180.00' });
  row('issuing', '2026-05-30T11:00:00Z', '-5.00', { ending_balance: '180.00', transaction_status: 'FAILED' });
  const { lines, history: found } = await history('ISSUING', 'from: "2026-05-29T00:00:00Z"');
  expect(lines).toEqual(['200.00 REPORTED', '180.00 REPORTED', '180.00 REPORTED', '180.00 REPORTED']);
  expect(at(found, 'basis')).toBeNull();
});

test('stored readings give a past balance without a call for transactions, even if the provider lists none', async () => {
  await start(lookup);
  kept = [reading('2026-05-28T12:00:00Z', '70.00'), reading('2026-05-30T12:00:00Z', '80.00')];
  for (const ledger of ['BANKING', 'PAYMENT']) {
    const { lines, history: found, calls } = await history(ledger, 'from: "2026-05-29T00:00:00Z"');
    expect(lines).toEqual(['70.00 OBSERVED', '80.00 OBSERVED', '80.00 OBSERVED', '100.00 OBSERVED']);
    expect(at(found, 'points', 0, 'readAt')).toBe('2026-05-28T12:00:00Z');
    expect(calls).toBe(1);
  }
});

test('before the first stored reading, a balance is calculated from it', async () => {
  await start(lookup);
  kept = [reading('2026-05-30T12:00:00Z', '80.00')];
  row('banking', '2026-05-30T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  const { lines } = await history('BANKING', 'from: "2026-05-29T00:00:00Z"');
  expect(lines).toEqual(['70.00 DERIVED', '80.00 OBSERVED', '80.00 OBSERVED', '100.00 OBSERVED']);
});

test('a payment balance has no history without stored readings', async () => {
  await start();
  const { history: found, errors } = await history('PAYMENT', 'from: "2026-05-29T00:00:00Z"');
  expect([found, errors]).toEqual([null, []]);
});

test('an issuing statement agrees if every row explains its balance, whatever the order within a second', async () => {
  await start();
  row('issuing', '2026-04-30T10:00:00Z', '-1.00', { ending_balance: '200.00' });
  const amounts = ['-20.00', '5.00', '-0.10', '7.00', '-20.00'];
  let balance = 20_000;
  const ids = amounts.map((amount) => {
    balance += Math.round(Number(amount) * 100);
    const ending_balance = (balance / 100).toFixed(2);
    return row('issuing', '2026-05-10T10:00:00Z', amount, { ending_balance }).transaction_id;
  });
  const { statement: found } = await statement(
    'ISSUING',
    'from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z"',
  );
  expect(found).toMatchObject({
    ...{ openingBalance: { amount: '200.00' }, openingOrigin: 'REPORTED' },
    ...{ closingBalance: { amount: '171.90' }, closingOrigin: 'REPORTED' },
    ...{ credits: { amount: '12.00' }, debits: { amount: '40.10' }, transactionCount: 5 },
    check: {
      verdict: 'AGREES',
      expected: { amount: '171.90' },
      difference: { amount: '0.00' },
      evidence: [],
    },
  });
  const entries = at(found, 'entries', 'nodes') as { transaction: { providerTransactionId: string } }[];
  expect(entries.map(({ transaction }) => transaction.providerTransactionId)).toEqual(ids);
});

test('a row that changes the balance by anything but its amount breaks the check, and is shown', async () => {
  await start();
  row('issuing', '2026-04-30T10:00:00Z', '-1.00', { ending_balance: '200.00' });
  row('issuing', '2026-05-10T10:00:00Z', '-20.00', { ending_balance: '180.00' });
  const broken = row('issuing', '2026-05-11T10:00:00Z', '-5.00', { ending_balance: '173.00' });
  row('issuing', '2026-05-12T10:00:00Z', '2.00', { ending_balance: '175.00' });
  const { statement: found } = await statement(
    'ISSUING',
    'from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z"',
  );
  expect(at(found, 'check')).toMatchObject({
    verdict: 'DIFFERS',
    expected: { amount: '177.00' },
    reported: { amount: '175.00' },
    difference: { amount: '-2.00' },
    evidence: [{ providerTransactionId: broken.transaction_id }],
  });
});

test('pending rows make a check inconclusive', async () => {
  await start();
  row('issuing', '2026-04-30T10:00:00Z', '-1.00', { ending_balance: '200.00' });
  row('issuing', '2026-05-10T10:00:00Z', '-20.00', { ending_balance: '180.00' });
  row('issuing', '2026-05-10T11:00:00Z', '-1.00', {
    ending_balance: '180.00',
    transaction_status: 'PENDING',
  });
  const { statement: found } = await statement(
    'ISSUING',
    'from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z"',
  );
  expect(at(found, 'check')).toMatchObject({
    verdict: 'INCONCLUSIVE',
    expected: null,
    difference: null,
    evidence: [],
  });
  expect(at(found, 'debits', 'amount')).toBe('20.00');
});

test('a banking statement without stored readings is derived, and therefore inconclusive', async () => {
  await start();
  row('banking', '2026-05-10T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  row('banking', '2026-05-20T10:00:00Z', '3.00', { credit_debit_type: 'D' });
  row('banking', '2026-05-30T10:00:00Z', '1.00', { credit_debit_type: 'D' });
  const { statement: found } = await statement(
    'BANKING',
    'from: "2026-05-10T00:00:00Z", to: "2026-05-21T00:00:00Z"',
  );
  expect(found).toMatchObject({
    ...{ openingBalance: { amount: '94.00' }, openingOrigin: 'DERIVED' },
    ...{ closingBalance: { amount: '101.00' }, closingOrigin: 'DERIVED', transactionCount: 2 },
    check: { verdict: 'INCONCLUSIVE', expected: null, reported: null, difference: null },
  });
  expect(at(found, 'entries', 'nodes', 0, 'runningBalance', 'amount')).toBe('104.00');
});

test.each([
  ['102.00', 'AGREES', '0.00'],
  ['105.00', 'DIFFERS', '3.00'],
])('two stored readings with rows between decide: %s %s', async (second, verdict, difference) => {
  await start(lookup);
  kept = [reading('2026-05-09T10:00:00Z', '95.00'), reading('2026-05-20T10:00:00Z', second)];
  row('banking', '2026-05-10T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  row('banking', '2026-05-12T10:00:00Z', '3.00', { credit_debit_type: 'D' });
  const { statement: found } = await statement(
    'BANKING',
    'from: "2026-05-10T00:00:00Z", to: "2026-05-21T00:00:00Z"',
  );
  expect(found).toMatchObject({
    ...{ openingBalance: { amount: '95.00' }, openingOrigin: 'OBSERVED', closingOrigin: 'OBSERVED' },
    check: { verdict, expected: { amount: '102.00' }, difference: { amount: difference }, evidence: [] },
  });
});

test('a row in the same second as a reading counts on the side that makes the readings agree', async () => {
  await start(lookup);
  kept = [reading('2026-05-10T10:00:00.400Z', '95.00'), reading('2026-05-20T10:00:00.400Z', '106.00')];
  // After the first reading, although its time suggests otherwise; before the second one; and after it.
  row('banking', '2026-05-10T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  row('banking', '2026-05-20T10:00:00Z', '1.00', { credit_debit_type: 'C' });
  const { statement: found } = await statement(
    'BANKING',
    'from: "2026-05-11T00:00:00Z", to: "2026-05-21T00:00:00Z"',
  );
  expect(found).toMatchObject({
    ...{ openingBalance: { amount: '95.00' }, closingBalance: { amount: '106.00' } },
    check: { verdict: 'AGREES', expected: { amount: '106.00' } },
  });
  kept = [reading('2026-05-10T10:00:00.400Z', '95.00'), reading('2026-05-20T10:00:00.400Z', '95.50')];
  const { statement: other } = await statement(
    'BANKING',
    'from: "2026-05-11T00:00:00Z", to: "2026-05-21T00:00:00Z"',
  );
  expect(at(other, 'check')).toMatchObject({ verdict: 'DIFFERS', difference: { amount: '-0.50' } });
});

test('rows since the reading before a span count towards its opening balance', async () => {
  await start(lookup);
  kept = [reading('2026-05-09T10:00:00Z', '70.00')];
  row('banking', '2026-05-10T10:00:00Z', '10.00', { credit_debit_type: 'C' });
  row('banking', '2026-05-12T10:00:00Z', '5.00', { credit_debit_type: 'C' });
  const { statement: found } = await statement(
    'BANKING',
    'from: "2026-05-11T00:00:00Z", to: "2026-05-21T00:00:00Z"',
  );
  expect(found).toMatchObject({
    ...{ openingBalance: { amount: '70.00' }, openingOrigin: 'OBSERVED' },
    ...{ closingBalance: { amount: '85.00' }, closingOrigin: 'DERIVED' },
  });
});

test('entries are a connection', async () => {
  await start();
  for (let day = 10; day < 20; day++)
    row('banking', `2026-05-${day}T10:00:00Z`, '1.00', { credit_debit_type: 'C' });
  const during = 'from: "2026-05-10T00:00:00Z"';
  const first = await statement('BANKING', during, 'first: 4');
  const cursor = at(first.statement, 'entries', 'pageInfo', 'endCursor');
  const second = await statement('BANKING', during, `first: 4, after: "${cursor}"`);
  const running = (found: unknown) =>
    (at(found, 'entries', 'nodes') as unknown[]).map((node) => at(node, 'runningBalance', 'amount'));
  expect(running(first.statement)).toEqual(['91.00', '92.00', '93.00', '94.00']);
  expect(running(second.statement)).toEqual(['95.00', '96.00', '97.00', '98.00']);
  const other = await statement('BANKING', 'from: "2026-05-11T00:00:00Z"', `after: "${cursor}"`);
  expect(other.errors[0]?.extensions?.code).toBe('CURSOR_FILTER_CHANGED');
});

test('a statement whose transactions cannot be read is null, with the reason', async () => {
  await start();
  adapter.control.inject({
    ...{ kind: 'status', status: 500, shape: 'A', match: { path: '/v1/balances/transactions' } },
  });
  const { statement: found, errors } = await statement('BANKING', 'from: "2026-05-10T00:00:00Z"');
  expect(found).toBeNull();
  expect(errors[0]?.extensions?.code).toBe('UPSTREAM_UNAVAILABLE');
});

test('a span without a start, and too many buckets, are refused', async () => {
  await start();
  const open = await history('BANKING', 'to: "2026-05-01T00:00:00Z"');
  expect(open.errors[0]?.message).toContain('Argument "during" must have a "from"');
  const many = await history('BANKING', 'from: "2000-05-01T00:00:00Z"');
  expect(many.errors[0]?.message).toContain('more than 3660 buckets');
});
