// A failing provider must not affect the data of the others: each in turn is down, slow, broken or refuses us.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openUqpayBalances, startThreeProviders, type ThreeProviders } from './three-providers.fixture.ts';

jest.setTimeout(30_000);

type Code = 'UQPAY' | 'IBANERA' | 'NOAH';
const codes: readonly Code[] = ['UQPAY', 'IBANERA', 'NOAH'];
const listQuery = `{
  balances(first: 100) { totalCount nodes { provider { code } } sources { provider state code } }
  transactions(first: 30) { totalCount nodes { provider { code } } sources { provider state code } pageInfo { hasNextPage } }
}`;
const env = {
  BALANCE_MAX_AGE_SECONDS: '0',
  TRANSACTION_MAX_AGE_SECONDS: '0',
  STALE_MAX_AGE_SECONDS: '0',
};

let three: ThreeProviders;

async function start(extra: Readonly<Record<string, string>> = {}): Promise<void> {
  await three?.close();
  three = await startThreeProviders({ env: { ...env, ...extra } });
  openUqpayBalances(three);
  // Newer than every seeded row, so that each provider is on the first page.
  const time = (index: number) => new Date(Date.now() + 60_000 + index * 1_000).toISOString();
  for (let index = 0; index < 10; index += 1) {
    three.uqpay.insertTransaction('banking', { create_time: time(index) });
    three.noah.insertTransaction({ Created: time(index) });
    three.ibanera.insertTransaction({ AccountsId: 4101, DateTime: time(index) });
  }
}

beforeEach(() => start());
afterEach(async () => {
  await three.close();
});

interface List {
  readonly totalCount: number | null;
  readonly nodes: readonly { readonly provider: { readonly code: string } }[];
  readonly sources: readonly {
    readonly provider: string;
    readonly state: string;
    readonly code: string | null;
  }[];
}

/** Queries both lists and checks that only the data of `code` is missing. */
async function expectWithout(code: Code, failure: string): Promise<void> {
  const { data, errors } = await three.ask(listQuery);
  const { balances, transactions } = data as { balances: List; transactions: List };
  const others = codes.filter((other) => other !== code);
  for (const list of [balances, transactions]) {
    expect(list.totalCount).toBeNull();
    expect([...new Set(list.nodes.map(({ provider }) => provider.code))].toSorted()).toEqual(
      others.toSorted(),
    );
    for (const source of list.sources) {
      const isBad = source.provider === code;
      expect(source).toMatchObject({ state: isBad ? 'FAILED' : 'OK', code: isBad ? failure : null });
    }
    expect(list.sources.some(({ provider }) => provider === code)).toBe(true);
  }
  expect(errors.length).toBeGreaterThanOrEqual(2);
  for (const error of errors) expect(error.extensions).toMatchObject({ code: failure, provider: code });
}

const anyCall = { path: /./ };

describe.each(codes)('%s failing', (code) => {
  test('down: nothing listens', async () => {
    await three.sandboxes[code].close();
    await expectWithout(code, 'UPSTREAM_UNAVAILABLE');
  });

  test('slower than the request may take', async () => {
    await start({ REQUEST_TIMEOUT_MS: '1000' });
    three.sandboxes[code].control.setLatency(5_000);
    await expectWithout(code, 'UPSTREAM_TIMEOUT');
  });

  test('answering 500 to everything', async () => {
    const fault = { kind: 'status', status: 500, match: anyCall } as const;
    if (code === 'UQPAY') three.uqpay.inject({ ...fault, shape: 'B' });
    else three[code === 'NOAH' ? 'noah' : 'ibanera'].inject({ ...fault, body: 'html' });
    await expectWithout(code, 'UPSTREAM_UNAVAILABLE');
  });

  test('answering half a JSON text', async () => {
    // Tokens and logins stay valid; only the reads fail.
    const match = { path: /balances|transactions/ };
    three.sandboxes[code].control.inject({ kind: 'truncated', match });
    await expectWithout(code, 'UPSTREAM_SHAPE');
  });

  test('and recovered: the next request has everything', async () => {
    const match = { path: /balances|transactions/ };
    three.sandboxes[code].control.inject({ kind: 'truncated', match });
    await expectWithout(code, 'UPSTREAM_SHAPE');
    three.sandboxes[code].control.clearFaults();
    const { data, errors } = await three.ask(listQuery);
    expect(errors).toEqual([]);
    expect((data as { balances: List }).balances.totalCount).toBe(14);
  });
});

