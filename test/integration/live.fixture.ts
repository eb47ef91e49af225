import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { SignJWT } from 'jose';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { createHurriedClock, type HurriedClock } from '../support/hurried-clock.ts';
import { readMetrics } from '../support/metrics.ts';

/** A whole gateway over its own sandbox, with a clock that the test controls. */
export interface LiveRig {
  readonly gateway: RunningGateway;
  readonly sandbox: UqpaySandbox;
  readonly clock: HurriedClock;
  /** Calls for balances that the sandbox received since the last `resetCalls`. */
  balanceCalls(): number;
  close(): Promise<void>;
}

export async function openLiveRig(env: Readonly<Record<string, string>> = {}): Promise<LiveRig> {
  const sandbox = await startUqpaySandbox();
  sandbox.control.setRateLimits({ perMinute: null });
  const clock = createHurriedClock();
  const note = () => {};
  const config = loadConfig({
    PORT: '0',
    UQPAY_BASE_URL: sandbox.baseUrl,
    UQPAY_CLIENT_ID: sandbox.clientId,
    UQPAY_API_KEY: sandbox.apiKey,
    UQPAY_RATE_LIMIT_PER_MINUTE: '0',
    ...env,
  });
  const logger = { debug: note, info: note, warn: note, error: note };
  const gateway = await startGateway(config, { logger, clock });
  return {
    ...{ gateway, sandbox, clock },
    balanceCalls: () => sandbox.control.calls().filter(({ path }) => path.includes('balances')).length,
    async close() {
      await gateway.close();
      await sandbox.close();
    },
  };
}

const secret = 'a secret of at least 32 characters';
const issuer = 'https://login.example';

/** Makes callers authenticate with the tokens of `tokenOf`. */
export const withTokens = {
  AUTH: 'jwt',
  AUTH_JWT_SECRET: secret,
  AUTH_JWT_ISSUER: issuer,
  AUTH_JWT_AUDIENCE: 'gateway',
};

/** A token for an hour; by default for balances of the master account. */
export function tokenOf(sub: string, claims: object = {}): Promise<string> {
  return new SignJWT({
    ...{ sub, iss: issuer, aud: 'gateway', scope: 'balances:read', accounts: ['UQPAY/master'] },
    exp: Math.floor(Date.now() / 1_000) + 3_600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
}

/** How many subscriptions are open, if METRICS is on. */
export async function countOpen({ gateway }: Pick<LiveRig, 'gateway'>): Promise<number> {
  return (await readMetrics(gateway.url)).sum('subscriptions_open') ?? 0;
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A stream that is being read, event by event. */
export interface ReadStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next event's data; null if the stream completed. Rejects if it was cut off. Counts heartbeats. */
  next(): Promise<StreamEvent | null>;
  heartbeats(): number;
  /** Stops reading without disconnecting. */
  pause(): void;
  resume(): void;
  /** Disconnects. */
  leave(): void;
}

export interface StreamEvent {
  readonly data?: { readonly balancesChanged?: Readonly<Record<string, unknown>> } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; readonly retryAfterSeconds?: number };
  }[];
}

export interface StreamRequest {
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly variables?: object;
  readonly method?: 'GET' | 'POST';
}

const sse = 'text/event-stream';
export const multipartAccept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';

/** Subscribes over a new socket, and reads the stream as specified. */
export async function openStream(
  { url }: Pick<RunningGateway, 'url'>,
  query: string,
  { accept = sse, headers = {}, variables, method = 'POST' }: StreamRequest = {},
): Promise<ReadStream> {
  const search = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
  const response = await send(
    method === 'GET' ? `${url}?${search}` : url,
    method,
    {
      accept,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    method === 'POST' ? JSON.stringify({ query, variables }) : '',
  );
  const contentType = response.headers['content-type'] ?? '';
  const read = readerOf(contentType);
  const waiting: (() => void)[] = [];
  const events: (StreamEvent | null)[] = [];
  let heartbeats = 0;
  let cut: Error | null = null;
  let text = '';
  const tell = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const found = read(text);
      if (found === null) break;
      text = text.slice(found.length);
      if (found.event === 'heartbeat') heartbeats += 1;
      else events.push(found.event);
    }
    tell();
  });
  response.on('close', () => {
    cut = new Error('The stream was cut off.');
    tell();
  });
  response.on('error', () => {});
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    async next() {
      for (;;) {
        const event = events.shift();
        if (event !== undefined) return event;
        if (cut !== null) throw cut;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    heartbeats: () => heartbeats,
    pause: () => response.pause(),
    resume: () => response.resume(),
    leave: () => response.destroy(),
  };
}

function send(
  url: string,
  method: string,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The first item of a text: an event, the end (null) or a heartbeat. */
interface Found {
  readonly length: number;
  readonly event: StreamEvent | null | 'heartbeat';
}

function readerOf(contentType: string): (text: string) => Found | null {
  if (contentType.startsWith('text/event-stream')) return readServerSentEvent;
  if (contentType.startsWith('multipart/mixed')) return readPart;
  return (text) => {
    try {
      return text === '' ? null : { length: text.length, event: JSON.parse(text) };
    } catch {
      return null;
    }
  };
}

function readServerSentEvent(text: string): Found | null {
  const end = text.indexOf('\n\n');
  if (end < 0) return null;
  const lines = text.slice(0, end).split('\n');
  const length = end + 2;
  const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
  const data = lines.find((line) => line.startsWith('data:'))?.slice(5) ?? '';
  if (name === undefined) return { length, event: 'heartbeat' };
  return { length, event: name === 'complete' ? null : JSON.parse(data) };
}

function readPart(text: string): Found | null {
  const boundary = '\r\n--graphql';
  const end = text.indexOf(boundary);
  if (end < 0) return text.startsWith('--') ? { length: text.length, event: null } : null;
  const length = end + boundary.length;
  const [, body = ''] = text.slice(0, end).split('\r\n\r\n');
  if (body === '' || body === '{}') return { length, event: 'heartbeat' };
  const { payload, errors } = JSON.parse(body);
  return { length, event: errors === undefined ? payload : { data: null, errors } };
}
