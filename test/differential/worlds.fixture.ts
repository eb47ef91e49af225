import { Failure, type FailureCode } from '../../src/domain/failure.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import {
  aBalance,
  anAccount,
  aRate,
  aTransaction,
  type FakeProvider,
  master,
  money,
  sub,
} from '../support/fake-provider.ts';
import type { World } from './both.fixture.ts';

const ledgers = ['BANKING', 'ISSUING', 'PAYMENT'] satisfies Ledger[];

/** Three accounts with a few rows in every ledger, some of them empty. */
function fill(provider: FakeProvider): void {
  provider.connected.push(
    anAccount('a-1'),
    anAccount('a-2', { status: null, statusRaw: null, name: null, ledgers: ['BANKING'] }),
  );
  provider.rateRecord.push(aRate('EUR', 'USD', '1.0800'), aRate('USD', 'SGD', '1.3500'));
  for (const account of [master, sub('a-1'), sub('a-2')]) {
    for (const ledger of ledgers) {
      for (const currency of ['USD', 'EUR', 'SGD']) {
        provider.balanceRecord.push(
          aBalance(account, ledger, currency, {
            pending: ledger === 'PAYMENT' ? money('0.10', currency) : null,
            createdAt: { second: 5, nano: 120_000_000 },
          }),
        );
      }
      for (let index = 0; index < 7; index += 1) {
        provider.transactionRecord.push(
          aTransaction(account, ledger, `${ledger}-${index}`, 1000 + Math.floor(index / 2), {
            currency: index % 3 === 0 ? 'USD' : 'EUR',
            amount: index === 2 ? null : money(`${index}.50`, 'USD'),
            completedAt: index === 1 ? { second: 2000, nano: 0 } : null,
          }),
        );
      }
    }
  }
}

/** Fails calls that contain `part` with `code`. */
function failing(part: string, code: FailureCode): World {
  return {
    fill(provider) {
      fill(provider);
      const failure = new Failure(code, 'The provider would not.', { retryAfterSeconds: 3 });
      provider.failWith = (call) => (call.includes(part) ? failure : null);
    },
  };
}

/** Rows that violate the schema, as only a bug in the gateway could produce. */
function fillWrongly(provider: FakeProvider): void {
  fill(provider);
  const broken = { type: null, direction: 'SIDEWAYS', createdAt: null, account: { provider: 'NOBODY' } };
  for (const [index, row] of provider.transactionRecord.entries()) {
    const names = Object.keys(broken).filter((_name, bit) => ((index >> bit) & 1) === 1);
    for (const name of names) if (name !== 'createdAt') Reflect.set(row, name, Reflect.get(broken, name));
  }
  for (const [index, row] of provider.balanceRecord.entries()) {
    if (index % 3 === 0) Reflect.set(row, 'status', 'NO_SUCH_WORD');
    if (index % 4 === 0) Reflect.set(row, 'available', { amount: null, currency: 'USD' });
    if (index % 5 === 0) Reflect.set(row, 'createdAt', { second: Number.NaN, nano: 0 });
  }
  for (const row of provider.connected) Reflect.set(row, 'status', 'NO_SUCH_WORD');
}

/** Worlds in which both executors must return the same responses. */
export const worlds: Readonly<Record<string, World>> = {
  'all is well': { fill },
  'one ledger is down': failing('ISSUING', 'UPSTREAM_RATE_LIMITED'),
  'lists are down': failing('list', 'UPSTREAM_UNAVAILABLE'),
  'single look-ups are refused': failing('one', 'UPSTREAM_REJECTED'),
  'rates are down': failing('rates', 'UPSTREAM_SHAPE'),
  'transactions are down': failing('transactions', 'UPSTREAM_TIMEOUT'),
  'second pages are down': failing('page 2', 'UPSTREAM_SHAPE'),
  'accounts are down': failing('account', 'UPSTREAM_AUTH'),
  'all is down': failing('', 'UPSTREAM_BUDGET_EXHAUSTED'),
  'something unknown is thrown': {
    fill(provider) {
      fill(provider);
      provider.failWith = (call) =>
        call.includes('EUR') || call.includes('BANKING') ? new Error('secret') : null;
    },
  },
  'rows are wrong': { fill: fillWrongly },
  'two calls are allowed': { fill, upstreamCallsPerOperationMax: 2 },
  'the caller sees little': {
    fill,
    caller: {
      subject: 'reader',
      scopes: ['balances:read', 'transactions:read'],
      grants: [{ provider: 'UQPAY', account: sub('a-1') }],
    },
  },
  'the caller is gone': { fill, isGone: true },
};
