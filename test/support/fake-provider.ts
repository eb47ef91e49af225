import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DecimalText, parseDecimal } from '../../src/domain/decimal.ts';
import type { ExchangeRate } from '../../src/domain/exchange-rate.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Account, AccountRef, Balance, Money, Transaction } from '../../src/domain/model.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import type { PageStream } from '../../src/ports/page.ts';
import type { BalanceRepository, Provider } from '../../src/ports/provider.ts';
import type { TransactionFeed } from '../../src/ports/transaction-feed.ts';
import { never, type ObservedRead, type ReadContext, type Reading } from '../../src/ports/upstream.ts';

/** A provider in memory that records every call. Tests can change its data. */
export interface FakeProvider extends Provider {
  /** One readable line per call, for example `list BANKING a-1 page 1`. */
  readonly calls: string[];
  readonly connected: Account[];
  readonly balanceRecord: Balance[];
  readonly transactionRecord: Transaction[];
  readonly rateRecord: ExchangeRate[];
  /** Called before each call is answered; its result is thrown. */
  failWith: (call: string) => Error | null;
  /** The time that reads report, epoch milliseconds. */
  nowMs: number;
}

export interface FakeProviderOptions {
  readonly pageSizeMax?: number;
  /** Ledgers with a route for one balance. Default: all. */
  readonly singleRoutes?: readonly Ledger[];
  /** Whether single accounts can be looked up. Default: no. */
  readonly accountRoute?: boolean;
  /** Whether a route for a single row returns `UNSURE` instead of null. */
  readonly unsure?: boolean;
  readonly ledgers?: readonly Ledger[];
}

export const fakeNowMs = Date.UTC(2026, 5, 1, 12);

export function createFakeProvider(options: FakeProviderOptions = {}): FakeProvider {
  const { pageSizeMax = 100, ledgers = ['BANKING', 'ISSUING', 'PAYMENT'], accountRoute = false } = options;
  const calls: string[] = [];
  const connected: Account[] = [];
  const balanceRecord: Balance[] = [];
  const transactionRecord: Transaction[] = [];
  const rateRecord: ExchangeRate[] = [];

  async function answer<T>(call: string, context: ReadContext, value: () => T): Promise<Reading<T>> {
    if (context.cachedOnly !== undefined) {
      context.cachedOnly.missing(fakeRead(call));
      return never();
    }
    context.meter.calls += 1;
    calls.push(call);
    // A call takes several event-loop ticks, so that tests can tell concurrent reads from later ones; no network
    // replies in the tick of the request.
    await nextTurn();
    await nextTurn();
    if (context.signal.aborted) throw context.signal.reason;
    const error = fake.failWith(call);
    if (error !== null) throw error;
    const freshUntilMs = fake.nowMs + 5_000;
    context.observer?.used({
      provider: 'UQPAY',
      read: fakeRead(call),
      origin: 'UPSTREAM',
      asOfMs: fake.nowMs,
      freshUntilMs,
      key: call,
      wholeKey: null,
    });
    return { value: value(), asOfMs: fake.nowMs, staleBecause: null };
  }

  async function* pages<Row>(call: string, context: ReadContext, rowsNow: () => Row[]): PageStream<Row> {
    for (let pageNumber = 1; ; pageNumber++) {
      const page = await answer(`${call} page ${pageNumber}`, context, () => {
        const all = rowsNow();
        const rows = all.slice((pageNumber - 1) * pageSizeMax, pageNumber * pageSizeMax);
        return { rows, rowCount: all.length, hasMore: pageNumber * pageSizeMax < all.length };
      });
      yield page;
      if (!page.value.hasMore) return;
    }
  }

  function checkKnown({ providerAccountId }: AccountRef): void {
    if (providerAccountId === null || connected.some((row) => row.providerAccountId === providerAccountId))
      return;
    throw new Failure('ACCOUNT_NOT_FOUND', 'The provider knows no such account.');
  }

  function balanceBook(ledger: Ledger): BalanceRepository {
    const rowsOf = (account: AccountRef) => {
      checkKnown(account);
      return balanceRecord.filter((row) => row.ledger === ledger && isSame(row.account, account));
    };
    const book: BalanceRepository = {
      ledger,
      pageSizeMax,
      knownBy: 'currency',
      listRoute: { method: 'GET', path: `/${ledger.toLowerCase()}/balances` },
      list: (account, context) => pages(`list ${ledger} ${nameOf(account)}`, context, () => rowsOf(account)),
    };
    if (options.singleRoutes?.includes(ledger) === false) return book;
    return {
      ...book,
      oneRoute: { method: 'GET', path: `/${ledger.toLowerCase()}/balances/{currency}` },
      one: (account, currency, context) =>
        answer(`one ${ledger} ${nameOf(account)} ${currency}`, context, () => {
          const row = rowsOf(account).find((balance) => balance.currency === currency);
          return row ?? (options.unsure === true ? 'UNSURE' : null);
        }),
    };
  }

  function transactionBook(ledger: Ledger): TransactionFeed {
    return {
      kind: 'page-number',
      ledger,
      pageSizeMin: 1,
      pageSizeMax,
      pageRoute: { method: 'GET', path: `/${ledger.toLowerCase()}/transactions` },
      movesBalanceBy: 'currency',
      spanSecondsMax: null,
      typeMapping: {},
      statusMapping: {},
      page({ account, query, range: { fromSecond, toSecond }, pageNumber, pageSize }, context) {
        const call = `transactions ${ledger} ${nameOf(account)} ${fromSecond ?? ''}..${toSecond ?? ''} page ${pageNumber}`;
        return answer(call, context, () => {
          checkKnown(account);
          const rows = transactionRecord
            .filter((row) => row.ledger === ledger && isSame(row.account, account))
            .filter(({ createdAt }) => fromSecond === null || createdAt.second >= fromSecond)
            // Compared exactly, as an upstream may: a row with a fraction is after the bound of its second.
            .filter(({ createdAt: { second, nano } }) => toSecond === null || second + nano / 1e9 <= toSecond)
            .filter((row) => query.currency === undefined || row.currency === query.currency)
            .sort((a, b) => b.createdAt.second - a.createdAt.second || b.createdAt.nano - a.createdAt.nano);
          return {
            rows: rows.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
            rowCount: rows.length,
            pageCount: Math.ceil(rows.length / pageSize),
          };
        });
      },
    };
  }

  const fake: FakeProvider = {
    code: 'UQPAY',
    name: 'Fake',
    environment: 'EMBEDDED',
    ledgers,
    calls,
    connected,
    balanceRecord,
    transactionRecord,
    rateRecord,
    failWith: () => null,
    nowMs: fakeNowMs,
    accounts: {
      // Known from the credentials, without a call.
      master: async () => ({ value: anAccount(null), asOfMs: fake.nowMs, staleBecause: null }),
      connected: (context) => pages('accounts', context, () => [...connected]),
      listRoute: { method: 'GET', path: '/accounts' },
      ...(accountRoute
        ? {
            oneRoute: { method: 'GET', path: '/accounts/{id}' } as const,
            one: (id: string, context: ReadContext) =>
              answer(
                `account ${id}`,
                context,
                () => connected.find((row) => row.providerAccountId === id) ?? null,
              ),
          }
        : {}),
    },
    exchangeRates: {
      route: { method: 'GET', path: '/rates' },
      all: (context) => answer('rates', context, () => ({ rates: [...rateRecord], updatedAt: null })),
    },
    balances: new Map(ledgers.map((ledger) => [ledger, balanceBook(ledger)])),
    transactions: new Map(
      ledgers.filter((ledger) => ledger !== 'PAYMENT').map((ledger) => [ledger, transactionBook(ledger)]),
    ),
  };
  return fake;
}

