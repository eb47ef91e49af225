// Stored readings of balances: the stores, which readings are stored, and a gateway over them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openReadingStore } from '../../src/history/index.ts';
import { createReadingRecorder } from '../../src/history/recorder.ts';
import type { BalanceIdentity, NewReading, ReadingStore } from '../../src/ports/reading-store.ts';
import { startTestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { aBalance, master, money } from '../support/fake-provider.ts';
import { createManualClock } from '../unit/upstream/manual-clock.ts';
import { openTestDatabase, postgresTest } from './postgres.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const identity: BalanceIdentity = {
  ...{ environment: 'SANDBOX', credential: 'c', account: master, ledger: 'BANKING', currency: 'USD' },
  distinguishingId: null,
};

function reading(readAtMs: number, available: string, other: Partial<BalanceIdentity> = {}): NewReading {
  return {
    identity: { ...identity, ...other },
    readAtMs,
    amounts: { available: money(available, 'USD').amount },
    status: 'ACTIVE',
  };
}

async function checkStore(store: ReadingStore): Promise<void> {
  await store.check();
  await store.write([reading(1_000, '1.00'), reading(2_000, '2.00'), reading(3_000, '3.10')]);
  await store.write([reading(2_000, '9.00')]);
  const amounts = async (fromMs: number, toMs: number, other: Partial<BalanceIdentity> = {}) =>
    (await store.between({ ...identity, ...other }, fromMs, toMs)).map((kept) => [
      kept.readAtMs,
      kept.amounts.available,
    ]);
  expect(await amounts(1_500, 2_500)).toEqual([
    [1_000, '1.00'],
    [2_000, '2.00'],
  ]);
  expect(await amounts(2_000, 9_000)).toEqual([
    [2_000, '2.00'],
    [3_000, '3.10'],
  ]);
  expect(await amounts(0, 500)).toEqual([]);
  // Each part of the identity distinguishes balances.
  for (const other of [
    ...[{ environment: 'PRODUCTION' }, { credential: 'd' }, { ledger: 'ISSUING' }, { currency: 'EUR' }],
    ...[
      { account: { provider: 'UQPAY', providerAccountId: 'a-1' } },
      { account: { provider: 'NOAH', providerAccountId: null } },
    ],
    { distinguishingId: 'x' },
  ] as const) {
    expect(await amounts(0, 9_000, other)).toEqual([]);
  }
  expect(await store.lead('sample', 10_000, 20_000)).toBe(null);
  expect(await store.lead('sample', 15_000, 25_000)).toBe(20_000);
  expect(await store.lead('sample', 20_000, 30_000)).toBe(null);
  await store.removeBefore(2_500);
  expect(await amounts(0, 9_000)).toEqual([[3_000, '3.10']]);
}

test('a SQLite file keeps readings across a restart', async () => {
  const url = `sqlite:${join(folder, 'balances.db')}`;
  const store = await openReadingStore(url);
  await checkStore(store);
  await store.close();
  const again = await openReadingStore(url);
  expect(await again.between(identity, 0, 9_000)).toHaveLength(1);
  await again.close();
});

postgresTest('PostgreSQL keeps readings of replicas that start together', async () => {
  const database = await openTestDatabase();
  const stores = await Promise.all([1, 2, 3].map(() => openReadingStore(database.url)));
  try {
    await Promise.all(stores.map((store) => store.check()));
    await checkStore(stores[0] as ReadingStore);
    await database.cut();
    await delay(50);
    expect(await stores[1]?.between(identity, 0, 9_000)).toHaveLength(1);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  }
});

test('a store of a newer version, and one that cannot be written, report it', async () => {
  const path = join(folder, 'newer.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 7');
  database.close();
  const newer = await openReadingStore(`sqlite:${path}`);
  await expect(newer.check()).rejects.toThrow('has version 7, and this gateway knows versions up to 1');
  const noDatabase = join(folder, 'text.db');
  writeFileSync(noDatabase, 'no database at all, but some text that is long enough to be looked at');
  const broken = await openReadingStore(`sqlite:${noDatabase}`);
  await expect(broken.check()).rejects.toThrow('(HISTORY_URL) cannot be used');
  const away = await openReadingStore('postgres://nobody:secret@127.0.0.1:1/none');
  await expect(away.check()).rejects.toThrow(/^(?!.*secret).*\(HISTORY_URL\) cannot be used/);
  await away.close();
});

