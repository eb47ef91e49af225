// Connections over lists that are read whole: order, cursors that keep their position, exact flags, both directions.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  createFakeProvider,
  type FakeProvider,
  master,
  sub,
} from '../support/fake-provider.ts';
import fc from '../support/fast-check.ts';

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

const accountPage = `query ($first: Int, $after: String, $last: Int, $before: String, $statuses: [AccountStatus!]) {
  list: accounts(first: $first, after: $after, last: $last, before: $before, filter: { statuses: $statuses }) {
    edges { cursor node { providerAccountId } } nodes { providerAccountId } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

interface Page {
  readonly ids: readonly string[];
  readonly cursors: readonly string[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string;
    endCursor: string;
  };
  readonly totalCount: number;
}

async function readPage(variables: Record<string, unknown>): Promise<Page> {
  const { data, errors } = await executor.run(accountPage, variables);
  expect(errors).toEqual([]);
  const edges = at(data, 'list', 'edges') as { cursor: string; node: { providerAccountId: string } }[];
  expect(at(data, 'list', 'nodes')).toEqual(edges.map((edge) => edge.node));
  return {
    ids: edges.map((edge) => edge.node.providerAccountId),
    cursors: edges.map((edge) => edge.cursor),
    pageInfo: at(data, 'list', 'pageInfo') as Page['pageInfo'],
    totalCount: at(data, 'list', 'totalCount') as number,
  };
}

const addAccounts = (...ids: string[]) => provider.connected.push(...ids.map((id) => anAccount(id)));

describe('order', () => {
  test('of accounts: the master account first, then the provider’s order', async () => {
    addAccounts('c', 'a', 'B');
    expect((await readPage({})).ids).toEqual(['m-0', 'c', 'a', 'B']);
  });

  test('of balances: by account, ledger, currency', async () => {
    addAccounts('a-1', 'a-2');
    for (const account of [sub('a-2'), master, sub('a-1')]) {
      provider.balanceRecord.push(
        aBalance(account, 'PAYMENT', 'EUR'),
        aBalance(account, 'BANKING', 'USD'),
        aBalance(account, 'BANKING', 'EUR'),
      );
    }
    const ids = [sub('a-2'), sub('a-1'), master, sub('a-1')].map(encodeAccountId);
    const { data } = await executor.run(
      'query ($ids: [ID!]) { balances(filter: { accountIds: $ids }) { nodes { account { providerAccountId } ledger currency } } }',
      { ids },
    );
    const rows = (at(data, 'balances', 'nodes') as unknown[]).map((node) =>
      [at(node, 'account', 'providerAccountId'), at(node, 'ledger'), at(node, 'currency')].join(' '),
    );
    expect(rows).toEqual(
      ['m-0', 'a-1', 'a-2'].flatMap((id) => [`${id} BANKING EUR`, `${id} BANKING USD`, `${id} PAYMENT EUR`]),
    );
  });

  test('a row that moved to the next upstream page while the list was read is returned once', async () => {
    const sliding = createFakeProvider({ pageSizeMax: 2 });
    sliding.connected.push(anAccount('a'), anAccount('b'), anAccount('c'));
    sliding.failWith = (call) => {
      if (call === 'accounts page 2') sliding.connected.unshift(anAccount('new'));
      return null;
    };
    const moved = await startExecutor({ providers: [sliding] });
    const { data } = await moved.run('{ accounts { nodes { providerAccountId } } }');
    expect(at(data, 'accounts', 'nodes')).toEqual(
      ['m-0', 'a', 'b', 'c'].map((providerAccountId) => ({ providerAccountId })),
    );
    await moved.stop();
  });
});

describe('pages', () => {
  test('paged in either direction, with any page sizes, return every row once, in order, with exact flags', async () => {
    const all = ['m-0', ...Array.from({ length: 22 }, (_, index) => `a-${String(index).padStart(2, '0')}`)];
    addAccounts(...all.slice(1));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30, maxLength: 30 }),
        fc.boolean(),
        async (sizes, forward) => {
          const seen: string[] = [];
          let cursor: string | null = null;
          for (const size of sizes) {
            const page: Page = await readPage(
              forward ? { first: size, after: cursor } : { last: size, before: cursor },
            );
            if (forward) seen.push(...page.ids);
            else seen.unshift(...page.ids);
            const [more, behind] = forward
              ? [page.pageInfo.hasNextPage, page.pageInfo.hasPreviousPage]
              : [page.pageInfo.hasPreviousPage, page.pageInfo.hasNextPage];
            expect(more).toBe(seen.length < all.length);
            expect(behind).toBe(cursor !== null);
            expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([
              page.cursors.at(0),
              page.cursors.at(-1),
            ]);
            if (!more) break;
            cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
          }
          expect(seen).toEqual(all);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keep their position when rows, even their own, are added and removed', async () => {
    addAccounts('b', 'd', 'f', 'h');
    const { cursors } = await readPage({ first: 3 });
    provider.connected.splice(1, 1);
    addAccounts('a', 'e');
    expect((await readPage({ first: 3, after: cursors[2] })).ids).toEqual(['f', 'h', 'a']);
    expect((await readPage({ last: 2, before: cursors[2] })).ids).toEqual(['m-0', 'b']);
  });

  test('are between two cursors if both are given', async () => {
    addAccounts('a', 'b', 'c', 'd', 'e');
    const { cursors } = await readPage({});
    const [after, before] = [cursors[1], cursors[5]];
    expect((await readPage({ first: 2, after, before })).ids).toEqual(['b', 'c']);
    expect((await readPage({ last: 2, after, before })).ids).toEqual(['c', 'd']);
    expect((await readPage({ first: 9, after, before })).ids).toEqual(['b', 'c', 'd']);
    const crossed = await readPage({ first: 9, after: before, before: after });
    expect([crossed.ids, crossed.pageInfo]).toEqual([
      [],
      { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    ]);
  });

  test('have 20 rows by default; an empty cursor opens page 1; `before` alone pages back', async () => {
    addAccounts(...Array.from({ length: 30 }, (_, index) => `a-${String(index).padStart(2, '0')}`));
    const page = await readPage({});
    expect([page.ids.length, page.totalCount]).toEqual([20, 31]);
    expect(await readPage({ after: '' })).toEqual(page);
    expect((await readPage({ before: page.cursors[2] })).ids).toEqual(['m-0', 'a-00']);
  });
});

describe('cursors', () => {
  test('of another filter are CURSOR_FILTER_CHANGED; those of the same filter in any order are accepted', async () => {
    addAccounts('a', 'b');
    const { cursors } = await readPage({ statuses: ['ACTIVE', 'CLOSED'] });
    expect((await readPage({ statuses: ['CLOSED', 'ACTIVE', 'ACTIVE'], after: cursors[0] })).ids).toEqual([
      'a',
      'b',
    ]);
    const { data, errors } = await executor.run(accountPage, { statuses: ['ACTIVE'], after: cursors[0] });
    expect(data).toEqual({ list: null });
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'CURSOR_FILTER_CHANGED' } }]);
  });

  test('of another list are CURSOR_INVALID', async () => {
    addAccounts('a', 'b');
    for (const account of [master, sub('a'), sub('b')])
      provider.balanceRecord.push(aBalance(account, 'BANKING', 'USD'));
    const query = `query ($a: ID!, $b: ID!, $cursor: String) {
      a: account(id: $a) { balances(after: $cursor) { edges { cursor } } }
      b: account(id: $b) { balances(after: $cursor) { edges { cursor } } }
      root: balances(after: $cursor) { edges { cursor } }
      accounts(after: $cursor) { edges { cursor } } transactions(after: $cursor) { edges { cursor } } }`;
    const ids = { a: encodeAccountId(sub('a')), b: encodeAccountId(sub('b')) };
    const { data } = await executor.run(query, ids);
    const cursor = at(data, 'a', 'balances', 'edges', 0, 'cursor');
    const again = await executor.run(query, { ...ids, cursor });
    expect(again.data).toEqual({
      a: { balances: { edges: [] } },
      b: { balances: null },
      root: null,
      accounts: null,
      transactions: null,
    });
    expect(again.errors.map((error) => [error.path?.join('.'), error.extensions?.code]).sort()).toEqual([
      ['accounts', 'CURSOR_INVALID'],
      ['b.balances', 'CURSOR_INVALID'],
      ['root', 'CURSOR_INVALID'],
      ['transactions', 'CURSOR_INVALID'],
    ]);
  });

  test('of root balances are bound to the requested accounts', async () => {
    addAccounts('a', 'b');
    for (const account of [sub('a'), sub('b')])
      provider.balanceRecord.push(aBalance(account, 'BANKING', 'USD'));
    const query =
      'query ($ids: [ID!], $after: String) { balances(filter: { accountIds: $ids }, after: $after) { edges { cursor } } }';
    const [a, b] = [encodeAccountId(sub('a')), encodeAccountId(sub('b'))];
    const after = at((await executor.run(query, { ids: [a] })).data, 'balances', 'edges', 0, 'cursor');
    const { errors } = await executor.run(query, { ids: [b], after });
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_FILTER_CHANGED' } }]);
  });
});

describe('filters', () => {
  test('of accounts', async () => {
    provider.connected.push(
      anAccount('open'),
      anAccount('shut', { status: 'CLOSED' }),
      anAccount('odd', { status: 'UNRECOGNIZED', statusRaw: 'ODD' }),
      anAccount('silent', { status: null, statusRaw: null }),
    );
    expect((await readPage({ statuses: ['UNRECOGNIZED', 'CLOSED'] })).ids).toEqual(['shut', 'odd']);
    expect(await readPage({ statuses: [] })).toMatchObject({ ids: [], totalCount: 0 });
  });

  test('of an account’s own lists exclude other accounts', async () => {
    addAccounts('a');
    provider.balanceRecord.push(aBalance(sub('a'), 'BANKING', 'USD'));
    const ids = { a: encodeAccountId(sub('a')), m: encodeAccountId(master) };
    const { data, errors } = await executor.run(
      `query ($a: ID!, $m: ID!) { account(id: $a) {
        own: balances(filter: { accountIds: [$a] }) { totalCount }
        other: balances(filter: { accountIds: [$m] }) { totalCount }
        none: transactions(filter: { accountIds: [$m] }) { totalCount } } }`,
      ids,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      account: { own: { totalCount: 1 }, other: { totalCount: 0 }, none: { totalCount: 0 } },
    });
  });

  test('ledgers that an account is known not to have are not read', async () => {
    provider.connected.push(anAccount('a', { ledgers: ['BANKING'] }));
    provider.balanceRecord.push(aBalance(sub('a'), 'BANKING', 'USD'));
    const { data, errors, calls } = await executor.run(
      `query ($id: ID!) { account(id: $id) {
        balances { totalCount sources { ledger } } balance(ledger: ISSUING, currency: "USD") { id }
        transactions { totalCount } } }`,
      { id: encodeAccountId(sub('a')) },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      account: {
        balances: { totalCount: 1, sources: [{ ledger: 'BANKING' }] },
        balance: null,
        transactions: { totalCount: 0 },
      },
    });
    expect(calls).toBe(3);
  });
});

test('`asOf` of a page is the time of its oldest read', async () => {
  provider.balanceRecord.push(aBalance(master, 'BANKING', 'USD'), aBalance(master, 'ISSUING', 'USD'));
  provider.failWith = (call) => {
    provider.nowMs = call.includes('BANKING') ? 1_000 : 2_500;
    return null;
  };
  const { data } = await executor.run('{ balances { asOf nodes { ledger asOf } } }');
  expect(data).toEqual({
    balances: {
      asOf: '1970-01-01T00:00:01Z',
      nodes: [
        { ledger: 'BANKING', asOf: '1970-01-01T00:00:01Z' },
        { ledger: 'ISSUING', asOf: '1970-01-01T00:00:02.500Z' },
      ],
    },
  });
});
