import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import pg from 'pg';

const server = { host: '127.0.0.1', port: 5432 };
const user = process.env.PGUSER ?? 'postgres';

/** Whether a PostgreSQL listens on 127.0.0.1:5432. */
export const postgresIsThere = await new Promise<boolean>((resolve) => {
  const socket = connect(server.port, server.host, () => resolve(true));
  socket.once('error', () => resolve(false));
  socket.once('connect', () => socket.destroy());
});

/** A test that needs the real PostgreSQL. Without one, it fails only in CI, which installs one. */
export function postgresTest(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (postgresIsThere) await run();
    else expect(process.env.CI).not.toBe('true');
  }, 60_000);
}

/** A new database in the real PostgreSQL. */
export async function openTestDatabase() {
  const name = `gateway_test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ ...server, user, database: 'postgres' });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = `postgres://${user}@${server.host}:${server.port}/${name}`;
  return {
    url,
    async query(text: string) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query(text);
      await client.end();
      return rows;
    },
    /** Ends all connections to it, as a restart of the server does. */
    cut: () =>
      admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`),
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
