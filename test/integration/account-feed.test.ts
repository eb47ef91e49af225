// Thousands of accounts, through GraphQL over HTTP: a page costs one call however many there are, and every account
// that stays is returned exactly once while the list moves.
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { scopes } from '../../src/domain/caller.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { ask, gatewayEnvironment, type Rig } from '../faults/gateway.fixture.ts';
import { at } from '../support/execute.ts';
import fc from '../support/fast-check.ts';
import { type AccountPage, idsOf, readPage, startPlatform, walk } from './account-feed.fixture.ts';

jest.setTimeout(120_000);

let rig: Rig;
afterEach(() => rig?.close());

const idsOfRig = ({ control }: Rig) => control.accounts().map(({ account_id }) => account_id);
const idsNow = () => idsOfRig(rig);

describe('a list that does not change', () => {
  test.each([800, 5_000])(
    'of %i accounts: a page of 20 costs one call, anywhere in it',
    async (accountCount) => {
      rig = await startPlatform(accountCount);
      const pages: AccountPage[] = [];
      let after: string | null = null;
      for (let pageIndex = 0; pageIndex < 41; pageIndex++) {
        const page: AccountPage = await readPage(rig, { first: 20, after });
        expect([page.errors, page.calls, page.totalCount]).toEqual([[], 1, accountCount + 1]);
        pages.push(page);
        after = page.endCursor;
        if (!page.hasNextPage) break;
      }
      const seen = pages.flatMap(({ ids }) => ids);
      expect(seen).toEqual(idsNow().slice(0, seen.length));
      expect(seen.length).toBe(Math.min(820, accountCount + 1));
    },
  );

  test('is read completely in either direction, and a cached page serves smaller ones', async () => {
    rig = await startPlatform(430, {}, { ACCOUNT_MAX_AGE_SECONDS: '60' });
    for (const direction of ['forward', 'backward'] as const) {
      const pages = await walk(rig, direction, () => 20);
      expect(idsOf(pages, direction)).toEqual(idsNow());
      expect(pages.every(({ totalCount }) => totalCount === 431)).toBe(true);
      expect(pages.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(8);
    }
  });

  test('a page of 100 costs two concurrent calls', async () => {
    rig = await startPlatform(430);
    const pages = await walk(rig, 'forward', () => 100);
    expect(idsOf(pages, 'forward')).toEqual(idsNow());
    expect(pages.map(({ calls }) => calls)).toEqual([1, 2, 2, 2, 1]);
  });

  test('if the provider lists the master account too, it is returned and counted once', async () => {
    for (const accountOrder of ['oldest-first', 'newest-first'] as const) {
      rig = await startPlatform(230, { masterListed: true, accountOrder });
      const pages = await walk(rig, 'forward', () => 50);
      const seen = idsOf(pages, 'forward');
      expect(new Set(seen).size).toBe(231);
      expect(seen).toHaveLength(231);
      expect(seen[0]).toBe(rig.sandbox.masterAccountId);
      expect(pages.at(-1)?.totalCount).toBe(231);
      await rig.close();
    }
    rig = await startPlatform(0);
  });
});

describe('a page whose accounts need more calls than an operation may make', () => {
  const everything = 'balances { nodes { currency } } transactions { nodes { id } }';
  const askFor = (args: string, selection = everything) =>
    rig.ask(`{ accounts${args} { nodes { id ${selection} } pageInfo { endCursor } } }`);

  test('is refused once they are known, and no call is made for them', async () => {
    rig = await startPlatform(60);
    const cursor = at((await askFor('(first: 20)', '')).data, 'accounts', 'pageInfo', 'endCursor');
    for (const args of ['', `(first: 20, after: "${cursor}")`]) {
      rig.control.resetCalls();
      const { data, errors } = await askFor(args);
      expect(data).toEqual({ accounts: null });
      expect(errors).toMatchObject([
        { path: ['accounts'], extensions: { code: 'CALLS_EXCEEDED', value: 101, maximum: 100 } },
      ]);
      expect(rig.control.calls().map(({ path }) => path)).toEqual(['/v1/accounts']);
    }
  });

  test('is answered when it turns out short', async () => {
    rig = await startPlatform(18);
    const { errors } = await askFor('');
    expect(errors ?? []).toEqual([]);
    // The master account's three lists of balances are cached.
    expect(rig.control.calls()).toHaveLength(1 + 19 * 5 - 3);
  });
});

/** Changes to the list between two pages. */
interface Change {
  readonly added: number;
  /** Percentage of the accounts that are removed. */
  readonly leave: number;
  readonly salt: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  added: fc.integer({ min: 0, max: 12 }),
  leave: fc.constantFrom(0, 0, 1, 3, 10),
  salt: fc.integer({ min: 1, max: 1_000_000 }),
});

