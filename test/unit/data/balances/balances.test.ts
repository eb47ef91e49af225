import { describe, expect, test } from '@jest/globals';
import { createBalanceReads } from '../../../../src/data/balances/balances.ts';
import { createListLengths } from '../../../../src/data/list-lengths.ts';
import { readWhole } from '../../../../src/data/shared-pages.ts';
import { Failure, type FailureCode } from '../../../../src/domain/failure.ts';
import {
  aBalance,
  anAccount,
  createFakeProvider,
  type FakeProvider,
  type FakeProviderOptions,
  master,
  sub,
} from '../../../support/fake-provider.ts';
import fc from '../../../support/fast-check.ts';
import { aReadContext } from '../../../support/read-context.ts';

const currencies = ['AUD', 'CAD', 'CHF', 'CNH', 'EUR', 'GBP', 'HKD', 'JPY', 'SGD', 'USD'];

function setUp(options: FakeProviderOptions = {}, held: readonly string[] = currencies) {
  const provider = createFakeProvider(options);
  for (const currency of held) provider.balanceRecord.push(aBalance(master, 'BANKING', currency));
  return { provider, reads: newRequest(provider) };
}

function newRequest(provider: FakeProvider, lengths = createListLengths()) {
  return createBalanceReads(new Map([[provider.code, provider]]), lengths, aReadContext());
}

const key = (currency: string, account = master, ledger: 'BANKING' | 'ISSUING' | 'PAYMENT' = 'BANKING') => ({
  account,
  ledger,
  currency,
  distinguishingId: null,
});

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `C${String(index).padStart(3, '0')}`);

async function settle(promises: readonly Promise<{ currency: string } | null>[]) {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) =>
    result.status === 'fulfilled' ? (result.value?.currency ?? null) : (result.reason as Failure).code,
  );
}

describe('calls', () => {
  test('one balance costs one call of the single route', async () => {
    const { provider, reads } = setUp();
    const balance = await reads.one(key('EUR'));
    expect(balance).toMatchObject({ currency: 'EUR', asOfMs: provider.nowMs });
    expect(provider.calls).toEqual(['one BANKING master EUR']);
  });

  test('two balances of one ledger cost one list call', async () => {
    const { provider, reads } = setUp();
    expect(await settle([reads.one(key('EUR')), reads.one(key('USD'))])).toEqual(['EUR', 'USD']);
    expect(provider.calls).toEqual(['list BANKING master page 1']);
  });

  test('the same balance twice costs one call', async () => {
    const { provider, reads } = setUp();
    await Promise.all([reads.one(key('EUR')), reads.one(key('EUR'))]);
    await reads.one(key('EUR'));
    expect(provider.calls).toHaveLength(1);
  });

  test('accounts and ledgers are read separately', async () => {
    const { provider, reads } = setUp();
    provider.connected.push(anAccount('a-1'));
    provider.balanceRecord.push(aBalance(sub('a-1'), 'BANKING', 'EUR'), aBalance(master, 'ISSUING', 'EUR'));
    const found = await Promise.all([
      reads.one(key('EUR')),
      reads.one(key('EUR', sub('a-1'))),
      reads.one(key('EUR', master, 'ISSUING')),
    ]);
    expect(found.map((row) => row?.providerBalanceId)).toEqual([
      'BANKING-m-EUR',
      'BANKING-a-1-EUR',
      'ISSUING-m-EUR',
    ]);
    expect(provider.calls).toHaveLength(3);
  });

  test('the list is read from a provider without single routes', async () => {
    const { provider, reads } = setUp({ singleRoutes: [] });
    expect(await settle([reads.one(key('EUR'))])).toEqual(['EUR']);
    expect(provider.calls).toEqual(['list BANKING master page 1']);
  });

  test('a list in flight for another request is shared, in either order', async () => {
    const { provider, reads } = setUp();
    const pages = reads.pages(master, 'BANKING');
    if (pages === null) throw new Error('The ledger exists.');
    const [whole, balance] = await Promise.all([readWhole(pages), reads.one(key('EUR'))]);
    expect(whole.pages[0]?.value.rows).toHaveLength(currencies.length);
    expect(balance?.currency).toBe('EUR');
    await Promise.all([reads.one(key('USD')), reads.one(key('CHF'))]);
    await readWhole(pages);
    expect(provider.calls).toEqual(['list BANKING master page 1']);
  });
});