describe('what is stored', () => {
  const hourMs = 3_600_000;

  function startRecorder(write: (readings: readonly NewReading[]) => Promise<void>) {
    const store = { write } as ReadingStore;
    return createReadingRecorder(store, createManualClock(), { info() {}, warn() {} });
  }

  test('is a reading whose amounts or status changed, otherwise one an hour', async () => {
    const written: number[] = [];
    const recorder = startRecorder(
      async (readings) => void written.push(...readings.map(({ readAtMs }) => readAtMs)),
    );
    const balance = (amount: string, statusRaw = 'ACTIVE') =>
      aBalance(master, 'BANKING', 'USD', { available: money(amount, 'USD'), statusRaw });
    recorder.note(identity, balance('1.00'), 1_000);
    recorder.note(identity, balance('1.00'), 2_000);
    recorder.note(identity, balance('1.0'), 3_000);
    recorder.note(identity, balance('1.0', 'CLOSED'), 4_000);
    recorder.note(identity, balance('2.00'), 3_500);
    recorder.note(identity, balance('1.0', 'CLOSED'), 4_000 + hourMs);
    await recorder.close();
    expect(written).toEqual([1_000, 3_000, 4_000, 4_000 + hourMs]);
    expect(recorder.report()).toEqual({ written: 4, dropped: 0, failed: 0, waiting: 0 });
  });

  test('waits for an unavailable store; beyond the limit readings are dropped and counted', async () => {
    const recorder = startRecorder(async () => {
      throw new Error('away');
    });
    for (let row = 0; row < 10_050; row++) {
      recorder.note({ ...identity, currency: `C${row}` }, aBalance(master, 'BANKING', 'USD'), 1_000);
    }
    await recorder.close();
    expect(recorder.report()).toEqual({ written: 0, dropped: 50, failed: 500, waiting: 10_000 });
  });
});

const paymentHistory = `{ balance(ledger: PAYMENT, currency: "USD") { available { amount } asOf
  history(during: { from: "2026-01-01T00:00:00Z" }, bucket: MONTH) { points { closing { amount } origin readAt } } } }`;

async function checkGateway(env: Readonly<Record<string, string>>): Promise<void> {
  const open = await startTestGateway(env);
  try {
    const { answer } = await open.post({ query: '{ balances(first: 50) { nodes { currency } } }' });
    expect(answer.errors).toBeUndefined();
    const written = async () => {
      const metrics = await (await fetch(new URL('/metrics', open.gateway.url))).text();
      return Number(/history_readings_total\{outcome="written"\} (\d+)/.exec(metrics)?.[1]);
    };
    while (!((await written()) > 10)) await delay(50);
    const second = await open.post({ query: paymentHistory });
    const available = at(second.answer, 'data', 'balance', 'available');
    const points = at(second.answer, 'data', 'balance', 'history', 'points') as readonly unknown[];
    const last = points.at(-1);
    expect(last).toMatchObject({ origin: 'OBSERVED', closing: available });
  } finally {
    await open.close();
  }
}

test('a gateway stores what it reads, and serves it as history', () =>
  checkGateway({ HISTORY_URL: `sqlite:${join(folder, 'gateway.db')}`, METRICS: 'on' }));

postgresTest(
  'two gateways store what they read in one PostgreSQL, even after its connections were cut',
  async () => {
    const database = await openTestDatabase();
    try {
      const both = Promise.all([1, 2].map(() => checkGateway({ HISTORY_URL: database.url, METRICS: 'on' })));
      await delay(300);
      await database.cut();
      await both;
      const [{ count }] = await database.query('SELECT count(*) FROM balances_gateway.readings');
      expect(Number(count)).toBeGreaterThan(10);
    } finally {
      await database.drop();
    }
  },
);

test('a gateway whose store is unavailable still answers', async () => {
  const open = await startTestGateway({ HISTORY_URL: 'postgres://nobody@127.0.0.1:1/none' });
  try {
    const query =
      '{ balance(ledger: ISSUING, currency: "USD") { available { amount } history(during: { from: "2026-11-01T00:00:00Z", to: "2026-11-15T00:00:00Z" }, bucket: MONTH) { basis points { origin } } } }';
    const { answer } = await open.post({ query });
    expect(answer.errors).toBeUndefined();
    expect(at(answer, 'data', 'balance', 'history', 'basis')).toContain('could not be read (HISTORY_URL)');
    // Nothing else is known about this ledger's past.
    const payment = await open.post({ query: query.replace('ISSUING', 'PAYMENT') });
    expect(payment.answer.errors).toBeUndefined();
    expect(at(payment.answer, 'data', 'balance', 'history')).toEqual({
      basis: 'Stored readings could not be read (HISTORY_URL).',
      points: [{ origin: null }],
    });
  } finally {
    await open.close();
  }
});

test('a sample keeps readings coming without viewers', async () => {
  const path = join(folder, 'sampled.db');
  const open = await startTestGateway({
    HISTORY_URL: `sqlite:${path}`,
    HISTORY_SAMPLE: 'UQPAY/master:BANKING every 10s',
  });
  await delay(1_500);
  await open.close();
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT balance_key FROM readings').all();
  database.close();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((row) => String(row.balance_key).includes('"BANKING"'))).toBe(true);
});
