import { randomUUID } from 'node:crypto';
import {
  startUqpaySandbox,
  type UqpaySandbox,
  type UqpaySandboxOptions,
} from '../../../src/sandbox/uqpay/index.ts';

/** 2026-03-15T04:00:00Z, the start of the tests' clock. */
export const startMs = Date.UTC(2026, 2, 15, 4);

/** A reply as it was received. */
export interface Reply {
  readonly status: number;
  /** The body as sent, digit for digit. */
  readonly text: string;
  readonly headers: Headers;
  readonly json: unknown;
}

/** Options of a call; headers with null are left out. */
export interface CallOptions {
  readonly method?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

/** A sandbox with its own clock, and a client that connects to it over a socket. */
export interface Bench {
  readonly sandbox: UqpaySandbox;
  readonly clock: { nowMs: number };
  /** Issues a token and uses it from now on. */
  issue(): Promise<string>;
  /** By default a GET with token, client id and a fresh idempotency key. */
  call(path: string, options?: CallOptions): Promise<Reply>;
  /** `call` with `page_number=1` and `page_size=10` unless given. */
  list(path: string, query?: Readonly<Record<string, string>>, options?: CallOptions): Promise<Reply>;
}

/** Runs `body` against a fresh sandbox (no rows, no limits unless requested) and closes it. */
export async function withBench(
  options: UqpaySandboxOptions,
  body: (bench: Bench) => Promise<void>,
): Promise<void> {
  const clock = { nowMs: startMs };
  const sandbox = await startUqpaySandbox({
    seed: 'empty',
    rateLimitPerMinute: null,
    tokenRateLimitPerMinute: null,
    now: () => clock.nowMs,
    ...options,
  });
  try {
    let token = '';
    const send = async (path: string, { method = 'GET', query, headers, body }: CallOptions = {}) => {
      const all = {
        'x-auth-token': `Bearer ${token}`,
        'x-client-id': sandbox.clientId,
        'x-idempotency-key': randomUUID(),
        ...headers,
      };
      const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
      const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
      const reply = await fetch(`${sandbox.baseUrl}${path}${search}`, {
        method,
        headers: sent,
        ...(body === undefined ? {} : { body }),
      });
      const text = await reply.text();
      return { status: reply.status, text, headers: reply.headers, json: parseOrNull(text) };
    };
    const bench: Bench = {
      sandbox,
      clock,
      issue: async () => {
        const reply = await send('/v1/connect/token', {
          method: 'POST',
          headers: { 'x-auth-token': null, 'x-api-key': sandbox.apiKey },
        });
        token = String(at(reply, 'auth_token'));
        return token;
      },
      call: send,
      list: (path, query = {}, options = {}) =>
        send(path, { ...options, query: { page_number: '1', page_size: '10', ...query } }),
    };
    await bench.issue();
    sandbox.control.resetCalls();
    await body(bench);
  } finally {
    await sandbox.close();
  }
}

/** The value at a dotted path of a reply's JSON; undefined if there is none. */
export function at(reply: Reply, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      reply.json,
    );
}

/** The rows of a list reply. */
export function rowsOf(reply: Reply): readonly Record<string, unknown>[] {
  const data = at(reply, 'data');
  if (!Array.isArray(data)) throw new TypeError(`no list in ${reply.status} ${reply.text}`);
  return data;
}

/** One field of every row. */
export function column(reply: Reply, name: string): unknown[] {
  return rowsOf(reply).map((row) => row[name]);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
