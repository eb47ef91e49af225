// A real router over real sockets: the gateway over its UQPAY sandbox, a neighbour, and @apollo/gateway before both.
import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type DocumentNode, parse } from 'graphql';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import { createSchema, printSdl } from '../../src/graphql/schema.ts';
import { type FrontDoor, openFrontDoor } from '../integration/front-door.fixture.ts';
import { at } from '../support/execute.ts';
import { type AlertRow, type Neighbour, neighbourSdl, startNeighbour } from './neighbour.fixture.ts';

let door: FrontDoor;
let neighbour: Neighbour;
let router: ApolloServer;
let alerts: readonly AlertRow[];

const ours = createSchema();
const silent = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  door = await openFrontDoor({ BALANCE_MAX_AGE_SECONDS: '0' });
  neighbour = await startNeighbour(ours, () => alerts);
  const service = (name: string, url: string, typeDefs: DocumentNode) => ({ name, url, typeDefs });
  const { supergraphSdl = '' } = composeServices([
    service('balances', door.gateway.url, parse(printSdl(ours))),
    service('alerts', neighbour.url, parse(neighbourSdl(ours))),
  ]);
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ url = '' }) => new RemoteGraphQLDataSource({ url }),
  });
  router = new ApolloServer({ gateway, logger: silent, stopOnTerminationSignals: false });
  await router.start();
});
afterAll(async () => {
  await router?.stop();
  await neighbour?.close();
  await door?.close();
});
beforeEach(() => {
  alerts = [];
  door.sandbox.control.resetCalls();
});

async function ask(query: string) {
  const { body } = await router.executeOperation({ query });
  if (body.kind !== 'single') throw new Error('The answer came in parts.');
  const { data = null, errors = [] } = JSON.parse(JSON.stringify(body.singleResult));
  return { data, errors };
}

const dataPaths = () =>
  door.sandbox.control
    .calls()
    .map(({ path }) => path)
    .filter((path) => !path.endsWith('/token'));

const balanceId = (currency: string, accountId: string | null = null) =>
  encodeBalanceId({
    account: { provider: 'UQPAY', providerAccountId: accountId },
    ledger: 'BANKING',
    currency,
    distinguishingId: null,
  });

test('100 balances of one account and ledger that another subgraph refers to: 1 upstream call', async () => {
  // Letters in pairs: real currencies among many that the account does not have.
  const codes = ['USD', 'EUR', ...Array.from({ length: 98 }, (_, index) => `X${index}`)];
  alerts = codes.map((currency) => ({ text: currency, balance: { id: balanceId(currency) } }));
  const { data, errors } = await ask(
    '{ alerts { text balance { currency alertBelow available { amount } } } }',
  );
  expect(errors).toEqual([]);
  expect(at(data, 'alerts')).toHaveLength(100);
  expect(at(data, 'alerts', 0, 'balance')).toEqual({
    currency: 'USD',
    alertBelow: '100.00',
    available: { amount: expect.stringMatching(/^-?\d+(\.\d+)?$/) },
  });
  expect(at(data, 'alerts', 99, 'balance', 'currency') ?? null).toBeNull();
  expect(dataPaths()).toHaveLength(1);
});

test('our accounts get the fields that a neighbour adds by the second key, and back', async () => {
  const { data, errors } = await ask('{ accounts(first: 3) { nodes { name providerAccountId riskScore } } }');
  expect(errors).toEqual([]);
  const nodes = at(data, 'accounts', 'nodes') as { providerAccountId: string; riskScore: number }[];
  expect(nodes).toHaveLength(3);
  for (const { providerAccountId, riskScore } of nodes) expect(riskScore).toBe(providerAccountId.length);

  alerts = nodes.map(({ providerAccountId }) => ({
    text: 'look',
    account: { providerCode: 'UQPAY', providerAccountId },
  }));
  const back = await ask('{ alerts { account { name providerAccountId } } }');
  expect(back.errors).toEqual([]);
  expect((at(back.data, 'alerts') as object[]).map((alert) => at(alert, 'account', 'name'))).toEqual(
    nodes.map((node) => at(node, 'name')),
  );
});

test('a reference to nothing is null, and its neighbours stand', async () => {
  alerts = [
    { text: 'unknown account', balance: { id: balanceId('USD', '00000000-0000-4000-8000-000000000000') } },
    { text: 'known', balance: { id: balanceId('USD') } },
  ];
  const { data, errors } = await ask('{ alerts { text balance { currency } } }');
  expect(at(data, 'alerts', 0, 'balance', 'currency') ?? null).toBeNull();
  expect(at(data, 'alerts', 1, 'balance', 'currency')).toBe('USD');
  expect(errors).toEqual([]);
});

test('a ledger that fails keeps its path and code through the router, and the other ledgers stand', async () => {
  door.sandbox.control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  const { data, errors } = await ask('{ list: balances { nodes { ledger } sources { ledger state } } }');
  door.sandbox.control.clearFaults();
  const nodes = at(data, 'list', 'nodes') as { ledger: string }[];
  expect(new Set(nodes.map(({ ledger }) => ledger))).toEqual(new Set(['BANKING', 'PAYMENT']));
  expect(at(data, 'list', 'sources')).toContainEqual({ ledger: 'ISSUING', state: 'FAILED' });
  expect(errors).toMatchObject([
    {
      path: ['list'],
      extensions: { code: 'UPSTREAM_FORBIDDEN', ledger: 'ISSUING', requestId: expect.any(String) },
    },
  ]);
});

test('node and nodes are not in the supergraph', async () => {
  const { errors } = await ask('{ node(id: "x") { id } }');
  expect(at(errors, 0, 'message')).toContain('Cannot query field "node"');
});
