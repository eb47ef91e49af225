import pg from 'pg';
import type { NewReading, ReadingStore } from '../ports/reading-store.ts';
import { balanceKey } from './balance-key.ts';
import { parseKeptReading } from './parse-kept-reading.ts';
import { newerVersion, storeFailure, storeVersion } from './store-failure.ts';

const connectionsMax = 4;
const connectTimeoutMs = 2_000;
const queryTimeoutMs = 10_000;
/** Number of the advisory lock: the letters "bgwh". */
const migrationLock = 0x62_67_77_68;

/** Stores readings in PostgreSQL, for any number of replicas. Creates and upgrades the tables on first use. */
export function createPostgresStore(url: string): ReadingStore {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: connectionsMax, application_name: 'balances-gateway' },
    ...{ connectionTimeoutMillis: connectTimeoutMs, query_timeout: queryTimeoutMs, allowExitOnIdle: true },
  });
  // The next query replaces an idle connection that broke.
  pool.on('error', () => {});
  let migrated: Promise<void> | null = null;

  async function use<T>(work: () => Promise<T>): Promise<T> {
    try {
      migrated ??= migrate(pool).catch((error: unknown) => {
        migrated = null;
        throw error;
      });
      await migrated;
      return await work();
    } catch (error) {
      throw storeFailure(error);
    }
  }

  return {
    check: () =>
      use(async () => {
        await pool.query(
          "INSERT INTO balances_gateway.tasks VALUES ('check', 0) ON CONFLICT (task) DO UPDATE SET until_ms = 0",
        );
      }),
    write: (readings) =>
      use(async () => {
        await pool.query(
          `INSERT INTO balances_gateway.readings (balance_key, read_at_ms, amounts, status)
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
          toColumns(readings),
        );
      }),
    confirm: (readings) =>
      use(async () => {
        const { rowCount } = await pool.query(
          `INSERT INTO balances_gateway.readings (balance_key, read_at_ms, amounts, status)
           SELECT read.* FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
             AS read (balance_key, read_at_ms, amounts, status)
           CROSS JOIN LATERAL (SELECT kept.amounts, kept.status FROM balances_gateway.readings AS kept
             WHERE kept.balance_key = read.balance_key AND kept.read_at_ms < read.read_at_ms
             ORDER BY kept.read_at_ms DESC LIMIT 1) AS before
           WHERE (before.amounts, before.status) IS DISTINCT FROM (read.amounts, read.status)
           ON CONFLICT DO NOTHING`,
          toColumns(readings),
        );
        return rowCount ?? 0;
      }),
    between: (identity, fromMs, toMs) =>
      use(async () => {
        const { rows } = await pool.query(
          `(SELECT read_at_ms, amounts, status FROM balances_gateway.readings
             WHERE balance_key = $1 AND read_at_ms <= $2 ORDER BY read_at_ms DESC LIMIT 1)
           UNION ALL
           (SELECT read_at_ms, amounts, status FROM balances_gateway.readings
             WHERE balance_key = $1 AND read_at_ms > $2 AND read_at_ms <= $3)
           ORDER BY read_at_ms`,
          [balanceKey(identity), fromMs, toMs],
        );
        return rows.map(parseKeptReading);
      }),
    removeBefore: (beforeMs) =>
      use(async () => {
        await pool.query('DELETE FROM balances_gateway.readings WHERE read_at_ms < $1', [beforeMs]);
      }),
    lead: (task, freeAtMs, untilMs) =>
      use(async () => {
        const { rowCount } = await pool.query(
          `INSERT INTO balances_gateway.tasks VALUES ($1, $2)
           ON CONFLICT (task) DO UPDATE SET until_ms = excluded.until_ms WHERE tasks.until_ms <= $3`,
          [task, untilMs, freeAtMs],
        );
        if (rowCount === 1) return null;
        const { rows } = await pool.query('SELECT until_ms FROM balances_gateway.tasks WHERE task = $1', [
          task,
        ]);
        return Number(rows[0]?.until_ms ?? untilMs);
      }),
    close: () => pool.end(),
  };
}

function toColumns(readings: readonly NewReading[]): unknown[] {
  return [
    readings.map(({ identity }) => balanceKey(identity)),
    readings.map(({ readAtMs }) => readAtMs),
    readings.map(({ amounts }) => JSON.stringify(amounts)),
    readings.map(({ status }) => status),
  ];
}

/** Takes a lock, so that replicas that start together wait for each other. */
async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  // Without a listener, a connection that breaks between two queries would end the process. The next query rejects.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    // With nothing to upgrade, this must not need rights that only the tables' owner has.
    const { rows: found } = await client.query(
      "SELECT to_regclass('balances_gateway.store_version') AS name",
    );
    const { rows } =
      found[0].name === null
        ? { rows: [] }
        : await client.query('SELECT version FROM balances_gateway.store_version');
    const version = Number(rows[0]?.version ?? 0);
    if (version > storeVersion) throw newerVersion(version);
    if (version < storeVersion) {
      await client.query(`
        CREATE SCHEMA IF NOT EXISTS balances_gateway;
        CREATE TABLE balances_gateway.readings (
          balance_key text NOT NULL, read_at_ms bigint NOT NULL, amounts text NOT NULL, status text,
          PRIMARY KEY (balance_key, read_at_ms));
        CREATE INDEX readings_by_age ON balances_gateway.readings (read_at_ms);
        CREATE TABLE balances_gateway.tasks (task text PRIMARY KEY, until_ms bigint NOT NULL);
        CREATE TABLE balances_gateway.store_version (version integer NOT NULL);
        INSERT INTO balances_gateway.store_version VALUES (${storeVersion})`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.removeListener('error', ignore);
    client.release();
  }
}
