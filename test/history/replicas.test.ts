// Replicas that share a store of readings: what each stores, and which of them samples.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AccountGrant } from '../../src/domain/caller.ts';
import { Cancellation } from '../../src/domain/cancellation.ts';
import { openReadingStore } from '../../src/history/index.ts';
import { createReadingRecorder } from '../../src/history/recorder.ts';
import { runSample } from '../../src/history/sampler.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { BalanceRepository, Provider } from '../../src/ports/provider.ts';
import type { BalanceIdentity, ReadingStore } from '../../src/ports/reading-store.ts';
import { aBalance, anAccount, createFakeProvider, master, money } from '../support/fake-provider.ts';
import { createManualClock } from '../unit/upstream/manual-clock.ts';
import { createSteppedClock } from '../unit/upstream/stepped-clock.ts';
import { openTestDatabase, postgresTest } from './postgres.fixture.ts';

const log = { info() {}, warn() {} };
const identity: BalanceIdentity = {
  ...{ environment: 'SANDBOX', credential: 'c', account: master, ledger: 'BANKING', currency: 'USD' },
  distinguishingId: null,
};

postgresTest('a balance that changes back is stored, even if another replica saw the change', async () => {
  const database = await openTestDatabase();
  const stores = await Promise.all([1, 2].map(() => openReadingStore(database.url)));
  try {
    const [first, second] = stores.map((store) => createReadingRecorder(store, createManualClock(), log));
    const note = (recorder: typeof first, readAtMs: number, amount: string) =>
      recorder?.note(
        identity,
        aBalance(master, 'BANKING', 'USD', { available: money(amount, 'USD') }),
        readAtMs,
      );
    const areWritten = async () => {
      while ([first, second].some((recorder) => recorder?.report().waiting !== 0)) await delay(20);
    };
    note(first, 1_000, '5.00');
    note(second, 2_000, '6.00');
    note(second, 2_500, '6.00');
    await areWritten();
    note(first, 3_000, '5.00');
    note(first, 4_000, '5.00');
    await Promise.all([first?.close(), second?.close()]);
    const kept = (await stores[0]?.between(identity, 0, 9_000)) ?? [];
    expect(kept.map(({ amounts }) => amounts.available)).toEqual(['5.00', '6.00', '5.00']);
    expect([first?.report().written, second?.report().written]).toEqual([2, 1]);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  }
});

let store: ReadingStore;
beforeEach(async () => {
  store = await openReadingStore('sqlite::memory:');
});
afterEach(() => store.close());

const everyMs = 60_000;

/** A replica that samples; `ends` ends it as a crash does. `readAtMs` is when it began to read each account. */
function startReplica(clock: Clock, account: AccountGrant['account'], listMs: number) {
  const fake = createFakeProvider({ ledgers: ['BANKING'] });
  fake.connected.push(...['a-1', 'a-2', 'a-3', 'a-4', 'a-5'].map((id) => anAccount(id)));
  const banking = fake.balances.get('BANKING') as BalanceRepository;
  const readAtMs: number[] = [];
  const balances: Provider['balances'] = new Map([
    [
      'BANKING',
      {
        ...banking,
        async *list(of, context) {
          readAtMs.push(clock.now());
          if (listMs > 0) await clock.sleep(listMs);
          yield* banking.list(of, context);
        },
      },
    ],
  ]);
  const ends = new Cancellation();
  const accounts = { provider: 'UQPAY', account } as const;
  const sample = { text: 'UQPAY every 60s', accounts, ledgers: ['BANKING'] as const, everyMs };
  void runSample(sample, { providers: [{ ...fake, balances }], store, clock, log, signal: ends });
  return { readAtMs, ends };
}

test('when a replica stops, another one reads its sample when it is due', async () => {
  const clock = createSteppedClock(0);
  const first = startReplica(clock, master, 0);
  await clock.advance(everyMs / 2);
  const second = startReplica(clock, master, 0);
  await clock.advance(1_000);
  first.ends.abort(new Error('It was killed.'));
  await clock.advance(3 * everyMs);
  expect(first.readAtMs).toEqual([0]);
  expect(second.readAtMs).toEqual([everyMs, 2 * everyMs, 3 * everyMs]);
});

test('two replicas never read a sample at the same time, even if a reading takes longer than the interval', async () => {
  const clock = createSteppedClock(0);
  const replicas = [startReplica(clock, 'ALL', 20_000), startReplica(clock, 'ALL', 20_000)];
  await clock.advance(6 * everyMs);
  const times = replicas.flatMap(({ readAtMs }) => readAtMs).sort((a, b) => a - b);
  expect(times.length).toBeGreaterThan(12);
  expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) >= 20_000)).toBe(true);
});
