// Files of transactions and balances over a whole gateway: every row once, how a spreadsheet reads them, refusals
// without a call.
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { encodeAccountId, encodeBalanceId } from '../../src/domain/global-id.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let open: TestGateway;
afterEach(() => open.close());

async function start(env: Readonly<Record<string, string>> = {}): Promise<string> {
  open = await startTestGateway({ UQPAY_RATE_LIMIT_PER_MINUTE: '100000', ...env });
  open.sandbox.control.setRateLimits({ perMinute: null });
  open.sandbox.control.resetCalls();
  return new URL('/export', open.gateway.url).href;
}

interface File {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly complete: boolean;
}

function load(url: string, headers: Readonly<Record<string, string>> = {}): Promise<File> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => {});
      response.on('close', () => {
        const { trailers, complete } = response;
        resolve({ status, headers: response.headers, text, trailers, complete });
      });
    }).on('error', reject);
  });
}

/** An independent reader of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [, quoted, plain = '', end] = match;
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  const last = rows.pop();
  if (last?.length !== 0) throw new Error('The file does not end with a line break.');
  return rows;
}

function clearRows(): void {
  const { control } = open.sandbox;
  const [master] = control.accounts();
  for (const line of ['banking', 'issuing'] as const) {
    for (const row of control.transactions(line, master?.account_id ?? ''))
      control.deleteTransaction(row.transaction_id);
  }
}

function issuingRow(second: number, fields: Record<string, string> = {}) {
  return open.sandbox.control.insertTransaction('issuing', {
    create_time: new Date(second * 1000).toISOString().replace('.000', ''),
    transaction_status: 'COMPLETED',
    ...fields,
  });
}

const may = Date.parse('2026-05-01T00:00:00Z') / 1000;

test('a spreadsheet gets every row once, with formulas made harmless and amounts unchanged', async () => {
  const url = await start();
  clearRows();
  const amounts = ['-12.50', '12345678901234567890.10', '0.00'];
  const descriptions = ['=HYPERLINK("http://evil","x")', '+1, "two"\r\nlines', '-1'];
  const rows = descriptions.map((description, index) =>
    issuingRow(may + index, { description, amount: amounts[index] ?? '', ending_balance: '-3.10' }),
  );
  for (let row = 0; row < 420; row++) issuingRow(may - 1 - Math.floor(row / 7), { description: '@cmd' });
  const file = await load(`${url}/transactions.csv?ledgers=ISSUING`);
  expect(file.status).toBe(200);
  expect(file.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
  const [header = [], ...lines] = parseCsv(file.text);
  const table = lines.map((line) => Object.fromEntries(header.map((name, index) => [name, line[index]])));
  expect(table).toHaveLength(423);
  expect(new Set(table.map(({ providerTransactionId }) => providerTransactionId)).size).toBe(423);
  expect(file.headers['x-total-count']).toBe('423');
  const dataCalls = open.sandbox.control.calls().filter(({ path }) => path !== '/v1/connect/token');
  expect(file.trailers).toMatchObject({
    'x-row-count': '423',
    'x-upstream-calls': String(dataCalls.length),
  });
  const shown = rows.map((row) => table.find((line) => line.providerTransactionId === row.transaction_id));
  expect(shown.map((line) => line?.amount)).toEqual(amounts);
  expect(shown.map((line) => line?.endingBalance)).toEqual(['-3.10', '-3.10', '-3.10']);
  expect(shown.map((line) => line?.description)).toEqual([
    `'${descriptions[0]}`,
    `'${descriptions[1]}`,
    '-1',
  ]);
  expect(table[5]?.description).toBe("'@cmd");
  expect(open.sandbox.control.callCount()).toBeLessThanOrEqual(7);
});

test('NDJSON ends with the sums of the rows, and times are in the zone', async () => {
  const url = await start();
  clearRows();
  for (const [amount, direction] of [
    ['10.10', 'C'],
    ['0.20', 'D'],
    ['5', 'C'],
  ] as const) {
    open.sandbox.control.insertTransaction('banking', {
      create_time: '2026-05-01T00:00:00Z',
      transaction_status: 'COMPLETED',
      credit_debit_type: direction,
      amount,
    });
  }
  const file = await load(
    `${url}/transactions.ndjson?ledgers=BANKING&timeZone=Asia/Singapore&createdAt.from=2026-05-01T00:00:00Z`,
  );
  const lines = file.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({
    ledger: 'BANKING',
    createdAt: '2026-05-01T08:00:00+08:00',
    currency: 'USD',
  });
  expect(lines[3]).toEqual({
    complete: true,
    rows: 3,
    asOf: '2026-05-01T00:00:00Z',
    sources: [{ provider: 'UQPAY', ledger: 'BANKING', providerAccountId: null, state: 'OK', code: null }],
    sums: [{ currency: 'USD', credits: '15.10', debits: '0.20', net: '14.90', count: 3, unsummedCount: 0 }],
  });
});

test('rows of other accounts are left out, and each format says so', async () => {
  const url = await start();
  clearRows();
  const { control } = open.sandbox;
  control.setBehaviour({ masterLists: 'all' });
  const account_id = control.addAccount().account_id;
  const own = control.insertTransaction('banking', {});
  control.insertTransaction('banking', { account_id });
  const csv = await load(`${url}/transactions.csv?ledgers=BANKING`);
  expect(parseCsv(csv.text)).toHaveLength(2);
  expect(csv.trailers).toMatchObject({ 'x-row-count': '1', 'x-partial-sources': 'UQPAY/BANKING' });
  const { text } = await load(`${url}/transactions.ndjson?ledgers=BANKING`);
  const [row, end] = text.split('\n').map((line) => (line === '' ? null : JSON.parse(line)));
  expect(row).toMatchObject({ providerTransactionId: own.transaction_id });
  expect(end).toMatchObject({ rows: 1, sources: [{ state: 'PARTIAL', code: 'UPSTREAM_SHAPE' }] });
});

test('an export interrupted by a source continues from its cursor without a gap', async () => {
  const url = await start();
  clearRows();
  for (let row = 0; row < 350; row++) issuingRow(may + row);
  let calls = 0;
  open.sandbox.control.beforeEachCall(() => {
    calls += 1;
    if (calls === 3) {
      open.sandbox.control.inject({
        ...{ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/issuing/balances/transactions' } },
        times: 1,
      });
    }
  });
  const first = (await load(`${url}/transactions.ndjson?ledgers=ISSUING`)).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const end = first.pop();
  expect(end).toMatchObject({ complete: false, rows: first.length, error: { code: 'UPSTREAM_FORBIDDEN' } });
  expect(first.length).toBeGreaterThan(0);
  const after = encodeURIComponent(end.cursor);
  const rest = (await load(`${url}/transactions.ndjson?ledgers=ISSUING&after=${after}`)).text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rest.pop()).toMatchObject({ complete: true });
  const ids = [...first, ...rest].map(({ providerTransactionId }) => providerTransactionId);
  expect(ids).toHaveLength(350);
  expect(new Set(ids).size).toBe(350);
});

test('an incomplete CSV file is cut off', async () => {
  const url = await start();
  clearRows();
  for (let row = 0; row < 350; row++) issuingRow(may + row);
  let calls = 0;
  open.sandbox.control.beforeEachCall(() => {
    calls += 1;
    if (calls === 3) {
      open.sandbox.control.inject({
        ...{ kind: 'status', status: 403, shape: 'A', match: { path: '/v1/issuing/balances/transactions' } },
      });
    }
  });
  const file = await load(`${url}/transactions.csv?ledgers=ISSUING`);
  expect(file.complete).toBe(false);
  expect(file.trailers).toEqual({});
});

test('balances are exported with their sums', async () => {
  const url = await start();
  const file = await load(`${url}/balances.ndjson?ledgers=BANKING&currencies=usd,EUR`);
  const lines = file.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toMatchObject({ complete: true, rows: lines.length - 1 });
  expect(lines.at(-1).sums).toEqual(
    lines.slice(0, -1).map(({ currency, available }) => ({ currency, available, unreportedCount: 0 })),
  );
  const csv = parseCsv((await load(`${url}/balances.csv`)).text);
  expect(csv[0]).toContain('available');
});

test('a long export does not evict cached reads that viewers repeat', async () => {
  const url = await start({ BALANCE_MAX_AGE_SECONDS: '3600', MEMORY_MAX_BYTES: '1048576' });
  const query = '{ balances(filter: { ledgers: [BANKING] }) { nodes { id asOf } } }';
  const before = await open.post({ query });
  const { text, complete } = await load(`${url}/transactions.csv?ledgers=BANKING,ISSUING`);
  expect([text.split('\n').length > 5_000, complete]).toEqual([true, true]);
  open.sandbox.control.resetCalls();
  expect((await open.post({ query })).answer).toEqual(before.answer);
  expect(open.sandbox.control.callCount()).toBe(0);
});

test('a caller without access, or a request for something unknown, is refused without a call', async () => {
  const key = (name: string) => createHash('sha256').update(name).digest('hex');
  const other = encodeAccountId({ provider: 'UQPAY', providerAccountId: 'a-1' });
  const url = await start({
    AUTH: 'keys',
    AUTH_KEYS: JSON.stringify([
      {
        subject: 'all',
        sha256: key('a'.repeat(32)),
        scopes: ['accounts:read', 'balances:read', 'transactions:read'],
        accounts: ['UQPAY/master'],
      },
      { subject: 'balances', sha256: key('b'.repeat(32)), scopes: ['balances:read'], accounts: ['*'] },
    ]),
  });
  const ask = async (path: string, credential: string | null) =>
    (
      await load(
        `${url}${path}`,
        credential === null ? {} : { authorization: `Bearer ${credential.repeat(32)}` },
      )
    ).status;
  expect(await ask('/transactions.csv', null)).toBe(401);
  expect(await ask('/transactions.csv', 'x')).toBe(401);
  expect(await ask('/transactions.csv', 'b')).toBe(403);
  expect(await ask(`/transactions.csv?accountIds=${other}`, 'a')).toBe(404);
  expect(await ask(`/balances.ndjson?accountIds=${other}`, 'a')).toBe(404);
  expect(await ask('/transactions.xml', 'a')).toBe(404);
  expect(await ask('/accounts.csv', 'a')).toBe(404);
  expect(await ask('/transactions.csv?statuses=DONE', 'a')).toBe(400);
  expect(await ask('/transactions.csv?ledgers=BANKING,FUNDS', 'a')).toBe(400);
  expect(await ask('/transactions.csv?timeZone=Mars', 'a')).toBe(400);
  expect(await ask('/transactions.csv?createdAt.from=yesterday', 'a')).toBe(400);
  expect(await ask('/transactions.csv?color=blue', 'a')).toBe(400);
  expect(await ask('/transactions.csv?after=nonsense', 'a')).toBe(400);
  expect(await ask('/balances.csv?after=nonsense', 'a')).toBe(400);
  expect(open.sandbox.control.callCount()).toBe(0);
});

test.each([
  ['asks for a pause', { status: 429, retryAfterSeconds: 20 }, 503, '20'],
  ['forbids the call', { status: 403 }, 502, undefined],
] as const)(
  'a statement whose provider %s says whether to ask again',
  async (_what, fault, status, again) => {
    const url = await start();
    const path = '/v1/issuing/balances';
    open.sandbox.control.inject({ kind: 'status', shape: 'A', match: { path }, ...fault });
    const account = { provider: 'UQPAY', providerAccountId: null } as const;
    const key = { account, ledger: 'ISSUING', currency: 'USD', distinguishingId: null } as const;
    const during = 'during.from=2026-05-01T00:00:00Z&during.to=2026-05-02T00:00:00Z';
    const file = await load(`${url}/statement.xml?balanceId=${encodeBalanceId(key)}&${during}`);
    expect([file.status, file.headers['retry-after']]).toEqual([status, again]);
  },
);
