// The whole gateway over HTTP, with the embedded UQPAY sandbox as the upstream: the cost of each kind of query, by
// the sandbox's own call log, and that no row is another account's.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { at } from '../support/execute.ts';

const currencies = ['AUD', 'CAD', 'CHF', 'CNY', 'EUR', 'GBP', 'HKD', 'JPY', 'SGD', 'USD'];
const accountCount = 24;
const ignore = () => {};
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

let sandbox: UqpaySandbox;
let gateway: RunningGateway;

beforeAll(async () => {
  sandbox = await startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null });
  const { control, baseUrl, clientId, apiKey, masterAccountId } = sandbox;
  for (const currency of currencies) {
    control.setBalance('payment', masterAccountId, currency, { available_balance: `${currency.length}.10` });
    control.setBalance('banking', masterAccountId, currency);
  }
  insertTransactions(masterAccountId, 60);
  for (let index = 0; index < accountCount; index++) {
    const { account_id } = control.addAccount({ account_name: `Account ${index}` });
    for (const currency of ['EUR', 'SGD', 'USD']) {
      control.setBalance('banking', account_id, currency, {
        available_balance: `${index}.${currency.charCodeAt(0)}`,
      });
    }
    insertTransactions(account_id, 12);
  }
  const unremembered = {
    BALANCE_MAX_AGE_SECONDS: '0',
    TRANSACTION_MAX_AGE_SECONDS: '0',
    ACCOUNT_MAX_AGE_SECONDS: '0',
  };
  const env = {
    UQPAY_BASE_URL: baseUrl,
    UQPAY_CLIENT_ID: clientId,
    UQPAY_API_KEY: apiKey,
    PORT: '0',
    ...unremembered,
  };
  gateway = await startGateway(loadConfig(env), { logger });
  await ask('{ balance(currency: "USD") { id } }');
});
beforeEach(() => {
  sandbox.control.resetCalls();
  sandbox.control.clearFaults();
});
afterAll(async () => {
  await gateway.close();
  await sandbox.close();
});

function insertTransactions(account_id: string, count: number) {
  for (let index = 0; index < count; index++) {
    sandbox.control.insertTransaction('banking', {
      account_id,
      currency: currencies[index % 5] ?? 'USD',
      create_time: new Date(Date.UTC(2026, 0, 1) - index * 60_000).toISOString(),
    });
  }
}

async function ask(query: string, variables: object = {}) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors = [] } = (await response.json()) as { data: unknown; errors?: unknown[] };
  return { data, errors, calls: sandbox.control.callCount() };
}

test('one balance: 1', async () => {
  const { data, errors, calls } = await ask(
    '{ balance(ledger: PAYMENT, currency: "USD") { available { amount } } }',
  );
  expect([data, errors, calls]).toEqual([{ balance: { available: { amount: '3.10' } } }, [], 1]);
});

test('ten payment currencies and the first 20 transactions of one ledger: 2', async () => {
  const aliases = currencies.map(
    (code) => `${code}: balance(ledger: PAYMENT, currency: "${code}") { currency }`,
  );
  const { data, errors, calls } = await ask(
    `{ ${aliases.join(' ')} transactions(first: 20, filter: { ledgers: [BANKING] }) { nodes { id } } }`,
  );
  expect(errors).toEqual([]);
  expect(currencies.map((code) => at(data, code, 'currency'))).toEqual(currencies);
  expect(at(data, 'transactions', 'nodes')).toHaveLength(20);
  expect(calls).toBe(2);
});

test('20 accounts, each with 3 banking balances and its first 10 banking transactions: 41, none mixed up', async () => {
  const { data, errors, calls } = await ask(
    `{ accounts(last: 20) { nodes { providerAccountId name displayName
      balances(first: 3, filter: { ledgers: [BANKING] }) { nodes { currency available { amount } account { providerAccountId } } }
      transactions(first: 10, filter: { ledgers: [BANKING] }) { nodes { id providerTransactionId account { name } } } } } }`,
  );
  expect(errors).toEqual([]);
  const nodes = at(data, 'accounts', 'nodes') as { providerAccountId: string; name: string }[];
  expect(nodes).toHaveLength(20);
  for (const node of nodes) {
    expect(at(node, 'displayName')).toBe(node.name);
    const index = node.name.split(' ')[1];
    expect(at(node, 'balances', 'nodes')).toEqual(
      ['EUR', 'SGD', 'USD'].map((currency) => ({
        currency,
        available: { amount: `${index}.${currency.charCodeAt(0)}` },
        account: { providerAccountId: node.providerAccountId },
      })),
    );
    const own = sandbox.control
      .transactions('banking', node.providerAccountId)
      .map((row) => row.transaction_id);
    const shown = at(node, 'transactions', 'nodes') as {
      providerTransactionId: string;
      account: { name: string };
    }[];
    expect(shown).toHaveLength(10);
    for (const row of shown) {
      expect(own).toContain(row.providerTransactionId);
      expect(row.account.name).toBe(node.name);
    }
  }
  expect(calls).toBe(41);
});

test('50 transactions, each with its balance and account: 2; all of them again by id, each in a different second', async () => {
  const { data, errors, calls } = await ask(
    `{ transactions(first: 50, filter: { ledgers: [BANKING] }) { nodes { id amount { currency } balance { id currency } account { isMaster } } } }`,
  );
  expect(errors).toEqual([]);
  const nodes = at(data, 'transactions', 'nodes') as { id: string; amount: { currency: string } }[];
  expect(nodes).toHaveLength(50);
  for (const node of nodes) expect(at(node, 'balance', 'currency')).toBe(node.amount.currency);
  expect(calls).toBe(2);

  sandbox.control.resetCalls();
  const ids = nodes.slice(0, 5).map(({ id }) => id);
  const again = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(again.data).toEqual({ nodes: ids.map((id) => ({ id })) });
  expect(again.calls).toBe(5);

  sandbox.control.resetCalls();
  const balances = nodes.map((node) => at(node, 'balance', 'id'));
  const balanceIds = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: balances });
  expect(balanceIds.data).toEqual({ nodes: balances.map((id) => ({ id })) });
  expect(balanceIds.calls).toBe(1);
});

test('one ledger down: the others answer, the error has path and code, and sources name it', async () => {
  sandbox.control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 400, shape: 'A' });
  const { data, errors } = await ask(
    '{ balances(first: 100) { nodes { ledger } totalCount sources { ledger state code } } }',
  );
  const ledgers = (at(data, 'balances', 'nodes') as { ledger: string }[]).map(({ ledger }) => ledger);
  expect(new Set(ledgers)).toEqual(new Set(['BANKING', 'PAYMENT']));
  expect(at(data, 'balances', 'totalCount')).toBeNull();
  expect(at(data, 'balances', 'sources', 1)).toEqual({
    ledger: 'ISSUING',
    state: 'FAILED',
    code: 'UPSTREAM_REJECTED',
  });
  expect(errors).toMatchObject([
    { path: ['balances'], extensions: { code: 'UPSTREAM_REJECTED', provider: 'UQPAY', ledger: 'ISSUING' } },
  ]);
});
