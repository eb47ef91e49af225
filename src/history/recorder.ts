import { type Balance, balanceAmounts } from '../domain/model.ts';
import type { Clock } from '../ports/clock.ts';
import type {
  BalanceIdentity,
  KeptReading,
  NewReading,
  ReadingStore,
  ReadingsReport,
} from '../ports/reading-store.ts';
import { balanceKey } from './balance-key.ts';

/** Records the balances that providers report. */
export interface ReadingRecorder {
  /** Never throws, and never delays an answer. */
  note(identity: BalanceIdentity, balance: Balance, asOfMs: number): void;
  report(): ReadingsReport;
  /** Writes the waiting readings, then stops. */
  close(): Promise<void>;
}

/** Reports failures of the store. */
export interface HistoryLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

const hourMs = 3_600_000;
/**
 * How long readings are collected before they are written together, and the delay before a failed write is retried.
 */
const gatherMs = 200;
const retryMs = 1_000;
const batchMax = 500;
const waitingMax = 10_000;
const balancesMax = 100_000;

interface LastReading {
  readonly content: string;
  readonly keptAtMs: number;
  asOfMs: number;
}

/**
 * Stores a reading when an amount or the status has changed, and otherwise once an hour. The number of readings that
 * wait to be written is bounded: while the store is slow or unavailable, further readings are dropped and counted. If
 * replicas share the store, the newest unchanged reading of a balance is compared with what they have stored.
 */
export function createReadingRecorder(
  store: ReadingStore,
  clock: Clock,
  log: HistoryLog,
  isAwayAtStart = false,
): ReadingRecorder {
  const last = new Map<string, LastReading>();
  const waiting: NewReading[] = [];
  // By balance, the newest reading that equals the one before it.
  const unchanged = new Map<string, NewReading>();
  const counts = { written: 0, dropped: 0, failed: 0 };
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  // Reported once per outage.
  let isAway = isAwayAtStart;
  let isClosed = false;

  function writeSoon(delayMs: number): void {
    if (timer !== null || writing !== null || isClosed) return;
    timer = setTimeout(() => {
      timer = null;
      writing = write().finally(() => {
        writing = null;
        if (waitingCount() > 0) writeSoon(isAway ? retryMs : 0);
      });
    }, delayMs);
    timer.unref();
  }

  function waitingCount(): number {
    return waiting.length + unchanged.size;
  }

  async function write(): Promise<void> {
    const batch = waiting.slice(0, batchMax);
    const toConfirm = [...unchanged].slice(0, batchMax);
    let failing = batch.length + toConfirm.length;
    try {
      if (batch.length > 0) await store.write(batch);
      waiting.splice(0, batch.length);
      counts.written += batch.length;
      failing = toConfirm.length;
      if (toConfirm.length > 0)
        counts.written += (await store.confirm?.(toConfirm.map(([, each]) => each))) ?? 0;
      for (const [key, reading] of toConfirm) if (unchanged.get(key) === reading) unchanged.delete(key);
      if (isAway) log.info({}, 'Readings of balances are stored again');
      isAway = false;
    } catch (error) {
      counts.failed += failing;
      if (!isAway) {
        const reason = error instanceof Error ? error.message : 'unknown';
        log.warn({ reason }, 'Readings of balances cannot be stored; they wait as long as there is room');
      }
      isAway = true;
    }
  }

  return {
    note(identity, balance, asOfMs) {
      const key = balanceKey(identity);
      const before = last.get(key);
      if (before !== undefined && asOfMs <= before.asOfMs) return;
      const reading = toReading(balance, asOfMs);
      const content = JSON.stringify([reading.amounts, reading.status]);
      if (before !== undefined && before.content === content && asOfMs - before.keptAtMs < hourMs) {
        before.asOfMs = asOfMs;
        if (store.confirm === undefined || isClosed || unchanged.size >= waitingMax) return;
        unchanged.set(key, { identity, ...reading });
        writeSoon(isAway ? retryMs : gatherMs);
        return;
      }
      if (waiting.length >= waitingMax || isClosed) {
        counts.dropped += 1;
        return;
      }
      if (last.size >= balancesMax) last.clear();
      last.set(key, { content, keptAtMs: asOfMs, asOfMs });
      waiting.push({ identity, ...reading });
      writeSoon(isAway ? retryMs : gatherMs);
    },
    report: () => ({ ...counts, waiting: waiting.length }),
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await writing;
      const endsAtMs = clock.now() + retryMs;
      while (waitingCount() > 0 && clock.now() < endsAtMs) {
        const left = waitingCount();
        await write();
        if (waitingCount() === left) return;
      }
    },
  };
}

function toReading(balance: Balance, readAtMs: number): KeptReading {
  const amounts = Object.fromEntries(
    balanceAmounts.flatMap((name) => {
      const money = balance[name];
      return money === null ? [] : [[name, money.amount]];
    }),
  );
  return { readAtMs, amounts, status: balance.statusRaw };
}
