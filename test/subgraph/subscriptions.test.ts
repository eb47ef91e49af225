// Subscriptions through a router, with a field that another subgraph adds to each event.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSchema } from '../../src/graphql/schema.ts';
import {
  countOpen,
  type LiveRig,
  openLiveRig,
  openStream,
  tokenOf,
  until,
  withTokens,
} from '../integration/live.fixture.ts';
import { type Neighbour, startNeighbour } from './neighbour.fixture.ts';
import { bothServices, type Router, startApolloGateway, startHiveGateway } from './routers.fixture.ts';

const ours = createSchema();
let rig: LiveRig;
let neighbour: Neighbour;
let router: Router;
const serviceList = () => bothServices(ours, rig.gateway.url, neighbour.url);

beforeAll(async () => {
  rig = await openLiveRig({ ...withTokens, METRICS: 'on' });
  neighbour = await startNeighbour(ours, () => []);
  router = await startHiveGateway(serviceList());
});
afterAll(async () => {
  await router?.close();
  await neighbour?.close();
  await rig?.close();
});

const query = `subscription {
  balancesChanged(filter: { ledgers: [BANKING], currencies: ["USD"] }) {
    trigger
    balances { currency alertBelow available { amount } }
  }
}`;

function setDollars(amount: string): void {
  const { control, masterAccountId } = rig.sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
}

const subscribe = async (token: string) =>
  openStream(router, query, { headers: { authorization: `Bearer ${token}` } });

test('Hive Gateway passes on each event over Server-Sent Events, and ends our stream when its client disconnects', async () => {
  setDollars('10.10');
  const stream = await subscribe(await tokenOf('a'));
  const balance = { currency: 'USD', alertBelow: '100.00' };
  expect(await stream.next()).toEqual({
    data: {
      balancesChanged: { trigger: 'START', balances: [{ ...balance, available: { amount: '10.10' } }] },
    },
  });
  setDollars('10.11');
  rig.clock.advance(5_000);
  expect(await stream.next()).toEqual({
    data: {
      balancesChanged: { trigger: 'POLL', balances: [{ ...balance, available: { amount: '10.11' } }] },
    },
  });
  expect(await countOpen(rig)).toBe(1);
  stream.leave();
  await until(async () => (await countOpen(rig)) === 0);
});

test('Hive Gateway passes on why a caller may not subscribe', async () => {
  const stream = await subscribe(await tokenOf('a', { scope: 'accounts:read' }));
  expect((await stream.next())?.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('@apollo/gateway starts with the Subscription root, and refuses subscriptions itself', async () => {
  const apollo = await startApolloGateway(serviceList());
  const schema = await apollo.ask('{ __schema { subscriptionType { fields { name } } } }');
  expect(schema.data).toEqual({
    __schema: {
      subscriptionType: { fields: [{ name: 'balancesChanged' }, { name: 'transactionsChanged' }] },
    },
  });
  expect((await apollo.ask(query)).errors[0]?.message).toContain('not supported by gateway');
  await apollo.close();
});
