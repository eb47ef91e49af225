// Real routers over real sockets: the gateway over its UQPAY sandbox, another subgraph, and each router in front of
// both.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { encodeBalanceId } from '../../src/domain/global-id.ts';
import type { Ledger } from '../../src/domain/vocabulary.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import { type AlertRow, type Neighbour, startNeighbour } from './neighbour.fixture.ts';
import { bothServices, type Router, routers } from './routers.fixture.ts';

jest.setTimeout(30_000);

let door: TestGateway;
let neighbour: Neighbour;
let alerts: readonly AlertRow[];

const ours = createSchema();

beforeAll(async () => {
  door = await startTestGateway({ BALANCE_MAX_AGE_SECONDS: '0' });
  neighbour = await startNeighbour(ours, () => alerts);
});
afterAll(async () => {
  await neighbour?.close();
  await door?.close();
});
beforeEach(() => {
  alerts = [];
  door.sandbox.control.resetCalls();
});

const dataPaths = () =>
  door.sandbox.control
    .calls()
    .map(({ path }) => path)
    .filter((path) => !path.endsWith('/token'));

const balanceId = (currency: string, accountId: string | null = null, ledger: Ledger = 'BANKING') =>
  encodeBalanceId({
    account: { provider: 'UQPAY', providerAccountId: accountId },
    ledger,
    currency,
    distinguishingId: null,
  });

describe.each(routers)('$name', ({ start, reportsNullReference, keepsErrorBesideData }) => {
  let router: Router;
  beforeAll(async () => {
    router = await start(bothServices(ours, door.gateway.url, neighbour.url));
  });
  afterAll(() => router?.close());

  test('100 balances of one account and ledger that another subgraph refers to: 1 upstream call', async () => {
    // All pairs of letters: a few real currencies among many that the account does not have.
    const codes = ['USD', 'EUR', ...Array.from({ length: 98 }, (_, index) => `X${index}`)];
    alerts = codes.map((currency) => ({ text: currency, balance: { id: balanceId(currency) } }));
    const { data, errors } = await router.ask(
      '{ alerts { text balance { currency alertBelow available { amount } } } }',
    );
    expect(errors).toHaveLength(reportsNullReference ? 98 : 0);
    expect(at(data, 'alerts')).toHaveLength(100);
    expect(at(data, 'alerts', 0, 'balance')).toEqual({
      currency: 'USD',
      alertBelow: '100.00',
      available: { amount: expect.stringMatching(/^-?\d+(\.\d+)?$/) },
    });
    expect(at(data, 'alerts', 99, 'balance', 'currency') ?? null).toBeNull();
    expect(dataPaths()).toHaveLength(1);
  });

  test('our accounts get the fields that another subgraph adds by the second key, and the reverse', async () => {
    const { data, errors } = await router.ask(
      '{ accounts(first: 3) { nodes { name providerAccountId riskScore } } }',
    );
    expect(errors).toEqual([]);
    const nodes = at(data, 'accounts', 'nodes') as { providerAccountId: string; riskScore: number }[];
    expect(nodes).toHaveLength(3);
    for (const { providerAccountId, riskScore } of nodes) expect(riskScore).toBe(providerAccountId.length);

    alerts = nodes.map(({ providerAccountId }) => ({
      text: 'look',
      account: { providerCode: 'UQPAY', providerAccountId },
    }));
    const back = await router.ask('{ alerts { account { name providerAccountId } } }');
    expect(back.errors).toEqual([]);
    expect((at(back.data, 'alerts') as object[]).map((alert) => at(alert, 'account', 'name'))).toEqual(
      nodes.map((node) => at(node, 'name')),
    );
  });

  test('a reference to nothing is null, and the others are resolved', async () => {
    alerts = [
      { text: 'unknown account', balance: { id: balanceId('USD', '00000000-0000-4000-8000-000000000000') } },
      { text: 'known', balance: { id: balanceId('USD') } },
    ];
    const { data, errors } = await router.ask('{ alerts { text balance { currency } } }');
    expect(at(data, 'alerts', 0, 'balance', 'currency') ?? null).toBeNull();
    expect(at(data, 'alerts', 1, 'balance', 'currency')).toBe('USD');
    expect(errors.map(({ path }) => path)).toEqual(
      reportsNullReference ? [['alerts', 0, 'balance', 'currency']] : [],
    );
  });

  test('a list with a failed ledger keeps the rest, and sources say what is missing', async () => {
    door.sandbox.control.inject({
      match: { path: '/v1/issuing/.*' },
      kind: 'status',
      status: 403,
      shape: 'A',
    });
    const whole = await router.ask('{ balances { nodes { ledger } sources { ledger state code } } }');
    const nothingNull = await router.ask('{ balances { nodes { ledger } sources { ledger state } } }');
    door.sandbox.control.clearFaults();
    const nodes = at(whole.data, 'balances', 'nodes') as { ledger: string }[];
    expect(new Set(nodes.map(({ ledger }) => ledger))).toEqual(new Set(['BANKING', 'PAYMENT']));
    const failed = { ledger: 'ISSUING', state: 'FAILED' };
    expect(at(whole.data, 'balances', 'sources')).toContainEqual({ ...failed, code: 'UPSTREAM_FORBIDDEN' });
    expect(whole.errors).toMatchObject([
      {
        path: ['balances'],
        extensions: { code: 'UPSTREAM_FORBIDDEN', ledger: 'ISSUING', requestId: expect.any(String) },
      },
    ]);
    expect(at(nothingNull.data, 'balances', 'sources')).toContainEqual(failed);
    expect(nothingNull.errors).toHaveLength(keepsErrorBesideData ? 1 : 0);
  });

  test('a reference whose ledger fails is null, with its path and its code', async () => {
    door.sandbox.control.inject({
      match: { path: '/v1/issuing/.*' },
      kind: 'status',
      status: 403,
      shape: 'A',
    });
    alerts = [
      { text: 'cash', balance: { id: balanceId('USD') } },
      { text: 'cards', balance: { id: balanceId('USD', null, 'ISSUING') } },
    ];
    const { data, errors } = await router.ask('{ alerts { text balance { currency } } }');
    door.sandbox.control.clearFaults();
    expect(at(data, 'alerts')).toEqual([
      { text: 'cash', balance: { currency: 'USD' } },
      { text: 'cards', balance: null },
    ]);
    expect(errors.map(({ path, extensions }) => [path?.slice(0, 3), extensions?.code])).toEqual([
      [['alerts', 1, 'balance'], 'UPSTREAM_FORBIDDEN'],
    ]);
  });

  test('a field that fails is null, with its path and its code', async () => {
    alerts = [{ text: 'low', balance: { id: balanceId('USD') } }];
    door.sandbox.control.inject({
      match: { path: '/v1/balances/transactions' },
      kind: 'status',
      status: 403,
      shape: 'A',
    });
    const { data, errors } = await router.ask(
      '{ alerts { text balance { currency alertBelow newest: transactions(first: 1) { asOf } } } }',
    );
    door.sandbox.control.clearFaults();
    expect(at(data, 'alerts', 0)).toEqual({
      text: 'low',
      balance: { currency: 'USD', alertBelow: '100.00', newest: null },
    });
    expect(errors).toMatchObject([
      { path: ['alerts', 0, 'balance', 'newest'], extensions: { code: 'UPSTREAM_FORBIDDEN' } },
    ]);
  });

  test('node and nodes are not in the supergraph', async () => {
    const { errors } = await router.ask('{ node(id: "x") { id } }');
    expect(at(errors, 0, 'message')).toContain('Cannot query field "node"');
  });
});