/** `staysId` is never removed: a cursor is refused if all accounts it names are gone, as another test shows. */
function apply({ added, leave, salt }: Change, moving: Rig, staysId: string | undefined): void {
  const isLeaving = (id: string, index: number) => {
    const draw = (Number.parseInt(id.slice(0, 8), 16) ^ (salt * 2_654_435_761 + index)) >>> 0;
    return draw % 100 < leave;
  };
  for (const [index, id] of idsOfRig(moving).slice(1).entries()) {
    if (id !== staysId && isLeaving(id, index)) moving.control.removeAccount(id);
  }
  for (let index = 0; index < added; index++) {
    moving.control.addAccount({ account_name: `${(salt * (index + 1)) % 9_973} added` });
  }
}

describe('a list that moves', () => {
  test.each(['oldest-first', 'newest-first', 'by-name'] as const)(
    'returns every account that stays exactly once (%s)',
    async (accountOrder) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 330 }),
          fc.constantFrom('0', '60'),
          fc.constantFrom('forward', 'backward'),
          fc.array(fc.constantFrom(3, 20, 50, 100), { minLength: 4, maxLength: 4 }),
          fc.array(change, { minLength: 6, maxLength: 6 }),
          fc.boolean(),
          async (accountCount, maxAge, direction, sizes, changes, masterListed) => {
            const moving = await startPlatform(
              0,
              { accountOrder, masterListed },
              { ACCOUNT_MAX_AGE_SECONDS: maxAge },
            );
            try {
              for (let index = 0; index < accountCount; index++) {
                moving.control.addAccount({ account_name: `${(index * 7_919) % 9_973} account` });
              }
              await expectEachOnce(moving, direction, sizes, changes);
            } finally {
              await moving.close();
            }
          },
        ),
        {
          numRuns: Number(process.env.WALKS ?? 6),
          endOnFailure: true,
          // A page cached before the accounts next to the cursor were added.
          examples: [
            [
              131,
              '60',
              'backward',
              [3, 20, 3, 20],
              [
                { added: 6, leave: 3, salt: 4 },
                { added: 9, leave: 1, salt: 9 },
                { added: 2, leave: 0, salt: 893_897 },
                { added: 3, leave: 0, salt: 19 },
                { added: 2, leave: 10, salt: 723_492 },
                { added: 1, leave: 0, salt: 8 },
              ],
              true,
            ],
            // As many are removed as added, so neither the cached position of an account nor the count shows it.
            [
              111,
              '60',
              'forward',
              [100, 3, 50, 20],
              [
                { added: 11, leave: 10, salt: 986_678 },
                { added: 11, leave: 0, salt: 1_002 },
                { added: 0, leave: 1, salt: 999_988 },
                { added: 11, leave: 0, salt: 701_529 },
                { added: 12, leave: 10, salt: 657_131 },
                { added: 1, leave: 1, salt: 9 },
              ],
              true,
            ],
          ],
        },
      );
    },
  );
});

test('paging again over cached pages continues after them, although the list has moved since they were read', async () => {
  rig = await startPlatform(800, { accountOrder: 'newest-first' }, { ACCOUNT_MAX_AGE_SECONDS: '60' });
  const staying = idsNow().slice(1).reverse();
  for (const size of [20, 37, 100, 25]) {
    const pages = await walk(
      rig,
      'forward',
      () => size,
      () => {
        for (let index = 0; index < 2; index++) rig.control.addAccount();
      },
    );
    expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
    const seen = pages.flatMap(({ ids }) => ids);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => staying.includes(id))).toEqual(staying);
    expect(Math.max(...pages.map(({ calls }) => calls))).toBeLessThanOrEqual(5);
  }
});

