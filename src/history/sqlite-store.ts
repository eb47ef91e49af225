import { DatabaseSync } from 'node:sqlite';
import type { ReadingStore } from '../ports/reading-store.ts';
import { balanceKey } from './balance-key.ts';
import { parseKeptReading } from './parse-kept-reading.ts';
import { newerVersion, storeFailure, storeVersion } from './store-failure.ts';

/** How long a writer waits for another process that has locked the file. */
const busyTimeoutMs = 2_000;

/** Stores readings in a SQLite file, for one process. Creates the file on first use. */
export function createSqliteStore(path: string): ReadingStore {
  let opened: DatabaseSync | null = null;

  function open(): DatabaseSync {
    if (opened !== null) return opened;
    const database = new DatabaseSync(path);
    try {
      database.exec(
        `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`,
      );
      migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    opened = database;
    return database;
  }

  async function use<T>(work: (database: DatabaseSync) => T): Promise<T> {
    try {
      return work(open());
    } catch (error) {
      throw storeFailure(error);
    }
  }

  return {
    check: () =>
      use((database) => {
        database.prepare('INSERT OR REPLACE INTO tasks VALUES (?, ?)').run('check', 0);
      }),
    write: (readings) =>
      use((database) => {
        const insert = database.prepare('INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?)');
        inTransaction(database, () => {
          for (const { identity, readAtMs, amounts, status } of readings) {
            insert.run(balanceKey(identity), readAtMs, JSON.stringify(amounts), status);
          }
        });
      }),
    between: (identity, fromMs, toMs) =>
      use((database) => {
        const key = balanceKey(identity);
        const columns = 'SELECT read_at_ms, amounts, status FROM readings WHERE balance_key = ?';
        const before = database
          .prepare(`${columns} AND read_at_ms <= ? ORDER BY read_at_ms DESC LIMIT 1`)
          .all(key, fromMs);
        const within = database
          .prepare(`${columns} AND read_at_ms > ? AND read_at_ms <= ? ORDER BY read_at_ms`)
          .all(key, fromMs, toMs);
        return [...before, ...within].map(parseKeptReading);
      }),
    removeBefore: (beforeMs) =>
      use((database) => {
        database.prepare('DELETE FROM readings WHERE read_at_ms < ?').run(beforeMs);
      }),
    lead: (task, freeAtMs, untilMs) =>
      use((database) => {
        const { changes } = database
          .prepare(
            'INSERT INTO tasks VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET until_ms = excluded.until_ms WHERE tasks.until_ms <= ?',
          )
          .run(task, untilMs, freeAtMs);
        if (Number(changes) > 0) return null;
        return Number(database.prepare('SELECT until_ms FROM tasks WHERE task = ?').get(task)?.until_ms);
      }),
    async close() {
      opened?.close();
      opened = null;
    },
  };
}

function migrate(database: DatabaseSync): void {
  const version = Number(Object.values(database.prepare('PRAGMA user_version').get() ?? {})[0]);
  if (version > storeVersion) throw newerVersion(version);
  if (version === storeVersion) return;
  inTransaction(database, () => {
    database.exec(`
      CREATE TABLE IF NOT EXISTS readings (
        balance_key TEXT NOT NULL, read_at_ms INTEGER NOT NULL, amounts TEXT NOT NULL, status TEXT,
        PRIMARY KEY (balance_key, read_at_ms)) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS readings_by_age ON readings (read_at_ms);
      CREATE TABLE IF NOT EXISTS tasks (task TEXT PRIMARY KEY, until_ms INTEGER NOT NULL);
      PRAGMA user_version = ${storeVersion}`);
  });
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // SQLite rolls back by itself when the disk is full; a second error would hide the first.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
