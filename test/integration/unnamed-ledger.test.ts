// `balance(currency)` without a ledger: a zero in the first ledger must not hide money in another one.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import { aBalance, createFakeProvider, type FakeProvider, master, money } from '../support/fake-provider.ts';

const query = '{ balance(currency: "USD") { ledger available { amount } } }';

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

function hold(ledger: 'BANKING' | 'ISSUING' | 'PAYMENT', amount: string | null) {
  const available = amount === null ? null : money(amount, 'USD');
  provider.balanceRecord.push(aBalance(master, ledger, 'USD', { available }));
}

test('only the first ledger is read while it has money, for one call', async () => {
  hold('BANKING', '5.00');
  hold('ISSUING', '7.00');
  const { data, errors, calls } = await executor.run(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { ledger: 'BANKING', available: { amount: '5.00' } } });
  expect(calls).toBe(1);
});

test('an amount that is not reported is not zero: only the first ledger is read', async () => {
  hold('BANKING', null);
  hold('ISSUING', '7.00');
  const { data, calls } = await executor.run(query);
  expect(data).toEqual({ balance: { ledger: 'BANKING', available: null } });
  expect(calls).toBe(1);
});

test('the only ledger that has the currency is returned', async () => {
  hold('ISSUING', '7.00');
  const { data, errors, calls } = await executor.run(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { ledger: 'ISSUING', available: { amount: '7.00' } } });
  expect(calls).toBe(3);
});

test.each([
  ['0.00', '7.00', '0', 'BANKING, ISSUING, PAYMENT'],
  ['0', '7.00', undefined, 'BANKING, ISSUING'],
  [undefined, '7.00', '3.00', 'ISSUING, PAYMENT'],
  ['-0.00', undefined, '-3.00', 'BANKING, PAYMENT'],
])('several ledgers that have it are named: %s, %s, %s', async (banking, issuing, payment, names) => {
  if (banking !== undefined) hold('BANKING', banking);
  if (issuing !== undefined) hold('ISSUING', issuing);
  if (payment !== undefined) hold('PAYMENT', payment);
  const { data, errors, calls } = await executor.run(query);
  expect(data).toEqual({ balance: null });
  expect(at(errors, 0, 'extensions', 'code')).toBe('BAD_USER_INPUT');
  expect(at(errors, 0, 'message')).toContain(
    `reports USD in the ledgers ${names}, and "ledger" does not say`,
  );
  expect(calls).toBe(3);
  // The remedy that the message names works.
  const named = /balance\(.*?\)/.exec(String(at(errors, 0, 'message')))?.[0];
  expect(at((await executor.run(`{ ${named} { currency } }`)).data, 'balance', 'currency')).toBe('USD');
});

test('zeros in all ledgers are a zero, and no balance anywhere is null', async () => {
  for (const ledger of ['BANKING', 'ISSUING', 'PAYMENT'] as const) hold(ledger, '0.00');
  const { data, errors } = await executor.run(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { ledger: 'BANKING', available: { amount: '0.00' } } });
  expect((await executor.run('{ balance(currency: "SEK") { currency } }')).data).toEqual({ balance: null });
});

test('a zero is returned if the credentials may not read the other ledgers', async () => {
  hold('BANKING', '0.00');
  provider.failWith = (call) =>
    call.includes('BANKING')
      ? null
      : new Failure('UPSTREAM_FORBIDDEN', 'UQPAY has not enabled this product.');
  const { data, errors } = await executor.run(query);
  expect(errors).toEqual([]);
  expect(data).toEqual({ balance: { ledger: 'BANKING', available: { amount: '0.00' } } });
});

test('a zero is not returned while another ledger is unknown', async () => {
  hold('BANKING', '0.00');
  provider.failWith = (call) =>
    call.includes('ISSUING') ? new Failure('UPSTREAM_UNAVAILABLE', 'UQPAY could not answer.') : null;
  const { data, errors } = await executor.run(query);
  expect(data).toEqual({ balance: null });
  expect(at(errors, 0, 'extensions')).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', ledger: 'ISSUING' });
});

test('a named ledger costs one call, whatever its balance', async () => {
  hold('BANKING', '0.00');
  hold('ISSUING', '7.00');
  const named = await executor.run('{ balance(ledger: BANKING, currency: "USD") { available { amount } } }');
  expect(named.errors).toEqual([]);
  expect(named.data).toEqual({ balance: { available: { amount: '0.00' } } });
  expect(named.calls).toBe(1);
});

test('a provider with other ledgers is read in its own', async () => {
  await executor.stop();
  provider = createFakeProvider({ ledgers: ['ISSUING'] });
  executor = await startExecutor({ providers: [provider] });
  hold('ISSUING', '0.00');
  const { data, calls } = await executor.run(query);
  expect(data).toEqual({ balance: { ledger: 'ISSUING', available: { amount: '0.00' } } });
  expect(calls).toBe(1);
});
