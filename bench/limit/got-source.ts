import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import got from 'got';
import { baseHeaders, type Source } from './source.ts';

/** got at its leanest: one instance, keep-alive connections, no retries, no decompression. */
export function createGotSource(baseUrl: string, token: string): Source {
  const client = got.extend({
    agent: { http: new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' }) },
    headers: baseHeaders(token),
    responseType: 'text',
    retry: { limit: 0 },
    decompress: false,
    followRedirect: false,
    throwHttpErrors: false,
  });
  return {
    async read(path, account) {
      const { statusCode, body } = await client(baseUrl + path, {
        headers: {
          'x-idempotency-key': randomUUID(),
          ...(account === null ? {} : { 'x-on-behalf-of': account }),
        },
      });
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
      return JSON.parse(body);
    },
  };
}
