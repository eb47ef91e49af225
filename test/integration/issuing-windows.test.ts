// Windows with ends far in the future, long ago or open, through the whole gateway over the embedded sandbox's own
// data: the same rows as without a window, for a few calls.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { at } from '../support/execute.ts';

const ignore = () => {};
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const farTo = '9999-12-31T23:59:59Z';

let sandbox: UqpaySandbox;
let gateway: RunningGateway;

beforeAll(async () => {
  sandbox = await startUqpaySandbox({ rateLimitPerMinute: null });
  const { baseUrl, clientId, apiKey } = sandbox;
  const env = {
    UQPAY_BASE_URL: baseUrl,
    UQPAY_CLIENT_ID: clientId,
    UQPAY_API_KEY: apiKey,
    TRANSACTION_MAX_AGE_SECONDS: '0',
    PORT: '0',
  };
  gateway = await startGateway(loadConfig(env), { logger });
});
beforeEach(() => sandbox.control.resetCalls());
afterAll(async () => {
  await gateway.close();
  await sandbox.close();
});

const document = `query ($first: Int, $last: Int, $after: String, $before: String, $filter: TransactionFilter) {
  transactions(first: $first, last: $last, after: $after, before: $before, filter: $filter) {
    totalCount
    nodes { providerTransactionId createdAt }
    pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
    sources { state }
  }
}`;

interface Page {
  readonly totalCount: number | null;
  readonly nodes: readonly { providerTransactionId: string; createdAt: string }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    endCursor: string;
    hasPreviousPage: boolean;
    startCursor: string;
  };
}

/** A page, and the calls it cost, without those for the token. */
async function read(variables: object): Promise<Page & { calls: number }> {
  sandbox.control.resetCalls();
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  const body = await response.json();
  expect(at(body, 'errors')).toBeUndefined();
  const page = at(body, 'data', 'transactions') as Page & { sources: readonly { state: string }[] };
  expect(page.sources.every(({ state }) => state === 'OK')).toBe(true);
  const calls = sandbox.control.calls().filter(({ path }) => path !== '/v1/connect/token').length;
  return { ...page, calls };
}

function idsOf({ nodes }: Page): string[] {
  return nodes.map(({ providerTransactionId }) => providerTransactionId);
}

/** Rows of the sandbox within a window, newest first. */
function recorded(lines: readonly ('banking' | 'issuing')[], from = 0): string[] {
  return lines
    .flatMap((line) => sandbox.control.transactions(line, sandbox.masterAccountId))
    .map((row) => ({ id: row.transaction_id, ms: Date.parse(row.create_time) }))
    .filter(({ ms }) => ms >= from)
    .sort((a, b) => b.ms - a.ms)
    .map(({ id }) => id);
}

describe.each([
  ['from this year', { from: '2026-01-01T00:00:00Z', to: farTo }],
  ['of all time', { from: '0001-01-01T00:00:00Z', to: farTo }],
  ['with an upper end alone', { to: farTo }],
  ['with a lower end alone', { from: '1900-01-01T00:00:00Z' }],
])('a window %s', (_, createdAt) => {
  test.each([[['ISSUING']], [['BANKING', 'ISSUING']]])(
    'of %j costs a few calls, both ways',
    async (ledgers) => {
      const filter = { ledgers, createdAt };
      const lines = ledgers.map((ledger) => (ledger === 'BANKING' ? 'banking' : 'issuing'));
      const wanted = recorded(lines, Date.parse('from' in createdAt ? createdAt.from : '1900-01-01'));
      const one = await read({ first: 50, filter });
      expect(new Set(idsOf(one))).toEqual(new Set(wanted.slice(0, 50)));
      expect([null, wanted.length]).toContain(one.totalCount);
      expect(one.calls).toBeLessThanOrEqual(ledgers.length);
      const two = await read({ first: 50, after: one.pageInfo.endCursor, filter });
      expect(new Set(idsOf(two))).toEqual(new Set(wanted.slice(50, 100)));
      expect(two.calls).toBeLessThanOrEqual(2 * ledgers.length);
      const end = await read({ last: 50, filter });
      expect(new Set(idsOf(end))).toEqual(new Set(wanted.slice(-50)));
      expect(end.calls).toBeLessThanOrEqual(6 * ledgers.length);
    },
  );
});

test('rows dated in the future are in a window without an upper end, and not in one that ends now', async () => {
  const [soon, late] = [3, 400].map((days) =>
    sandbox.control.insertTransaction('issuing', {
      create_time: new Date(Date.now() + days * 86_400_000).toISOString(),
    }),
  );
  const secondText = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const from = secondText(Date.now() - 60 * 86_400_000);
  const wanted = recorded(['issuing'], Date.parse(from));
  const open = await read({ first: 20, filter: { ledgers: ['ISSUING'], createdAt: { from } } });
  expect(idsOf(open).slice(0, 2)).toEqual([late?.transaction_id, soon?.transaction_id]);
  // More than 90 days are between the first and the last of them, so no single call counts them.
  expect([open.totalCount, open.calls]).toEqual([null, 1]);
  const closed = { from, to: secondText(Date.now()) };
  const past = await read({ first: 20, filter: { ledgers: ['ISSUING'], createdAt: closed } });
  expect(idsOf(past)).toEqual(wanted.slice(2, 22));
  expect([past.totalCount, past.calls]).toEqual([wanted.length - 2, 1]);
});