describe('wrong credentials', () => {
  test.each([
    ['UQPAY', { UQPAY_API_KEY: 'hunter2-wrong-key' }, 'UQPAY_API_KEY'],
    ['IBANERA', { IBANERA_PASSWORD: 'hunter2 wrong password' }, 'IBANERA_PASSWORD'],
    ['IBANERA', { IBANERA_TOTP_SECRET: 'HUNTERHUNTERHUNTER' }, 'IBANERA_TOTP_SECRET'],
    ['NOAH', { NOAH_API_KEY: 'hunter2-wrong-key' }, 'NOAH_API_KEY'],
    ['NOAH', { NOAH_SIGNING_KEY: '' }, 'NOAH_SIGNING_KEY'],
  ] as const)('of %s (%j) stop that provider only, and reveal no secret', async (code, wrong, variable) => {
    await start(wrong);
    await expectWithout(code, 'UPSTREAM_AUTH');
    const answer = await three.ask(listQuery);
    expect(JSON.stringify(answer.errors)).toContain(variable);
    expect(`${JSON.stringify(answer)}${three.logText()}`).not.toMatch(/hunter/i);
  });

  test('of Ibanera are not tried repeatedly: too many logins would lock the account', async () => {
    await start({ IBANERA_PASSWORD: 'wrong' });
    await Promise.all(Array.from({ length: 20 }, () => three.ask(listQuery)));
    const logins = three.ibanera.calls().filter(({ path }) => path.endsWith('/auth/login'));
    expect(logins).toHaveLength(1);
  });
});

test('all down: the lists are errors, not empty', async () => {
  await Promise.all(codes.map((code) => three.sandboxes[code].close()));
  const { data, errors } = await three.ask(listQuery);
  expect(data).toEqual({ balances: null, transactions: null });
  const errorsAt = (field: string) =>
    (errors as readonly { path: readonly string[]; extensions: object }[]).filter(
      ({ path }) => path[0] === field,
    );
  // Each list separately: five of balances, four of transactions.
  expect(errorsAt('balances')).toHaveLength(5);
  expect(errorsAt('transactions')).toHaveLength(4);
  for (const { extensions } of errors) expect(extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
});

test('an older read is served for a provider that is down, marked STALE, next to fresh ones', async () => {
  await start({ STALE_MAX_AGE_SECONDS: '60' });
  await three.ask('{ balances(first: 100) { totalCount } }');
  await three.sandboxes.NOAH.close();
  const { data, errors } = await three.ask(
    '{ balances(first: 100) { totalCount sources { provider state code } } }',
  );
  expect(errors).toEqual([]);
  const { balances } = data as { balances: List };
  expect(balances.totalCount).toBe(14);
  expect(balances.sources.filter(({ state }) => state !== 'OK')).toEqual([
    { provider: 'NOAH', state: 'STALE', code: 'UPSTREAM_UNAVAILABLE' },
  ]);
});

test.each([
  ['IBANERA', 'ASSET'],
  ['NOAH', 'CURRENT'],
])('a limit set for %s is kept, and the others are asked on', async (code, ledger) => {
  await start({ [`${code}_RATE_LIMIT_PER_MINUTE`]: '2', REQUEST_TIMEOUT_MS: '1000' });
  const answers = [];
  for (let turn = 0; turn < 3; turn += 1) {
    answers.push(await three.ask('{ balances(first: 100) { sources { provider ledger state code } } }'));
  }
  const states = answers.map(({ data }) => {
    const { sources } = (data as { balances: List }).balances;
    return sources.map(({ provider, code: failure }) => `${provider} ${failure}`);
  });
  for (const [index, sources] of states.entries()) {
    expect(sources).toContain(`${code} ${index < 2 ? null : 'UPSTREAM_BUDGET_EXHAUSTED'}`);
    expect(sources.filter((source) => source.endsWith(' null'))).toHaveLength(index < 2 ? 5 : 4);
  }
  expect(answers[2]?.errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_BUDGET_EXHAUSTED', provider: code, ledger } },
  ]);
});
