// Callers behind a router that forwards their identity: each keeps their own rights, for each reference.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { type AlertRow, type Neighbour, startNeighbour } from './neighbour.fixture.ts';
import { bothServices, type Router, routers } from './routers.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway;
let neighbour: Neighbour;
let alerts: readonly AlertRow[] = [];
const ours = createSchema();

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
  door = await startTestGateway({ AUTH: 'keys', AUTH_KEYS });
  neighbour = await startNeighbour(ours, () => alerts);
});
afterAll(async () => {
  await neighbour?.close();
  await door?.close();
});

beforeEach(() => door.sandbox.control.resetCalls());

const query = '{ alerts { text balance { currency } } }';
const usd = encodeBalanceId({
  account: { provider: 'UQPAY', providerAccountId: null },
  ledger: 'BANKING',
  currency: 'USD',
  distinguishingId: null,
});

describe.each(routers)('$name', ({ start, reportsNullReference }) => {
  let router: Router;
  const askAs = (subject: string, query: string) => router.ask(query, `Bearer key-of-${subject}`);
  beforeAll(async () => {
    router = await start(bothServices(ours, door.gateway.url, neighbour.url));
  });
  afterAll(() => router?.close());

  test('a reference is resolved for callers who may read it, and null without an error for others', async () => {
    alerts = [{ text: 'low', balance: { id: usd } }];
    const shop = await askAs('shop', query);
    expect(shop.errors).toHaveLength(reportsNullReference ? 1 : 0);
    expect(at(shop.data, 'alerts', 0, 'text')).toBe('low');
    expect(at(shop.data, 'alerts', 0, 'balance', 'currency') ?? null).toBeNull();
    expect(door.sandbox.control.callCount()).toBe(0);

    const treasury = await askAs('treasury', query);
    expect(treasury.errors).toEqual([]);
    expect(at(treasury.data, 'alerts', 0, 'balance', 'currency')).toBe('USD');
  });

  test('the error code of a missing scope passes through the router', async () => {
    alerts = [{ text: 'low', balance: { id: usd } }];
    const { data, errors } = await askAs('auditor', query);
    expect(at(data, 'alerts', 0, 'text')).toBe('low');
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('a caller whom the gateway does not know gets no data', async () => {
    const { data, errors } = await askAs('nobody', '{ balances { totalCount } }');
    expect(data).toEqual({ balances: null });
    expect(errors).not.toEqual([]);
    expect(JSON.stringify(errors)).not.toContain('key-of-nobody');
  });
});
