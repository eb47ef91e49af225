// Transactions as they arrive: none lost, none twice, whatever arrives between two polls or while nobody is
// connected.
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type LiveRig, multipartAccept, openLiveRig, openStream, type ReadStream } from './live.fixture.ts';

const watch = `subscription Watch($filter: TransactionFilter, $since: DateTime) {
  transactionsChanged(filter: $filter, since: $since) {
    trigger asOf truncated
    added { id createdAt ledger amount { currency } status }
    changed { id status }
    sources { ledger state code }
  }
}`;
const secret = 'the secret of the endpoint';
const banking = { ledgers: ['BANKING'] };
/** The poll interval, and the time until a second is over. */
const lookMs = 5_000;
const secondMs = 2_300;

let rig: LiveRig;
const open: ReadStream[] = [];
beforeAll(async () => {
  rig = await openLiveRig({ UQPAY_WEBHOOK_SECRET: secret });
});
afterAll(() => rig.close());
afterEach(async () => {
  for (const stream of open.splice(0)) stream.leave();
  rig.clock.advance(10_000);
  await turn();
});

interface Row {
  readonly id: string;
  readonly createdAt: string;
  readonly status: string;
}
interface Change {
  readonly trigger: string;
  readonly asOf: string;
  readonly truncated: boolean;
  readonly added: readonly Row[];
  readonly changed: readonly Row[];
  readonly sources: readonly object[];
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

async function subscribe(variables: object = { filter: banking }, accept = 'text/event-stream') {
  const stream = await openStream(rig.gateway, watch, { variables, accept });
  open.push(stream);
  return stream;
}

async function changeOf(stream: ReadStream): Promise<Change> {
  const event = await stream.next();
  expect(event?.errors).toBeUndefined();
  const data = event?.data as unknown as { transactionsChanged: Change };
  return data.transactionsChanged;
}

/** Adds rows dated by the gateway's clock. */
function insert(count: number, fields: object = {}): void {
  const second = new Date(Math.floor(rig.clock.now() / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
  for (let index = 0; index < count; index += 1) {
    rig.sandbox.control.insertTransaction('banking', { create_time: second, ...fields } as never);
  }
}

const listCalls = () =>
  rig.sandbox.control.calls().filter(({ path }) => path.endsWith('/transactions')).length;

/** Sends a webhook, which makes the gateway read the lists at once. */
async function sayChanged(): Promise<void> {
  const body = JSON.stringify({
    event_type: 'deposit.completed',
    event_id: `e-${rig.clock.now()}`,
    data: {},
  });
  const timestamp = String(rig.clock.now());
  const signature = createHmac('sha512', secret).update(body).update(timestamp).digest('hex');
  const headers = { 'x-wk-timestamp': timestamp, 'x-wk-signature': signature };
  await fetch(new URL('/webhooks/uqpay', rig.gateway.url), { method: 'POST', headers, body });
}

/** Advances the time until events have had this many rows. */
async function collect(stream: ReadStream, count: number): Promise<{ rows: Row[]; asOf: string }> {
  const rows: Row[] = [];
  let asOf = '';
  const timer = setInterval(() => rig.clock.advance(500), 10);
  try {
    while (rows.length < count) {
      const change = await changeOf(stream);
      rows.push(...change.added);
      asOf = change.asOf;
    }
  } finally {
    clearInterval(timer);
  }
  return { rows, asOf };
}

test.each(['text/event-stream', multipartAccept])(
  '%s: nothing at first, then each row once',
  async (accept) => {
    const stream = await subscribe({ filter: banking }, accept);
    expect(await changeOf(stream)).toMatchObject({
      trigger: 'START',
      added: [],
      changed: [],
      truncated: false,
    });
    insert(3);
    const { rows } = await collect(stream, 3);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
    insert(1);
    expect((await collect(stream, 1)).rows.every(({ id }) => !rows.some((row) => row.id === id))).toBe(true);
  },
);

test('a row added in the same second as one already seen is not lost', async () => {
  const stream = await subscribe();
  await changeOf(stream);
  // Just after the start of a second, and more than a second after the first poll.
  rig.clock.advance(2_100 - (rig.clock.now() % 1_000));
  rig.sandbox.control.resetCalls();
  insert(1);
  await sayChanged();
  while (listCalls() < 1) await turn();
  insert(1);
  const { rows } = await collect(stream, 2);
  expect(new Set(rows.map(({ id, createdAt }) => `${id} ${createdAt}`)).size).toBe(2);
  expect(new Set(rows.map(({ createdAt }) => createdAt)).size).toBe(1);
});

test('a row announced by a webhook is sent once its second is over, and the event names the webhook', async () => {
  const stream = await subscribe();
  await changeOf(stream);
  rig.clock.advance(2_900 - (rig.clock.now() % 1_000));
  rig.sandbox.control.resetCalls();
  insert(1, { create_time: new Date(rig.clock.now()).toISOString() });
  await sayChanged();
  while (listCalls() < 1) await turn();
  // Its second ends in 100 ms, and rows may be a second late.
  rig.clock.advance(1_200);
  expect(await changeOf(stream)).toMatchObject({ trigger: 'WEBHOOK', added: [{}] });
});

test('a burst of a thousand rows between two polls is sent completely, oldest first', async () => {
  const stream = await subscribe();
  await changeOf(stream);
  for (let second = 0; second < 10; second += 1) {
    insert(100);
    rig.clock.advance(1_000);
  }
  const { rows } = await collect(stream, 1_000);
  expect(rows).toHaveLength(1_000);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1_000);
  const times = rows.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort());
});

test('after a broken connection, `since` returns what was missed, and nothing twice', async () => {
  const first = await subscribe();
  await changeOf(first);
  insert(2);
  const { rows, asOf } = await collect(first, 2);
  first.leave();
  rig.clock.advance(lookMs);
  insert(150);
  rig.clock.advance(secondMs);
  const second = await subscribe({ filter: banking, since: asOf });
  const more = await collect(second, 150);
  expect(more.rows).toHaveLength(150);
  expect(more.rows.some(({ id }) => rows.some((row) => row.id === id))).toBe(false);
});

test('a page and the events since its asOf are the whole list', async () => {
  const query = 'query { transactions(first: 1, filter: { ledgers: [BANKING] }) { asOf } }';
  rig.clock.advance(10_000);
  const response = await fetch(rig.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data: { transactions: { asOf: string } } };
  rig.clock.advance(secondMs);
  insert(5);
  rig.clock.advance(secondMs);
  const stream = await subscribe({ filter: banking, since: data.transactions.asOf });
  expect((await collect(stream, 5)).rows).toHaveLength(5);
});

test('a change of status is sent once, and a filter narrows the events', async () => {
  const stream = await subscribe({ filter: { ...banking, currencies: ['SGD'] } });
  await changeOf(stream);
  insert(2, { currency: 'USD' } as never);
  insert(1, { currency: 'SGD', transaction_status: 'PENDING' } as never);
  const { rows } = await collect(stream, 1);
  expect(rows).toMatchObject([{ amount: { currency: 'SGD' }, status: 'PENDING' }]);
  const [changing] = rig.sandbox.control
    .transactions('banking', rig.sandbox.masterAccountId)
    .filter((row) => row.transaction_status === 'PENDING' && row.currency === 'SGD');
  rig.sandbox.control.setTransactionStatus(changing?.transaction_id ?? '', 'COMPLETED');
  rig.clock.advance(lookMs);
  expect(await changeOf(stream)).toMatchObject({
    added: [],
    changed: [{ id: rows[0]?.id, status: 'COMPLETED' }],
  });
});

test('a list that cannot be read delays the rows, and none is lost', async () => {
  const stream = await subscribe();
  await changeOf(stream);
  rig.sandbox.control.inject({
    match: { path: '/v1/balances/transactions' },
    kind: 'status',
    status: 403,
    shape: 'A',
  });
  rig.clock.advance(lookMs);
  expect(await changeOf(stream)).toMatchObject({ added: [], sources: [{ state: 'FAILED' }] });
  insert(120);
  rig.clock.advance(lookMs);
  await turn();
  rig.sandbox.control.clearFaults();
  expect((await collect(stream, 120)).rows).toHaveLength(120);
});

test('twenty subscribers cost the calls of one', async () => {
  rig.sandbox.control.resetCalls();
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => subscribe({ filter: { ledgers: ['ISSUING'] } })),
  );
  for (const stream of streams) await changeOf(stream);
  expect(listCalls()).toBe(1);
});