test('a list that changes while pages are compared is not mistaken for one with wrong pages', async () => {
  rig = await startPlatform(800, { accountOrder: 'newest-first' });
  for (const direction of ['forward', 'backward'] as const) {
    let staying = idsNow().slice(1);
    let callCount = 0;
    // Between two pages, and again when both are reread. As many are added as removed, so no count shows it.
    rig.control.beforeEachCall(({ path }) => {
      if (path !== '/v1/accounts' || ![2, 4].includes(++callCount)) return;
      rig.control.addAccount();
      const [oldest = ''] = idsNow().slice(1);
      rig.control.removeAccount(oldest);
      staying = staying.filter((id) => id !== oldest);
    });
    const startOver = () => {
      callCount = 0;
    };
    const pages = await walk(rig, direction, () => 100, startOver);
    expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
    const seen = idsOf(pages, direction);
    expect(new Set(seen).size).toBe(seen.length);
    expect(staying.filter((id) => !seen.includes(id))).toEqual([]);
    rig.control.beforeEachCall(null);
    expect((await readPage(rig, { first: 20 })).calls).toBe(1);
  }
});

test('a list that is read whole keeps its order if it changes meanwhile', async () => {
  rig = await startPlatform(60, { accountOrder: 'newest-first', pageSizeCap: 7 });
  let callCount = 0;
  rig.control.beforeEachCall(() => {
    if (++callCount === 3) rig.control.addAccount();
  });
  const page = await readPage(rig, { first: 100 });
  const [master, ...connected] = idsNow();
  expect([page.errors, page.ids]).toEqual([[], [master, ...connected.reverse()]]);
});

/** Pages through a list that changes between two pages. */
async function expectEachOnce(
  moving: Rig,
  direction: 'forward' | 'backward',
  sizes: readonly number[],
  changes: readonly Change[],
): Promise<void> {
  let staying = idsOfRig(moving);
  const pages = await walk(
    moving,
    direction,
    (pageIndex) => sizes[pageIndex % sizes.length] ?? 20,
    (pageIndex, { ids }) => {
      const next = changes[pageIndex - 1];
      if (next === undefined) return;
      // Forward, the account that the cursor names may be removed, but not the one before it.
      apply(next, moving, direction === 'forward' ? ids.at(-2) : ids[0]);
      const now = new Set(idsOfRig(moving));
      staying = staying.filter((id) => now.has(id));
    },
  );
  expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
  const seen = idsOf(pages, direction);
  expect(new Set(seen).size).toBe(seen.length);
  expect(staying.filter((id) => !seen.includes(id))).toEqual([]);
}

