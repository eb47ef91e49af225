import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { baseHeaders, type Source } from './source.ts';

export function createUndiciSource(baseUrl: string, token: string): Source {
  const { origin, pathname } = new URL(baseUrl);
  const pool = new Pool(origin, { connections: 64 });
  const headers = baseHeaders(token);
  return {
    async read(path, account) {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: pathname + path,
        headers: {
          ...headers,
          'x-idempotency-key': randomUUID(),
          ...(account === null ? {} : { 'x-on-behalf-of': account }),
        },
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
      return JSON.parse(text);
    },
  };
}
