// Callers behind a router that forwards who they are: each keeps their own rights, reference by reference.
import { createHash } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import { createSchema, printSdl } from '../../src/graphql/schema.ts';
import { type FrontDoor, openFrontDoor } from '../integration/front-door.fixture.ts';
import { at } from '../support/execute.ts';
import { type AlertRow, type Neighbour, neighbourSdl, startNeighbour } from './neighbour.fixture.ts';

interface RouterContext {
  readonly authorization: string;
}

let door: FrontDoor;
let neighbour: Neighbour;
let router: ApolloServer<RouterContext>;
let alerts: readonly AlertRow[] = [];
const ours = createSchema();
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const keyOf = (subject: string, accounts: string[], scopes: string[]) => {
  const sha256 = createHash('sha256').update(`key-of-${subject}`).digest('hex');
  return { subject, sha256, scopes, accounts };
};

beforeAll(async () => {
  const AUTH_KEYS = JSON.stringify([
    keyOf('treasury', ['UQPAY/*'], ['balances:read']),
    keyOf('shop', ['UQPAY/some-shop'], ['balances:read']),
    keyOf('auditor', ['UQPAY/*'], ['transactions:read']),
  ]);
  door = await openFrontDoor({ AUTH: 'keys', AUTH_KEYS });
  neighbour = await startNeighbour(ours, () => alerts);
  const { supergraphSdl = '' } = composeServices([
    { name: 'balances', url: door.gateway.url, typeDefs: parse(printSdl(ours)) },
    { name: 'alerts', url: neighbour.url, typeDefs: parse(neighbourSdl(ours)) },
  ]);
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: silent,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<RouterContext>({
        url,
        willSendRequest({ request, context }) {
          request.http?.headers.set('authorization', context.authorization ?? '');
        },
      }),
  });
  router = new ApolloServer<RouterContext>({ gateway, logger: silent, stopOnTerminationSignals: false });
  await router.start();
});
afterAll(async () => {
  await router?.stop();
  await neighbour?.close();
  await door?.close();
});

async function askAs(subject: string, query: string) {
  const { body } = await router.executeOperation(
    { query },
    { contextValue: { authorization: `Bearer key-of-${subject}` } },
  );
  if (body.kind !== 'single') throw new Error('The answer came in parts.');
  const { data = null, errors = [] } = JSON.parse(JSON.stringify(body.singleResult));
  return { data, errors };
}

const query = '{ alerts { text balance { currency } } }';
const usd = encodeBalanceId({
  account: { provider: 'UQPAY', providerAccountId: null },
  ledger: 'BANKING',
  currency: 'USD',
  distinguishingId: null,
});

test('a reference is resolved for who may read it, and null without a word for who may not', async () => {
  alerts = [{ text: 'low', balance: { id: usd } }];
  const shop = await askAs('shop', query);
  expect(shop.errors).toEqual([]);
  expect(at(shop.data, 'alerts', 0, 'text')).toBe('low');
  expect(at(shop.data, 'alerts', 0, 'balance', 'currency') ?? null).toBeNull();
  expect(door.sandbox.control.callCount()).toBe(0);

  const treasury = await askAs('treasury', query);
  expect(treasury.errors).toEqual([]);
  expect(at(treasury.data, 'alerts', 0, 'balance', 'currency')).toBe('USD');
});

test('a scope that is missing keeps its code through the router', async () => {
  alerts = [{ text: 'low', balance: { id: usd } }];
  const { data, errors } = await askAs('auditor', query);
  expect(at(data, 'alerts', 0, 'text')).toBe('low');
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('a caller the gateway does not know gets nothing from it', async () => {
  const { data, errors } = await askAs('nobody', '{ balances { totalCount } }');
  expect(data).toEqual({ balances: null });
  expect(errors).not.toEqual([]);
  expect(JSON.stringify(errors)).not.toContain('key-of-nobody');
});