function fakeRead(call: string): ObservedRead {
  const route = { method: 'GET', path: `/${call}` } as const;
  const owner = { provider: 'UQPAY', environment: 'EMBEDDED', credential: 'c', onBehalfOf: null } as const;
  return { identity: { ...owner, ...route, query: {}, body: null }, route, ledger: null };
}

export const master: AccountRef = { provider: 'UQPAY', providerAccountId: null };
/** The provider's identifier of its master account. */
export const masterName = 'm-0';

/** A reference to a connected account. */
export function sub(providerAccountId: string): AccountRef {
  return { provider: 'UQPAY', providerAccountId };
}

export function anAccount(id: string | null, fields: Partial<Account> = {}): Account {
  return {
    ref: { provider: 'UQPAY', providerAccountId: id },
    providerAccountId: id ?? masterName,
    shortReference: null,
    name: `Account ${id ?? 'master'}`,
    country: 'SG',
    status: 'ACTIVE',
    statusRaw: 'ACTIVE',
    ledgers: null,
    ...fields,
  };
}

export function money(amount: string, currency: string): Money {
  const parsed = parseDecimal(amount);
  if (parsed === null) throw new Error(`${amount} is no decimal.`);
  return { amount: parsed, currency };
}

/** A rate whose two prices are the same. */
export function aRate(base: string, quote: string, price: string): ExchangeRate {
  const text = price as DecimalText;
  return { provider: 'UQPAY', base, quote, buy: text, sell: text, updatedAt: null };
}

export function aBalance(
  account: AccountRef,
  ledger: Ledger,
  currency: string,
  fields: Partial<Balance> = {},
): Balance {
  return {
    account,
    ledger,
    currency,
    providerBalanceId: `${ledger}-${account.providerAccountId ?? 'm'}-${currency}`,
    distinguishingId: null,
    available: money('1.00', currency),
    total: null,
    pending: null,
    payable: null,
    reserved: null,
    frozen: null,
    margin: null,
    prepaid: null,
    status: 'ACTIVE',
    statusRaw: 'ACTIVE',
    createdAt: null,
    lastTradeAt: null,
    ...fields,
  };
}

export function aTransaction(
  account: AccountRef,
  ledger: Ledger,
  id: string,
  second: number,
  fields: Partial<Transaction> = {},
): Transaction {
  return {
    account,
    ledger,
    providerTransactionId: id,
    distinguishingId: null,
    shortId: null,
    currency: 'USD',
    providerBalanceId: null,
    type: 'DEPOSIT',
    typeRaw: 'DEPOSIT',
    status: 'COMPLETED',
    statusRaw: 'COMPLETED',
    direction: 'CREDIT',
    amount: money('10.00', 'USD'),
    fee: null,
    counterAmount: null,
    exchangeRate: null,
    endingBalance: null,
    createdAt: { second, nano: 0 },
    completedAt: null,
    referenceId: null,
    channel: null,
    network: null,
    description: null,
    ...fields,
  };
}

function nameOf({ providerAccountId }: AccountRef): string {
  return providerAccountId ?? 'master';
}

function isSame(a: AccountRef, b: AccountRef): boolean {
  return a.provider === b.provider && a.providerAccountId === b.providerAccountId;
}
