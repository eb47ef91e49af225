// A master account's transaction list with rows of its sub-accounts: they are never returned under its name, never
// twice, and the answer says what was left out.
import { afterEach, expect, test } from '@jest/globals';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import type { UqpayBehaviour } from '../../src/sandbox/uqpay/index.ts';
import { at } from '../support/execute.ts';
import { startThreeProviders } from './three-providers.fixture.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** `own` rows of the master account, one of a sub-account, the newest first. */
async function start(own: number, behaviour: Partial<UqpayBehaviour> = {}) {
  const three = await startThreeProviders({
    uqpay: { behaviour: { masterLists: 'all', ...behaviour } },
    noah: { seed: 'empty' },
    ibanera: { seed: 'empty' },
    env: { BALANCE_MAX_AGE_SECONDS: '0', TRANSACTION_MAX_AGE_SECONDS: '0' },
  });
  closers.push(three.close);
  const { account_id } = three.uqpay.addAccount();
  const atSecond = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  for (let index = 0; index < own; index += 1) {
    three.uqpay.insertTransaction('banking', { create_time: atSecond(index) });
  }
  const foreign = three.uqpay.insertTransaction('banking', { account_id, create_time: atSecond(own) });
  const master = encodeAccountId({ provider: 'UQPAY', providerAccountId: null });
  const sub = encodeAccountId({ provider: 'UQPAY', providerAccountId: account_id });
  return { ...three, foreign, master, sub };
}

const query = `query ($ids: [ID!], $first: Int, $after: String) {
  transactions(first: $first, after: $after, filter: { ledgers: [BANKING], accountIds: $ids }) {
    totalCount pageCursors { last { page } }
    nodes { id providerTransactionId account { isMaster } }
    pageInfo { hasNextPage endCursor }
    sources { providerAccountId state code }
  } }`;

/** Whether the token names the master account; claims are optional. */
const tokens = ['all', 'none'] as const;

test.each(tokens)(
  'the row is left out of the master account’s list, and the answer says so (claims: %s)',
  async (tokenClaims) => {
    const { ask, master, foreign } = await start(2, { tokenClaims });
    const { data, errors } = await ask(query, { ids: [master] });
    const page = at(data, 'transactions') as { nodes: readonly { providerTransactionId: string }[] };
    expect(page).toMatchObject({
      totalCount: null,
      pageCursors: null,
      nodes: [{ account: { isMaster: true } }, { account: { isMaster: true } }],
      pageInfo: { hasNextPage: false },
      sources: [{ providerAccountId: null, state: 'PARTIAL', code: 'UPSTREAM_SHAPE' }],
    });
    expect(page.nodes.map((row) => row.providerTransactionId)).not.toContain(foreign.transaction_id);
    expect(JSON.stringify(errors)).toMatch(/transactions of other accounts under its master account/);
  },
);

test.each(tokens)(
  'if both accounts are requested, it is returned once, under its own (claims: %s)',
  async (tokenClaims) => {
    const { ask, master, sub, foreign } = await start(2, { tokenClaims });
    const { data } = await ask(query, { ids: [master, sub] });
    const nodes = at(data, 'transactions', 'nodes') as readonly { providerTransactionId: string }[];
    expect(nodes).toHaveLength(3);
    expect(new Set(nodes.map((row) => row.providerTransactionId)).size).toBe(3);
    expect(nodes.find((row) => row.providerTransactionId === foreign.transaction_id)).toMatchObject({
      account: { isMaster: false },
    });
    expect(at(data, 'transactions', 'totalCount')).toBeNull();
  },
);

test('no id leads to it under the master account', async () => {
  const { ask, master, sub } = await start(2);
  const { data } = await ask(query, { ids: [sub] });
  const id = String(at(data, 'transactions', 'nodes', 0, 'id'));
  expect((await ask(`{ transaction(id: "${id}") { account { isMaster } } }`)).data).toEqual({
    transaction: { account: { isMaster: false } },
  });
  const parts: unknown[] = JSON.parse(Buffer.from(id, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify(parts.with(3, null))).toString('base64url');
  await ask(query, { ids: [master] });
  expect((await ask(`{ transaction(id: "${forged}") { id } }`)).data).toEqual({ transaction: null });
});

test('paging returns every row of the master account once, and ends', async () => {
  const { ask, uqpay, master, sub } = await start(30);
  const [{ account_id } = { account_id: '' }] = uqpay.accounts().slice(1);
  for (let second = 0; second < 30; second += 3) {
    const create_time = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    uqpay.insertTransaction('banking', { account_id, create_time });
  }
  const seen: string[] = [];
  let after: unknown = null;
  for (let page = 0; page < 20; page += 1) {
    const { data } = await ask(query, { ids: [master], first: 7, after });
    expect(at(data, 'transactions', 'totalCount')).toBeNull();
    for (const row of at(data, 'transactions', 'nodes') as { id: string }[]) seen.push(row.id);
    after = at(data, 'transactions', 'pageInfo', 'endCursor');
    if (at(data, 'transactions', 'pageInfo', 'hasNextPage') === false) break;
  }
  expect(seen).toHaveLength(30);
  expect(new Set(seen).size).toBe(30);
  // The sub-account's own list stays counted.
  const own = await ask(query, { ids: [sub] });
  expect(own.data).toMatchObject({ transactions: { totalCount: 11, sources: [{ state: 'OK' }] } });
});

test('if the token names the master account, a list without any of its rows is not its list', async () => {
  const { ask, master } = await start(0);
  const { data } = await ask(query, { ids: [master] });
  expect(data).toMatchObject({ transactions: { nodes: [], sources: [{ state: 'PARTIAL' }] } });
});

test.each(tokens)(
  'a list with only its own account is counted, for no extra calls (claims: %s)',
  async (tokenClaims) => {
    const { ask, master, sub, dataCalls, resetCalls } = await start(2, { masterLists: 'own', tokenClaims });
    resetCalls();
    const { data, errors } = await ask(
      `query ($ids: [ID!]) { transactions(filter: { ledgers: [BANKING], accountIds: $ids }) { totalCount sources { state } } }`,
      { ids: [master, sub] },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ transactions: { totalCount: 3, sources: [{ state: 'OK' }, { state: 'OK' }] } });
    expect(dataCalls().UQPAY).toBe(2);
  },
);
