import { expect } from '@jest/globals';
import { isDecimalText } from '../../src/domain/decimal.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { AccountRef, Balance } from '../../src/domain/model.ts';
import { ledgers } from '../../src/domain/vocabulary.ts';
import type { BalanceRepository, Provider } from '../../src/ports/provider.ts';
import { aReadContext } from '../support/read-context.ts';
import type { Subject } from './subject.ts';

/** One promise of the port. Ids are permanent: the id of a dropped promise is not used again. */
export interface ConformanceCase<Kind> {
  readonly id: string;
  readonly says: string;
  run(subject: Kind): Promise<void>;
}

/** 38 characters: the longest amount that all providers support. */
const longAmount = '12345678901234567890.12345678901234560';

function firstBook(provider: Provider): BalanceRepository {
  const [ledger] = provider.ledgers;
  const book = ledger === undefined ? undefined : provider.balances.get(ledger);
  if (book === undefined) throw new Error('the first ledger has no balances');
  return book;
}

export const masterOf = ({ code }: Provider): AccountRef => ({ provider: code, providerAccountId: null });

export async function readBalances(
  provider: Provider,
  account = masterOf(provider),
  context = aReadContext(),
) {
  const rows: Balance[] = [];
  for await (const { value } of firstBook(provider).list(account, context)) rows.push(...value.rows);
  return rows;
}

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a Failure, got ${String(outcome)}`);
}

/** Promises of every provider behind the port, including the test fake. */
export const portCases: readonly ConformanceCase<Subject>[] = [
  {
    id: 'PORT-001',
    says: 'ledgers are listed once, in the order of the vocabulary, and every book is in its place',
    async run({ provider }) {
      expect(provider.name).not.toBe('');
      expect(provider.ledgers).toEqual(ledgers.filter((ledger) => provider.ledgers.includes(ledger)));
      expect(provider.ledgers.length).toBeGreaterThan(0);
      for (const books of [provider.balances, provider.transactions]) {
        for (const [ledger, book] of books) {
          expect(provider.ledgers).toContain(ledger);
          expect(book.ledger).toBe(ledger);
        }
      }
    },
  },
  {
    id: 'PORT-002',
    says: 'the master account has no identifier in its reference, and one to show',
    async run({ provider }) {
      const { value } = await provider.accounts.master(aReadContext());
      expect(value.ref).toEqual(masterOf(provider));
      expect(value.providerAccountId).not.toBe('');
    },
  },
  {
    id: 'PORT-003',
    says: 'connected accounts end, and the master account is not among them',
    async run({ provider }) {
      for await (const { value } of provider.accounts.connected(aReadContext())) {
        for (const { ref } of value.rows) {
          expect(ref.provider).toBe(provider.code);
          expect(ref.providerAccountId).not.toBeNull();
        }
      }
    },
  },
  {
    id: 'PORT-004',
    says: 'no balances are an empty list',
    async run({ provider }) {
      expect(await readBalances(provider)).toEqual([]);
    },
  },
  {
    id: 'PORT-005',
    says: 'balances carry the account and ledger that were asked, and one identity each',
    async run(subject) {
      const currencies = Array.from({ length: 30 }, (_, index) => `C${index}`);
      for (const currency of currencies) subject.setBalance(currency, '1.50');
      const rows = await readBalances(subject.provider);
      expect(rows.map(({ currency }) => currency).sort()).toEqual(currencies.sort());
      for (const row of rows) {
        expect(row.account).toEqual(masterOf(subject.provider));
        expect(row.ledger).toBe(firstBook(subject.provider).ledger);
      }
      const keys = rows.map((row) => JSON.stringify([row.currency, row.distinguishingId]));
      expect(new Set(keys).size).toBe(rows.length);
    },
  },
  {
    id: 'PORT-006',
    says: 'an amount keeps every digit, and its currency is that of the balance',
    async run(subject) {
      for (const amount of [longAmount, '0.000000000000000001', '5000.10', '0']) {
        subject.setBalance('USD', amount);
        const [row] = await readBalances(subject.provider);
        expect(row?.available).toEqual({ amount, currency: 'USD' });
        for (const value of Object.values(row ?? {})) {
          if (typeof value !== 'object' || value === null || !('amount' in value)) continue;
          expect(isDecimalText(value.amount)).toBe(true);
          expect(value.currency).toBe('USD');
        }
      }
    },
  },
  {
    id: 'PORT-007',
    says: 'an account that does not exist is ACCOUNT_NOT_FOUND, never an empty list',
    async run({ provider, unknownAccount }) {
      const failure = await failureOf(readBalances(provider, unknownAccount));
      expect(failure.code).toBe('ACCOUNT_NOT_FOUND');
    },
  },
  {
    id: 'PORT-008',
    says: 'a list that nobody pulls costs nothing',
    async run(subject) {
      const { provider } = subject;
      firstBook(provider).list(masterOf(provider), aReadContext());
      provider.accounts.connected(aReadContext());
      await new Promise(setImmediate);
      expect(subject.dataCallCount()).toBe(0);
    },
  },
  {
    id: 'PORT-009',
    says: 'the meter counts exactly the calls that reached the upstream',
    async run(subject) {
      subject.setBalance('USD', '1');
      const context = aReadContext();
      await readBalances(subject.provider, masterOf(subject.provider), context);
      expect(context.meter.calls).toBe(subject.dataCallCount());
      expect(context.meter.calls).toBe(1);
    },
  },
  {
    id: 'PORT-010',
    says: 'rows are plain data: they survive being stored as JSON',
    async run(subject) {
      subject.setBalance('USD', longAmount);
      const rows = await readBalances(subject.provider);
      expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
      const { value } = await subject.provider.accounts.master(aReadContext());
      expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    },
  },
  {
    id: 'PORT-011',
    says: 'rates, where there are any, are one read of plain data: by base and quote, each pair once, no price of zero',
    async run(subject) {
      const { code, exchangeRates } = subject.provider;
      if (exchangeRates === undefined) return;
      const context = aReadContext();
      const { value } = await exchangeRates.all(context);
      expect(context.meter.calls).toBe(1);
      expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      const pairs = value.rates.map(({ base, quote }) => `${base} ${quote}`);
      expect(pairs).toEqual([...new Set(pairs)].sort());
      for (const { provider, buy, sell } of value.rates) {
        expect(provider).toBe(code);
        for (const price of [buy, sell]) expect(price === null || Number(price) > 0).toBe(true);
      }
    },
  },
];
