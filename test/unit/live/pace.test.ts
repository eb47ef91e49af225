import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BalanceFilter } from '../../../src/data/balances/balance-sources.ts';
import { createTransactionPaginator } from '../../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../../src/data/pagination/signed-cursor.ts';
import { Cancellation } from '../../../src/domain/cancellation.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { type BalancesChange, createLive, type Watch } from '../../../src/live/index.ts';
import { aBalance, anAccount, createFakeProvider, sub } from '../../support/fake-provider.ts';
import { createHeldClock, type HeldClock } from '../../support/held-clock.ts';

const log = { error() {} };
let clock: HeldClock;
let provider: ReturnType<typeof createFakeProvider>;
const open: Watch<BalancesChange>[] = [];

beforeEach(() => {
  clock = createHeldClock(Date.UTC(2026, 5, 1));
  provider = createFakeProvider({ ledgers: ['BANKING'] });
});
afterEach(() => {
  for (const watch of open.splice(0)) watch.end();
});

function liveWith(callsPerMinute: number | null, intervalMinMs = 5_000) {
  const budgets = callsPerMinute === null ? [] : [{ callsPerMinute, callsLeft: callsPerMinute }];
  const pace = { budgetShare: 0.5, intervalMinMs };
  const paginator = createTransactionPaginator({
    ...{ providers: [provider], clock, signer: createCursorSigner(Buffer.from('a secret for tests only')) },
  });
  return createLive({ clock, paginator, pace, budgetsOf: () => budgets, timeoutMs: 10_000, log });
}

async function watch(live: ReturnType<typeof liveWith>, accountId: string): Promise<Watch<BalancesChange>> {
  const narrow = { account: null, providers: null, ledgers: null, currencies: null };
  const filter: BalanceFilter = { ...narrow, accounts: [sub(accountId)] };
  const watching = await live.watchBalances(filter, new Map([['UQPAY', provider]]), new Cancellation());
  open.push(watching);
  return watching;
}

function addAccounts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `a-${index}`;
    provider.connected.push(anAccount(id));
    provider.balanceRecord.push(aBalance(sub(id), 'BANKING', 'USD'));
    return id;
  });
}

/** Advances the time second by second, and runs what is due. Returns the calls of each second. */
async function pass(seconds: number): Promise<number[]> {
  const counts: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const before = provider.calls.length;
    provider.nowMs = clock.now() + 1_000;
    await clock.advance(1_000);
    counts.push(provider.calls.length - before);
  }
  return counts;
}

test('the lists of a provider are polled within their share of its calls per minute, evenly spread', async () => {
  const live = liveWith(60);
  provider.nowMs = clock.now();
  const watches = await Promise.all(addAccounts(10).map((id) => watch(live, id)));
  expect(provider.calls).toHaveLength(10);
  // 30 calls a minute for 10 lists: each every 20 s.
  expect((await watches[9]?.next())?.nextLookSeconds).toBe(20);
  const counts = await pass(120);
  const looks = counts.reduce((sum, count) => sum + count, 0);
  expect(looks).toBeLessThanOrEqual(60);
  expect(looks).toBeGreaterThanOrEqual(50);
  expect(Math.max(...counts)).toBe(1);
  expect(new Set(provider.calls.slice(-10)).size).toBe(10);
});

test.each([
  [1_000, 1],
  [5_000, 5],
  [60_000, 60],
])(
  'with calls to spare a list is polled every %i ms, and no more often',
  async (intervalMinMs, nextLookSeconds) => {
    const live = liveWith(null, intervalMinMs);
    provider.nowMs = clock.now();
    const watching = await watch(live, addAccounts(1)[0] ?? '');
    expect((await watching.next())?.nextLookSeconds).toBe(nextLookSeconds);
    const counts = await pass(120);
    const looks = counts.reduce((sum, count) => sum + count, 0);
    expect(looks).toBe(120 / nextLookSeconds);
  },
);

test('webhooks make no more calls than the share of the budget, and keep no other list from being polled', async () => {
  const live = liveWith(60);
  provider.nowMs = clock.now();
  const ids = addAccounts(10);
  for (const id of ids) await watch(live, id);
  await pass(60);
  provider.calls.length = 0;
  const noisy = ids.slice(0, 5);
  // The first one waits for nothing.
  live.changed({ provider: 'UQPAY', accounts: noisy.slice(0, 1), ledgers: null });
  await pass(1);
  expect(provider.calls).toContain('list BANKING a-0 page 1');
  for (let second = 1; second < 180; second += 1) {
    live.changed({ provider: 'UQPAY', accounts: noisy, ledgers: null });
    await pass(1);
  }
  // 30 a minute, and those of a quarter of a minute in advance.
  expect(provider.calls.length).toBeGreaterThanOrEqual(85);
  expect(provider.calls.length).toBeLessThanOrEqual(99);
  for (const id of ids) {
    const looks = provider.calls.filter((call) => call.includes(`${id} `)).length;
    expect(looks).toBeGreaterThanOrEqual(2);
  }
  provider.calls.length = 0;
  await pass(60);
  expect(provider.calls.length).toBeLessThanOrEqual(31);
});

test('a list without subscriptions is not polled, and its share goes to the others', async () => {
  const live = liveWith(60);
  provider.nowMs = clock.now();
  const watches = await Promise.all(addAccounts(10).map((id) => watch(live, id)));
  for (const each of watches.slice(1)) each.end();
  expect(live.watchedLists()).toBe(1);
  provider.calls.length = 0;
  await pass(60);
  expect(new Set(provider.calls)).toEqual(new Set(['list BANKING a-0 page 1']));
  expect(provider.calls.length).toBeGreaterThanOrEqual(11);
  watches[0]?.end();
  await pass(60);
  expect(provider.calls.length).toBeLessThanOrEqual(12);
  expect(live.watchedLists()).toBe(0);
});

test('a ledger that the account does not have is tried once a minute, and takes no share', async () => {
  provider = createFakeProvider({ ledgers: ['BANKING', 'ISSUING'] });
  provider.nowMs = clock.now();
  const live = liveWith(12);
  const [id = ''] = addAccounts(1);
  provider.failWith = (call) =>
    call.includes('ISSUING') ? new Failure('ACCOUNT_NOT_FOUND', 'There is none.') : null;
  // Six calls a minute for one existing list.
  expect((await (await watch(live, id)).next())?.nextLookSeconds).toBe(10);
  provider.calls.length = 0;
  await pass(180);
  const callsOf = (ledger: string) => provider.calls.filter((call) => call.includes(ledger)).length;
  const asked = callsOf('ISSUING');
  expect(asked).toBeGreaterThanOrEqual(2);
  expect(asked).toBeLessThanOrEqual(3);
  expect(callsOf('BANKING')).toBeGreaterThanOrEqual(17);
  // A webhook about it causes a read at once.
  live.changed({ provider: 'UQPAY', accounts: [id], ledgers: ['ISSUING'] });
  await pass(1);
  expect(callsOf('ISSUING')).toBe(asked + 1);
});

test('a subscription is refused if its list cannot be read, and the list is not polled', async () => {
  const live = liveWith(60);
  addAccounts(1);
  provider.failWith = () => new Failure('UPSTREAM_FORBIDDEN', 'No.');
  await expect(watch(live, 'a-0')).rejects.toMatchObject({ code: 'UPSTREAM_FORBIDDEN' });
  provider.failWith = () => null;
  await expect(watch(live, 'a-9')).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  expect(live.watchedLists()).toBe(0);
});
