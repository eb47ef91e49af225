// Apollo Client as docs/clients.md configures it, with a real gateway: its cache, its pages, its errors.
import { createHash } from 'node:crypto';
import {
  type ApolloClient,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  type NormalizedCacheObject,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createClient, pageQuery, readToTheEnd } from '../../docs/examples/apollo-client.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { busyAccountId, cardsIn, dataCalls, eurosOf } from './rows.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway;
beforeAll(async () => {
  door = await startTestGateway({ TRANSACTION_MAX_AGE_SECONDS: '0', BALANCE_MAX_AGE_SECONDS: '60' });
});
afterAll(() => door?.close());
beforeEach(() => {
  door.sandbox.control.clearFaults();
  door.sandbox.control.resetCalls();
});

const connect = () => createClient(new HttpLink({ uri: door.gateway.url }));
const recordsOf = ({ cache }: ApolloClient) => cache.extract() as NormalizedCacheObject;
const transactionsOf = (client: ApolloClient) =>
  Object.keys(recordsOf(client)).filter((key) => key.startsWith('Transaction:'));
const unremembered = { headers: { 'cache-control': 'no-cache' } };
const hongKongCards = { ledgers: ['ISSUING'], currencies: ['HKD'] };

test('fetchMore pages to the end of a list: every row once, while others are added', async () => {
  const client = connect();
  const before = cardsIn(door, 'HKD');
  const first = await client.query({ query: pageQuery, variables: { filter: hongKongCards, first: 40 } });
  door.sandbox.control.insertTransaction('issuing', { currency: 'HKD' });
  const { rows, pageCount } = await readToTheEnd(client, { filter: hongKongCards, first: 40 });
  expect(first.data?.transactions?.totalCount).toBe(before.length);
  expect([rows.length, new Set(rows.map(({ id }) => id)).size]).toEqual([before.length, before.length]);
  expect(pageCount).toBe(4);
  expect(dataCalls(door)).toHaveLength(4);
  expect(rows.map(({ createdAt }) => createdAt)).toEqual(
    rows
      .map(({ createdAt }) => createdAt)
      .sort()
      .reverse(),
  );
});

test('a list of an account is paged the same way', async () => {
  const client = connect();
  const query = gql`
    query OfAccount($id: ID!, $after: String) {
      account(id: $id) {
        id
        transactions(first: 30, after: $after, filter: { currencies: ["EUR"] }) {
          edges { cursor node { id } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  `;
  const id = encodeAccountId({ provider: 'UQPAY', providerAccountId: busyAccountId });
  const list = client.watchQuery({ query, variables: { id } });
  let { data } = await client.query({ query, variables: { id } });
  while (at(data, 'account', 'transactions', 'pageInfo', 'hasNextPage') === true) {
    const after = at(data, 'account', 'transactions', 'pageInfo', 'endCursor');
    ({ data } = await list.fetchMore({ variables: { after } }));
  }
  const edges = at(client.readQuery({ query, variables: { id } }), 'account', 'transactions', 'edges');
  const ids = (edges as { node: { id: string } }[]).map(({ node }) => node.id);
  const rowCount = eurosOf(door, 'banking') + eurosOf(door, 'issuing');
  expect([ids.length, new Set(ids).size]).toEqual([rowCount, rowCount]);
});

test('one list for each filter, one record for each id', async () => {
  const client = connect();
  const variables = { filter: hongKongCards, first: 5 };
  await client.query({ query: pageQuery, variables });
  await client.query({ query: pageQuery, variables: { filter: { ledgers: ['BANKING'] }, first: 5 } });
  const lists = Object.keys(recordsOf(client).ROOT_QUERY ?? {}).filter((key) =>
    key.startsWith('transactions'),
  );
  expect(lists).toEqual([
    'transactions:{"filter":{"currencies":["HKD"],"ledgers":["ISSUING"]}}',
    'transactions:{"filter":{"ledgers":["BANKING"]}}',
  ]);
  expect(transactionsOf(client)).toHaveLength(10);

  // A row requested by its id is the row of the list.
  const [edge] = client.readQuery({ query: pageQuery, variables })?.transactions?.edges ?? [];
  const one = gql`query One($id: ID!) { transaction(id: $id) { id status amount { amount currency } } }`;
  await client.query({ query: one, variables: { id: edge?.node.id } });
  expect(recordsOf(client)[`Transaction:${edge?.node.id}`]).toMatchObject({ status: expect.any(String) });
  expect(transactionsOf(client)).toHaveLength(10);
});