describe('a cursor', () => {
  /** The first page of 20 of a list in order of opening, and the connected accounts. */
  async function startWalk(accountCount = 260) {
    rig = await startPlatform(accountCount);
    const first = await readPage(rig, { first: 20 });
    return { first, all: idsNow() };
  }

  test('of a removed account continues after the ones before it', async () => {
    const { first, all } = await startWalk();
    for (const id of first.ids.slice(-2)) rig.control.removeAccount(id);
    const forward = await readPage(rig, { first: 20, after: first.endCursor });
    expect([forward.errors, forward.ids]).toEqual([[], all.slice(20, 40)]);
    const backward = await readPage(rig, { last: 5, before: first.endCursor });
    expect([backward.errors, backward.ids]).toEqual([[], all.slice(13, 18)]);
  });

  test('of an account removed together with those before it is CURSOR_INVALID', async () => {
    const { first } = await startWalk();
    for (const id of first.ids.slice(-6)) rig.control.removeAccount(id);
    const page = await readPage(rig, { first: 20, after: first.endCursor });
    expect(page.ids).toEqual([]);
    expect(page.errors).toMatchObject([
      { code: 'CURSOR_INVALID', message: expect.stringMatching(/no longer on UQPAY's list/) },
    ]);
  });

  test('finds its account wherever the list has moved it, for one call more', async () => {
    const { first, all } = await startWalk();
    rig.control.setBehaviour({ accountOrder: 'newest-first' });
    rig.control.setBehaviour({ accountOrder: 'oldest-first' });
    for (const id of first.ids.slice(1, 12)) rig.control.removeAccount(id);
    const near = await readPage(rig, { first: 20, after: first.endCursor });
    expect([near.ids, near.calls]).toEqual([all.slice(20, 40), 1]);
    const cursor = near.endCursor;
    for (let index = 0; index < 300; index++) rig.control.addAccount();
    const behind = await readPage(rig, { first: 20, after: cursor });
    expect([behind.ids, behind.calls]).toEqual([all.slice(40, 60), 1]);
  });

  test('is found after hundreds that were added before it', async () => {
    rig = await startPlatform(260, { accountOrder: 'newest-first' });
    const all = [idsNow()[0] ?? '', ...idsNow().slice(1).reverse()];
    const first = await readPage(rig, { first: 20 });
    expect(first.ids).toEqual(all.slice(0, 20));
    for (let index = 0; index < 450; index++) rig.control.addAccount();
    const next = await readPage(rig, { first: 20, after: first.endCursor });
    expect([next.errors, next.ids, next.calls]).toEqual([[], all.slice(20, 40), 2]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'of a list whose order was reversed is CURSOR_INVALID (%s first)',
    async (accountOrder) => {
      rig = await startPlatform(260, { accountOrder });
      const { endCursor } = await readPage(rig, { first: 20 });
      rig.control.setBehaviour({
        accountOrder: accountOrder === 'oldest-first' ? 'newest-first' : 'oldest-first',
      });
      const page = await readPage(rig, { first: 20, after: endCursor });
      expect(page.errors).toMatchObject([
        {
          code: 'CURSOR_INVALID',
          message: expect.stringMatching(/in another order than when the cursor was made/),
        },
      ]);
    },
  );

  test('at which a page stops is found again too', async () => {
    const { first, all } = await startWalk();
    const second = await readPage(rig, { first: 20, after: first.endCursor });
    const ask = (variables: object) => readPage(rig, variables);
    const [after, before] = [first.cursors[10], second.cursors[5]];
    expect((await ask({ first: 100, after, before })).ids).toEqual(all.slice(11, 25));
    expect((await ask({ last: 3, after, before })).ids).toEqual(all.slice(22, 25));
    expect(await ask({ first: 5, after: before, before: after })).toMatchObject({
      ids: [],
      hasNextPage: true,
    });
    rig.control.removeAccount(second.ids[5] ?? '');
    rig.control.removeAccount(first.ids[10] ?? '');
    expect((await ask({ first: 100, after, before })).ids).toEqual(all.slice(11, 25));
    expect((await ask({ last: 100, after, before })).ids).toEqual(all.slice(11, 25));
  });
});

describe('a filter by status, which UQPAY does not apply', () => {
  test('reads on until the page is full, and counts what one page of the list shows', async () => {
    rig = await startPlatform(640);
    const rare = idsNow().filter((_, index) => index % 90 === 89);
    for (const id of rare) rig.control.setAccountStatus(id, 'CLOSED');
    const pages: AccountPage[] = [];
    for (let after: string | null = null; ; ) {
      const page: AccountPage = await readPage(rig, { first: 3, after, statuses: ['CLOSED'] });
      expect([page.errors, page.totalCount]).toEqual([[], null]);
      pages.push(page);
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
    expect(pages.map(({ ids }) => ids.length)).toEqual([3, 3, 1]);
    expect(pages.flatMap(({ ids }) => ids)).toEqual(rare);
    await rig.close();
    rig = await startPlatform(60);
    rig.control.setAccountStatus(idsNow()[30] ?? '', 'CLOSED');
    expect(await readPage(rig, { first: 20, statuses: ['CLOSED'] })).toMatchObject({
      totalCount: 1,
      calls: 1,
    });
    expect(await readPage(rig, { first: 20, statuses: [] })).toMatchObject({ totalCount: 0, calls: 0 });
  });

  test('stops with a clear error when the calls are used up, and continues from there', async () => {
    rig = await startPlatform(1_500, {}, { MAX_UPSTREAM_CALLS_PER_OPERATION: '5' });
    const rare = idsNow().at(-2) ?? '';
    rig.control.setAccountStatus(rare, 'CLOSED');
    const found: string[] = [];
    let after: string | null = null;
    for (let pageIndex = 0; pageIndex < 10; pageIndex++) {
      const page: AccountPage = await readPage(rig, { first: 3, after, statuses: ['CLOSED'] });
      found.push(...page.ids);
      expect(page.calls).toBeLessThanOrEqual(5);
      if (!page.hasNextPage) break;
      expect(page.errors).toMatchObject([
        {
          code: 'CALLS_EXCEEDED',
          message: expect.stringMatching(/does not filter accounts by status.*endCursor/),
        },
      ]);
      expect(page.sources).toEqual([{ state: 'PARTIAL', code: 'CALLS_EXCEEDED' }]);
      expect(page.endCursor).not.toBe(after);
      after = page.endCursor;
    }
    expect(found).toEqual([rare]);
  });
});

describe('a list that is not as documented', () => {
  test.each([
    ['total_items counts the page', { totalItems: 'of-page' }],
    ['total_items is 0', { totalItems: 'zero' }],
    ['total_items is one too few', { totalItems: 'one-less' }],
    ['total_pages is always 1', { totalPages: 'one' }],
    ['total_pages is absent', { totalPages: 'absent' }],
    ['pages are capped at 20', { pageSizeCap: 20 }],
    [
      'pages are capped at 20, and begin as if they had the requested size',
      { pageSizeCap: 20, pageStart: 'of-asked-size' },
    ],
    ['pages are capped at 7', { pageSizeCap: 7 }],
    ['a page beyond the end is refused', { pageBeyondEnd: 'refused' }],
    ['a page beyond the end is the last one', { pageBeyondEnd: 'last-page' }],
  ] as const)('is read whole where %s', async (_says, behaviour) => {
    for (const accountCount of [0, 99, 100, 150]) {
      rig = await startPlatform(accountCount, behaviour);
      for (const direction of ['forward', 'backward'] as const) {
        const pages = await walk(rig, direction, () => 30);
        expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
        expect(idsOf(pages, direction)).toEqual(idsNow());
      }
      await rig.close();
    }
    rig = await startPlatform(0);
  });

  test('is read whole if pages begin as if each had ten rows, although each agrees with the counts', async () => {
    rig = await startPlatform(150, { pageStart: 'of-page-size-10' });
    // The second time the length of the list is known, and paging begins with its last page.
    for (const direction of ['backward', 'backward'] as const) {
      const pages = await walk(rig, direction, () => 100);
      expect(pages.flatMap(({ errors }) => errors)).toEqual([]);
      expect(idsOf(pages, direction)).toEqual(idsNow());
    }
  });

  test.each([
    ['page_number is not heeded', { pageNumber: 'ignored' }, /page number seems to be ignored/],
    ['every reply is the documented sample', { staticSamples: true }, /page number seems to be ignored/],
    ['total_items is one too many', { totalItems: 'one-more' }, /does not agree with its own counts/],
    ['page_number counts from 0', { pageNumber: 'from-zero' }, /holds no rows although total_items/],
    ['a page comes empty', { emptyPageNumber: 2 }, /holds no rows although total_items/],
    [
      'each page has a different order',
      { pageOrder: 'drawn-for-each-page' },
      /another order|changed too much/,
    ],
  ] as const)('is refused before its end where %s', async (_says, behaviour, message) => {
    rig = await startPlatform(250, behaviour);
    for (const direction of ['forward', 'backward'] as const) {
      const last = (await walk(rig, direction, () => 30)).at(-1);
      expect(last?.errors).toMatchObject([{ message: expect.stringMatching(message) }]);
      expect(direction === 'forward' ? last?.hasNextPage : last?.hasPreviousPage).not.toBe(false);
    }
  });

  test.each([
    [150, 100],
    [101, 100],
    [60, 20],
  ])(
    'of %i accounts in a different order for each page, no page of %i is mistaken for the last',
    async (accountCount, size) => {
      rig = await startPlatform(accountCount, { pageOrder: 'drawn-for-each-page' });
      for (const direction of ['forward', 'backward'] as const) {
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const pages = await walk(rig, direction, () => size);
          if (pages.at(-1)?.errors.length === 0) {
            expect(new Set(idsOf(pages, direction)).size).toBe(accountCount + 1);
          }
          for (const { ids } of pages) expect(new Set(ids).size).toBe(ids.length);
        }
      }
    },
  );

  test('a failure in the middle ends the page; the next request continues', async () => {
    rig = await startPlatform(260);
    const first = await readPage(rig, { first: 100 });
    rig.control.inject({ kind: 'status', status: 500, shape: 'A', match: { path: '/v1/accounts' } });
    const failed = await readPage(rig, { first: 100, after: first.endCursor });
    expect(failed).toMatchObject({
      ids: [],
      hasNextPage: true,
      endCursor: first.endCursor,
      totalCount: null,
    });
    rig.control.clearFaults();
    const next = await readPage(rig, { first: 100, after: first.endCursor });
    expect(next.ids).toEqual(idsNow().slice(100, 200));
  });
});

describe('single accounts of thousands', () => {
  const paths = () => rig.dataCalls().map(({ path }) => path);
  const globalIds = (ids: readonly string[]) =>
    ids.map((providerAccountId) => encodeAccountId({ provider: 'UQPAY', providerAccountId }));

  test('by any key: one call each, and no list', async () => {
    rig = await startPlatform(800);
    const ids = [500, 700].map((index) => idsNow()[index] ?? '');
    const [first = '', second = ''] = globalIds(ids);
    const key = { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: ids[0] };
    for (const query of [
      `query ($first: ID!) { it: account(id: $first) { providerAccountId } }`,
      `query ($first: ID!) { it: node(id: $first) { ... on Account { providerAccountId } } }`,
      `query ($all: [_Any!]!) { it: _entities(representations: $all) { ... on Account { providerAccountId } } }`,
    ]) {
      rig.control.resetCalls();
      const { data } = await rig.ask(query, {}, { first, all: [key] });
      expect([at(data, 'it')].flat()).toEqual([{ providerAccountId: ids[0] }]);
      expect(paths()).toEqual([`/v1/accounts/${ids[0]}`]);
    }
    await readPage(rig, { first: 1 });
    rig.control.resetCalls();
    const { data } = await rig.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      {},
      { ids: [first, second] },
    );
    expect(data).toEqual({ nodes: [{ id: first }, { id: second }] });
    expect(paths().sort()).toEqual(ids.map((id) => `/v1/accounts/${id}`).sort());
  });

  test('that a caller was granted are looked up, and no list is read', async () => {
    rig = await startPlatform(0);
    const granted = Array.from({ length: 3 }, () => rig.control.addAccount().account_id).sort();
    for (let index = 0; index < 700; index++) rig.control.addAccount();
    const [own = '', , other = ''] = granted;
    await withKeys({ own: [own, 'master', other], none: ['master'] }, async (readAs) => {
      expect(await readAs('own', { first: 2 })).toMatchObject({
        ids: [rig.sandbox.masterAccountId, own],
        totalCount: 3,
        hasNextPage: true,
      });
      expect(paths().sort()).toEqual([`/v1/accounts/${own}`, `/v1/accounts/${other}`].sort());
      rig.control.resetCalls();
      expect(await readAs('none', { first: 2 })).toMatchObject({ totalCount: 1, hasNextPage: false });
      expect(paths()).toEqual([]);
    });
  });

  test('a page of 20, each with its balances and transactions: 41 calls', async () => {
    rig = await startPlatform(800, {}, { BALANCE_MAX_AGE_SECONDS: '0' });
    const { data, errors } = await rig.ask(`{ accounts(first: 20) { nodes { providerAccountId
      balances(first: 3, filter: { ledgers: [BANKING] }) { totalCount }
      transactions(first: 10, filter: { ledgers: [BANKING] }) { totalCount } } } }`);
    expect(errors).toEqual([]);
    expect(at(data, 'accounts', 'nodes')).toHaveLength(20);
    expect(rig.dataCalls()).toHaveLength(41);
  });
});

/** Runs `work` with a gateway over the same UQPAY for callers who are granted some accounts each. */
async function withKeys(
  grants: Readonly<Record<string, readonly string[]>>,
  work: (readAs: (subject: string, variables: object) => Promise<AccountPage>) => Promise<void>,
): Promise<void> {
  const keys = Object.entries(grants).map(([subject, accounts]) => ({
    subject,
    sha256: createHash('sha256').update(`key-of-${subject}`).digest('hex'),
    scopes,
    accounts: accounts.map((account) => `UQPAY/${account}`),
  }));
  const env = { AUTH: 'keys', AUTH_KEYS: JSON.stringify(keys), ACCOUNT_MAX_AGE_SECONDS: '0' };
  const gateway = await startGateway(loadConfig({ ...gatewayEnvironment(rig.sandbox), ...env }), {
    logger: silent,
  });
  try {
    await work((subject, variables) =>
      readPage(
        {
          ...rig,
          ask: (query, _headers, asked) =>
            ask(gateway.url, query, { authorization: `Bearer key-of-${subject}` }, asked),
        },
        variables,
      ),
    );
  } finally {
    await gateway.close();
  }
}

const ignore = () => {};
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
