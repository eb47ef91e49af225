// urql with its normalized cache as docs/clients.md configures it, with a real gateway.
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Client, fetchExchange, gql } from '@urql/core';
import type { IntrospectionQuery } from 'graphql';
import { introspect } from '../../docs/examples/client-schema.ts';
import { createClient, pageQuery, readToTheEnd } from '../../docs/examples/urql.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { busyAccountId, cardsIn, dataCalls, eurosOf } from './rows.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway;
let schema: IntrospectionQuery;
beforeAll(async () => {
  door = await startTestGateway({ TRANSACTION_MAX_AGE_SECONDS: '0', BALANCE_MAX_AGE_SECONDS: '60' });
  schema = await introspect(door.gateway.url);
});
afterAll(() => door?.close());

// The cache reports on the console what it could not store or find a key for.
const warned = jest.spyOn(console, 'warn').mockImplementation(() => {});
const complained = jest.spyOn(console, 'error').mockImplementation(() => {});
beforeEach(() => {
  door.sandbox.control.clearFaults();
  door.sandbox.control.resetCalls();
});
afterEach(() => {
  expect([...warned.mock.calls, ...complained.mock.calls]).toEqual([]);
});

const unremembered = { headers: { 'cache-control': 'no-cache' } };
const connect = () => createClient(door.gateway.url, schema);

test('relayPagination pages to the end of a list: every row once, while others are added', async () => {
  const client = connect();
  const before = cardsIn(door, 'HKD');
  const filter = { ledgers: ['ISSUING'], currencies: ['HKD'] };
  await client.query(pageQuery, { filter, first: 40, after: null }).toPromise();
  door.sandbox.control.insertTransaction('issuing', { currency: 'HKD' });
  const { rows, pageCount } = await readToTheEnd(client, { filter, first: 40 });
  expect([rows.length, new Set(rows.map(({ id }) => id)).size]).toEqual([before.length, before.length]);
  expect(pageCount).toBe(4);
  expect(dataCalls(door)).toHaveLength(4);
});

test('a list of an account is paged the same way, over edges', async () => {
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
  let after: unknown = null;
  let list: unknown;
  do {
    const { data } = await client.query(query, { id, after }).toPromise();
    list = at(data, 'account', 'transactions');
    after = at(list, 'pageInfo', 'endCursor');
  } while (at(list, 'pageInfo', 'hasNextPage') === true);
  const ids = (at(list, 'edges') as { node: { id: string } }[]).map(({ node }) => node.id);
  const rowCount = eurosOf(door, 'banking') + eurosOf(door, 'issuing');
  expect([ids.length, new Set(ids).size]).toEqual([rowCount, rowCount]);
});

test('a row of a list is found by its id without a request, and amounts stay text', async () => {
  const client = connect();
  const amount = '12345678901234567890.123450';
  const { masterAccountId, control } = door.sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
  const list = gql`{ balances(filter: { currencies: ["USD"] }) { nodes { id available { amount currency } } } }`;
  const { data } = await client.query(list, {}).toPromise();
  const [first] = at(data, 'balances', 'nodes') as { id: string }[];
  const node = gql`query ($id: ID!) { node(id: $id) { id ... on Balance { available { amount currency } } } }`;
  const one = await client.query(node, { id: first?.id }).toPromise();
  expect(at(one.data, 'node')).toEqual(first);
  expect(at(one.data, 'node', 'available', 'amount')).toBe(amount);
});

test('the rest of the answer is kept beside the errors', async () => {
  door.sandbox.control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  const query = gql`{ balances(first: 100) { totalCount nodes { id ledger } sources { ledger state code } } }`;
  const { data, error } = await connect().query(query, {}, { fetchOptions: unremembered }).toPromise();
  expect(at(data, 'balances', 'totalCount')).toBeNull();
  const ledgers = (at(data, 'balances', 'nodes') as { ledger: string }[]).map(({ ledger }) => ledger);
  expect(new Set(ledgers)).toEqual(new Set(['BANKING', 'PAYMENT']));
  expect(error?.graphQLErrors.map(({ extensions }) => extensions)).toMatchObject([
    { code: 'UPSTREAM_FORBIDDEN', ledger: 'ISSUING', retryable: false },
  ]);
});

test('polling with network-only asks the gateway each time, and the provider only when the cached read has expired', async () => {
  const client = connect();
  const query = gql`{ balances(filter: { ledgers: [PAYMENT] }) { nodes { id available { amount currency } } } }`;
  await client.query(query, {}, { requestPolicy: 'network-only', fetchOptions: unremembered }).toPromise();
  for (let poll = 0; poll < 3; poll += 1) {
    await client.query(query, {}, { requestPolicy: 'network-only' }).toPromise();
  }
  expect(dataCalls(door)).toHaveLength(1);
});

test('urql uses GET by default, which the gateway refuses unless it requires a CORS preflight', async () => {
  const query = gql`query Who { viewer { subject } }`;
  const url = door.gateway.url;
  const bare = await new Client({ url, exchanges: [fetchExchange] }).query(query, {}).toPromise();
  expect(bare.error?.message).toContain('CSRF');
  const fetchOptions = { headers: { 'apollo-require-preflight': '1' } };
  const marked = await new Client({ url, exchanges: [fetchExchange], fetchOptions })
    .query(query, {})
    .toPromise();
  expect(at(marked.data, 'viewer', 'subject')).toEqual(expect.any(String));
});