describe('long lists', () => {
  test('are read only until all requested rows are found', async () => {
    const { provider, reads } = setUp({ pageSizeMax: 10 }, many(50));
    expect(await settle([reads.one(key('C001')), reads.one(key('C003'))])).toEqual(['C001', 'C003']);
    expect(provider.calls).toEqual(['list BANKING master page 1']);
  });

  test('are abandoned for single calls if fewer rows than pages remain', async () => {
    const { provider, reads } = setUp({ pageSizeMax: 10 }, many(50));
    expect(await settle([reads.one(key('C001')), reads.one(key('C049'))])).toEqual(['C001', 'C049']);
    expect(provider.calls).toEqual(['list BANKING master page 1', 'one BANKING master C049']);
  });

  test('cost at most min(k, pages) calls once their length is known', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 95 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 110 }), { minLength: 1, maxLength: 30 }),
        async (heldCount, wantedIndexes) => {
          const { provider } = setUp({ pageSizeMax: 10 }, many(heldCount));
          const lengths = createListLengths();
          const learning = newRequest(provider, lengths);
          await Promise.all([learning.one(key('C000')), learning.one(key('C001'))]);
          provider.calls.length = 0;

          const reads = newRequest(provider, lengths);
          const wanted = many(111).filter((_, index) => wantedIndexes.includes(index));
          const found = await settle(wanted.map((currency) => reads.one(key(currency))));
          expect(found).toEqual(
            wanted.map((currency) => (many(heldCount).includes(currency) ? currency : null)),
          );
          expect(provider.calls.length).toBeLessThanOrEqual(
            Math.min(wanted.length, Math.ceil(heldCount / 10)),
          );
        },
      ),
    );
  });
});

describe('a missing balance', () => {
  test('is null: absent from a complete list, refused by a single route, an unknown account, no such ledger', async () => {
    const { provider, reads } = setUp({ ledgers: ['BANKING'] });
    expect(await settle([reads.one(key('XXX')), reads.one(key('EUR'))])).toEqual([null, 'EUR']);
    expect(await settle([newRequest(provider).one(key('XXX'))])).toEqual([null]);
    expect(await settle([reads.one(key('EUR', sub('nobody')))])).toEqual([null]);
    expect(await settle([reads.one(key('EUR', master, 'PAYMENT'))])).toEqual([null]);
    expect(await settle([reads.one(key('EUR', { provider: 'NOAH', providerAccountId: null }))])).toEqual([
      null,
    ]);
  });

  test('is decided by the list if the single route is not sure', async () => {
    const { provider, reads } = setUp({ unsure: true });
    expect(await settle([reads.one(key('XXX'))])).toEqual([null]);
    expect(provider.calls).toEqual(['one BANKING master XXX', 'list BANKING master page 1']);
  });
});