test('fragments on Node match, and amounts stay unchanged text', async () => {
  const amount = '12345678901234567890.123450';
  const { masterAccountId, control } = door.sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
  const client = connect();
  const balance = gql`query Usd { balance(ledger: BANKING, currency: "USD") { id available { amount currency } } }`;
  const { data } = await client.query({ query: balance });
  expect(at(data, 'balance', 'available')).toMatchObject({ amount, currency: 'USD' });
  const node = gql`
    query AnyNode($id: ID!) { node(id: $id) { ...Known } }
    fragment Known on Node { id ... on Balance { available { amount currency } } }
  `;
  const again = await client.query({ query: node, variables: { id: at(data, 'balance', 'id') } });
  expect(at(again.data, 'node', 'available', 'amount')).toBe(amount);
  expect(client.readQuery({ query: node, variables: { id: at(data, 'balance', 'id') } })).toEqual(again.data);
});

test('with errorPolicy all, the rest of the answer is kept beside the errors', async () => {
  door.sandbox.control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  const query = gql`{ balances(first: 100) { totalCount nodes { id ledger } sources { ledger state } } }`;
  const { data, error } = await connect().query({ query, errorPolicy: 'all', context: unremembered });
  expect(at(data, 'balances', 'totalCount')).toBeNull();
  expect(at(data, 'balances', 'sources')).toContainEqual(
    expect.objectContaining({ ledger: 'ISSUING', state: 'FAILED' }),
  );
  if (!CombinedGraphQLErrors.is(error)) throw new Error('There is no GraphQL error.');
  expect(error.errors).toMatchObject([
    { path: ['balances'], extensions: { code: 'UPSTREAM_FORBIDDEN', ledger: 'ISSUING', retryable: false } },
  ]);
});

test('a page with a failed ledger is not merged by fetchMore, and the same cursor returns it later', async () => {
  const client = connect();
  const variables = { filter: { currencies: ['HKD'] }, first: 20 };
  const { data } = await client.query({ query: pageQuery, variables });
  const after = data?.transactions?.pageInfo.endCursor ?? '';
  const list = client.watchQuery({ query: pageQuery, variables });
  const rowCount = () => client.readQuery({ query: pageQuery, variables })?.transactions?.edges.length;

  door.sandbox.control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  await expect(list.fetchMore({ variables: { after } })).rejects.toThrow('is forbidden');
  expect(rowCount()).toBe(20);
  door.sandbox.control.clearFaults();
  await list.fetchMore({ variables: { after } });
  expect(rowCount()).toBe(40);
});

test('if it is merged anyway, the rows of the failed ledger follow when it answers again', async () => {
  const client = connect();
  const variables = { filter: { currencies: ['HKD'], types: ['FEE', 'SETTLEMENT_DEBIT'] }, first: 10 };
  const whole = await readToTheEnd(connect(), variables);
  let { data } = await client.query({ query: pageQuery, variables });
  const list = client.watchQuery({ query: pageQuery, variables });
  const control = door.sandbox.control;
  control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  for (let page = 2; data?.transactions?.pageInfo.hasNextPage; page += 1) {
    const after = data.transactions.pageInfo.endCursor;
    ({ data } = await list.fetchMore({ variables: { after }, errorPolicy: 'all' }));
    if (page === 2) control.clearFaults();
  }
  const edges = client.readQuery({ query: pageQuery, variables })?.transactions?.edges ?? [];
  expect(edges.map(({ node }) => node.id).sort()).toEqual(whole.rows.map(({ id }) => id).sort());
});

test('polling with network-only asks the gateway each time, and the provider only when the cached read has expired', async () => {
  const client = connect();
  const query = gql`{ balances(filter: { ledgers: [PAYMENT] }) { nodes { id available { amount currency } } } }`;
  await client.query({ query, fetchPolicy: 'network-only', context: unremembered });
  expect(dataCalls(door)).toHaveLength(1);
  for (let poll = 0; poll < 3; poll += 1) await client.query({ query, fetchPolicy: 'network-only' });
  expect(dataCalls(door)).toHaveLength(1);
});

test('persisted queries send the hash alone once the gateway knows it', async () => {
  const sent: string[] = [];
  const http = new HttpLink({
    uri: door.gateway.url,
    fetch: (url, options) => {
      sent.push(String(options?.body));
      return fetch(url, options);
    },
  });
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const client = createClient(new PersistedQueryLink({ sha256 }).concat(http));
  const query = gql`query Who { viewer { subject } }`;
  for (let turn = 0; turn < 2; turn += 1) await client.query({ query, fetchPolicy: 'network-only' });
  expect(sent.map((body) => body.includes('"query"'))).toEqual([false, true, false]);
});