describe('a list that fails', () => {
  const failing = (provider: FakeProvider, failure: Failure) => {
    provider.failWith = (call) => (call.startsWith('list') ? failure : null);
  };

  test.each<[FailureCode, object]>([
    ['UPSTREAM_SHAPE', {}],
    ['UPSTREAM_REJECTED', { upstreamStatus: 400 }],
    ['UPSTREAM_UNAVAILABLE', { upstreamStatus: 500 }],
  ])('with %s leaves what is wanted to single calls', async (code, details) => {
    const { provider, reads } = setUp();
    failing(provider, new Failure(code, 'The list is broken.', details));
    const wanted = ['EUR', 'XXX', 'USD', 'SGD'];
    expect(await settle(wanted.map((currency) => reads.one(key(currency))))).toEqual([
      'EUR',
      null,
      'USD',
      'SGD',
    ]);
    expect(provider.calls).toHaveLength(5);
  });

  test.each<FailureCode>([
    'UPSTREAM_AUTH',
    'UPSTREAM_FORBIDDEN',
    'UPSTREAM_RATE_LIMITED',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_BUDGET_EXHAUSTED',
    'CALLS_EXCEEDED',
    'CANCELLED',
  ])('with %s is not asked again another way', async (code) => {
    const { provider, reads } = setUp();
    failing(provider, new Failure(code, 'Nobody can help.'));
    expect(await settle([reads.one(key('EUR')), reads.one(key('USD'))])).toEqual([code, code]);
    expect(provider.calls).toEqual(['list BANKING master page 1']);
  });

  test('leaves a row unknown, not absent, if the single route is not sure of it', async () => {
    const { provider, reads } = setUp({ unsure: true });
    failing(provider, new Failure('UPSTREAM_SHAPE', 'The list is broken.'));
    const wanted = ['EUR', 'XXX', 'USD'];
    expect(await settle(wanted.map((currency) => reads.one(key(currency))))).toEqual([
      'EUR',
      'UPSTREAM_SHAPE',
      'USD',
    ]);
    expect(await settle([newRequest(provider).one(key('XXX'))])).toEqual(['UPSTREAM_SHAPE']);
  });

  test('on its second page keeps the rows of the first', async () => {
    const { provider, reads } = setUp({ pageSizeMax: 10 }, many(20));
    provider.failWith = (call) =>
      call.endsWith('page 2') ? new Failure('UPSTREAM_TIMEOUT', 'Too slow.') : null;
    const wanted = ['C001', 'C002', 'C018', 'C019'];
    expect(await settle(wanted.map((currency) => reads.one(key(currency))))).toEqual([
      'C001',
      'C002',
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
    ]);
  });

  test('and single calls that fail the same way: not all of them are made', async () => {
    const { provider, reads } = setUp();
    provider.failWith = () => new Failure('UPSTREAM_UNAVAILABLE', 'Down.', { upstreamStatus: 503 });
    expect(await settle(currencies.map((currency) => reads.one(key(currency))))).toEqual(
      currencies.map(() => 'UPSTREAM_UNAVAILABLE'),
    );
    expect(provider.calls).toHaveLength(3);
  });

  test('and one single call that fails too do not affect the other rows', async () => {
    const { provider, reads } = setUp();
    provider.failWith = (call) =>
      call.startsWith('list') || call.endsWith('EUR') ? new Failure('UPSTREAM_SHAPE', 'Bad row.') : null;
    const wanted = ['EUR', 'USD', 'SGD', 'JPY'];
    expect(await settle(wanted.map((currency) => reads.one(key(currency))))).toEqual([
      'UPSTREAM_SHAPE',
      'USD',
      'SGD',
      'JPY',
    ]);
  });

  test('in one ledger does not affect the other ledger', async () => {
    const { provider, reads } = setUp();
    provider.balanceRecord.push(aBalance(master, 'ISSUING', 'USD'), aBalance(master, 'ISSUING', 'SGD'));
    provider.failWith = (call) =>
      call.includes('BANKING') ? new Failure('UPSTREAM_AUTH', 'Refused.') : null;
    const found = await settle([
      reads.one(key('EUR')),
      reads.one(key('USD')),
      reads.one(key('USD', master, 'ISSUING')),
      reads.one(key('SGD', master, 'ISSUING')),
    ]);
    expect(found).toEqual(['UPSTREAM_AUTH', 'UPSTREAM_AUTH', 'USD', 'SGD']);
  });
});
